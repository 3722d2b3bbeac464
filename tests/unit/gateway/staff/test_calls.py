"""What staff calls pass on, and that all of them want a session first (CONTRACTS 2, C1)."""

from typing import Any

import pytest

from gateway.access.sessions import Account, Place
from shared.contracts.errors import Forbidden, Invalid
from tests.builders.gateway.kept import tell_of_retention
from tests.builders.gateway.world import World, refusing

CLINIC = "/v1/staff/clinics/solna"
STAFF_CALLS = [
    ("GET", "/v1/staff/sessions"),
    ("DELETE", "/v1/staff/sessions"),
    ("PUT", "/v1/staff/password"),
    ("POST", "/v1/staff/two-step"),
    ("DELETE", "/v1/staff/two-step"),
    ("POST", "/v1/staff/two-step/confirm"),
    ("POST", "/v1/staff/two-step/recovery-codes"),
    ("GET", f"{CLINIC}/access-log"),
    ("GET", f"{CLINIC}/accounts"),
    ("POST", f"{CLINIC}/accounts"),
    ("PATCH", f"{CLINIC}/accounts/1"),
    ("DELETE", f"{CLINIC}/accounts/1"),
    ("GET", f"{CLINIC}/document"),
    ("PUT", f"{CLINIC}/document"),
    ("POST", f"{CLINIC}/document/check"),
    ("POST", f"{CLINIC}/document/preview"),
    ("GET", f"{CLINIC}/document/shape"),
    ("GET", f"{CLINIC}/links"),
    ("GET", f"{CLINIC}/bookings"),
    ("POST", f"{CLINIC}/bookings"),
    ("GET", f"{CLINIC}/bookings/R1"),
    ("GET", f"{CLINIC}/bookings/R1/history"),
    ("POST", f"{CLINIC}/bookings/R1/rebook"),
    ("POST", f"{CLINIC}/bookings/R1/cancel"),
    ("POST", f"{CLINIC}/bookings/R1/undo"),
    ("POST", f"{CLINIC}/bookings/R1/arrived"),
    ("POST", f"{CLINIC}/bookings/R1/no-show"),
    ("POST", f"{CLINIC}/bookings/R1/note"),
    ("POST", f"{CLINIC}/bookings/R1/confirmation"),
    ("GET", f"{CLINIC}/bookings/R1/addressees"),
    ("POST", f"{CLINIC}/bookings/R1/sms-reminder"),
    ("GET", f"{CLINIC}/day-list.csv"),
    ("GET", f"{CLINIC}/slots"),
    ("POST", f"{CLINIC}/holds"),
    ("GET", f"{CLINIC}/absences"),
    ("POST", f"{CLINIC}/absences"),
    ("PUT", f"{CLINIC}/absences/1"),
    ("DELETE", f"{CLINIC}/absences/1"),
    ("GET", f"{CLINIC}/watch-list"),
    ("POST", f"{CLINIC}/watch-list/1/done"),
    ("GET", f"{CLINIC}/needs"),
    ("POST", f"{CLINIC}/needs"),
    ("DELETE", f"{CLINIC}/needs/1"),
    ("POST", f"{CLINIC}/recalls"),
    ("POST", f"{CLINIC}/recalls/issue"),
    ("GET", f"{CLINIC}/patients"),
    ("POST", f"{CLINIC}/patients"),
    ("GET", f"{CLINIC}/patients/1"),
    ("PATCH", f"{CLINIC}/patients/1"),
    ("GET", f"{CLINIC}/messages"),
    ("GET", f"{CLINIC}/messages/1"),
    ("POST", f"{CLINIC}/messages/1/resend"),
    ("POST", f"{CLINIC}/messages/preview"),
]


@pytest.mark.parametrize(("method", "path"), STAFF_CALLS)
@pytest.mark.parametrize("token", [None, "", "wrong", "a" * 5000])
def test_staff_calls_want_a_session_before_they_look_at_anything_else(
    world: World, method: str, path: str, token: str | None
) -> None:
    response = world.send(method, f"{path}?unknown=1", data=b"{", content_type="application/json", token=token)

    assert (response.status_code, response.json["code"]) == (401, "login_required")
    assert response.headers["WWW-Authenticate"] == "Bearer"


def test_a_session_of_one_clinic_does_not_open_another(world: World) -> None:
    """C1: several clinics on one installation, kept apart."""
    token = world.log_in_as(Account("eva@solna.example", (Place("solna", "therapist", "anna"),), "a1", 1))
    world.booking.answers["find"] = {"bookings": [], "next": None}

    own = world.get(f"{CLINIC}/bookings", token=token)
    other = world.get("/v1/staff/clinics/lund/bookings?nonsense=1", token=token)

    assert own.status_code == 200
    assert (other.status_code, other.json["code"]) == (403, "forbidden")
    actor = world.booking.calls[0].actor
    assert (actor.role, actor.clinic, actor.practitioner) == ("therapist", "solna", "anna")


@pytest.mark.parametrize(
    ("method", "path", "body", "service", "name", "args", "fields", "status"),
    [
        ("GET", "bookings/R1", None, "booking", "get", ("solna", "R1"), {}, 200),
        ("GET", "bookings/R1/history?limit=5", None, "booking", "history", ("solna", "R1"), {"limit": 5}, 200),
        ("POST", "bookings/R1/rebook", {"start": "s", "version": 3}, "booking", "rebook", (),
         {"clinic": "solna", "reference": "R1", "start": "s", "version": 3}, 200),
        ("POST", "bookings/R1/cancel", {"comment": "ill"}, "booking", "cancel", (),
         {"clinic": "solna", "reference": "R1", "comment": "ill"}, 200),
        ("POST", "bookings/R1/undo", {"version": 3}, "booking", "undo", ("solna", "R1"), {"version": 3}, 200),
        ("POST", "bookings/R1/arrived", {"on": False}, "booking", "arrived", ("solna", "R1"), {"on": False}, 200),
        ("POST", "bookings/R1/no-show", None, "booking", "mark_no_show", ("solna", "R1"), {}, 200),
        ("POST", "bookings/R1/no-show", {"on": False}, "booking", "mark_no_show", ("solna", "R1"), {"on": False}, 200),
        ("POST", "bookings/R1/note", {"text": "Late."}, "booking", "note", ("solna", "R1"), {"text": "Late."}, 200),
        ("POST", "bookings/R1/sms-reminder", {"on": False}, "booking", "set_sms_reminder", ("solna", "R1"),
         {"on": False}, 200),
        ("POST", "bookings/R1/new-link", {"send": False, "version": 3}, "booking", "new_link", ("solna", "R1"),
         {"send": False, "version": 3}, 200),
        ("POST", "bookings", {"type": "exam", "start": "s", "patient": {"id": "p1"}, "minutes": 20}, "booking", "book",
         ("solna",), {"type": "exam", "start": "s", "patient": {"id": "p1"}, "minutes": 20}, 201),
        ("GET", "watch-list?cursor=c", None, "booking", "watch_list", ("solna",), {"cursor": "c"}, 200),
        ("GET", "watch-list?done=true", None, "booking", "watch_list", ("solna",), {"done": "true"}, 200),
        ("POST", "watch-list/w1/done", None, "booking", "watch_done", ("solna", "w1"), {}, 204),
        ("POST", "watch-list/w1/done", {"on": False}, "booking", "watch_done", ("solna", "w1"), {"on": False}, 204),
        ("GET", "absences?practitioner=anna", None, "availability", "absences", ("solna",),
         {"practitioner": "anna"}, 200),
        ("POST", "absences", {"practitioner": "anna", "from": "2026-12-24", "to": "2026-12-31", "reason": "Semester"},
         "availability", "add_absence", ("solna",),
         {"practitioner": "anna", "from": "2026-12-24", "to": "2026-12-31", "reason": "Semester"}, 201),
        ("POST", "absences/check", {"practitioner": "anna", "from": "2026-12-24", "to": "2026-12-31", "cursor": "c"},
         "availability", "check_absence", ("solna",),
         {"practitioner": "anna", "from": "2026-12-24", "to": "2026-12-31", "cursor": "c"}, 200),
        ("PUT", "absences/a1", {"from": "2026-12-24", "to": "2026-12-25"}, "availability", "update_absence",
         ("solna", "a1"), {"from": "2026-12-24", "to": "2026-12-25"}, 200),
        ("GET", "absences/a1/collisions?limit=5", None, "booking", "collision_times", ("solna",),
         {"absence": "a1", "limit": 5}, 200),
        ("POST", "absences/a1/collisions", {"move": [], "invite": ["R1"], "text": "Sorry"}, "booking",
         "resolve_collisions", ("solna",), {"absence": "a1", "move": [], "invite": ["R1"], "text": "Sorry"}, 200),
        ("DELETE", "absences/a1", None, "availability", "remove_absence", ("solna", "a1"), {}, 204),
        ("GET", "patients?q=Ek", None, "patient", "find", ("solna",), {"q": "Ek"}, 200),
        ("GET", "patients/p1", None, "patient", "get", ("solna", "p1"), {}, 200),
        ("POST", "patients", {"first_name": "Eva", "last_name": "Ek", "note": "n"}, "patient", "add", ("solna",),
         {"first_name": "Eva", "last_name": "Ek", "note": "n"}, 201),
        ("GET", "slots?type=exam&from=2026-12-01&to=2026-12-02&minutes=45&moving=R1", None, "availability",
         "free_slots", ("solna",),
         {"type": "exam", "from": "2026-12-01", "to": "2026-12-02", "minutes": 45, "moving": "R1"}, 200),
        ("POST", "holds", {"type": "exam", "start": "s", "minutes": 20, "outside_plan": True, "replaces": "h"},
         "booking", "hold", ("solna",),
         {"type": "exam", "start": "s", "minutes": 20, "outside_plan": True, "replaces": "h"}, 201),
        ("PATCH", "patients/p1", {"email": None, "sms_ok": False, "version": 3}, "patient", "update", ("solna", "p1"),
         {"email": None, "sms_ok": False, "version": 3}, 200),
        ("GET", "history/verify?cursor=bookings:7K", None, "booking", "verify_history", ("solna",),
         {"cursor": "bookings:7K"}, 200),
        ("GET", "reports/online?from=2026-12-01&to=2026-12-31&by=week&language=fa", None, "booking", "report",
         ("solna",), {"from": "2026-12-01", "to": "2026-12-31", "by": "week", "language": "fa"}, 200),
        ("GET", "access-log?patient=p1", None, "patient", "access_log", ("solna",), {"patient": "p1"}, 200),
        ("GET", "access-log?actor=till&from=2026-12-01&to=2026-12-02", None, "patient", "access_log", ("solna",),
         {"actor": "till", "from": "2026-12-01", "to": "2026-12-02"}, 200),
        ("GET", "accounts?cursor=c", None, "staff", "accounts", ("solna",), {"cursor": "c"}, 200),
        ("POST", "accounts", {"email": "e", "role": "therapist", "practitioner": "anna"}, "staff", "add_account",
         ("solna",), {"email": "e", "role": "therapist", "practitioner": "anna"}, 201),
        ("PATCH", "accounts/a1", {"role": "administrator", "version": 3}, "staff", "update_account", ("solna", "a1"),
         {"role": "administrator", "version": 3}, 200),
        ("DELETE", "accounts/a1", None, "staff", "remove_account", ("solna", "a1"), {}, 204),
        ("GET", "messages?booking=R1&state=failed", None, "notification", "messages", ("solna",),
         {"booking": "R1", "state": "failed"}, 200),
        ("GET", "messages/m1", None, "notification", "message", ("solna", "m1"), {}, 200),
    ],
)  # fmt: skip
def test_each_staff_call_reaches_its_service_under_the_contracts_names(
    world: World,
    method: str,
    path: str,
    body: object,
    service: str,
    name: str,
    args: object,
    fields: object,
    status: int,
) -> None:
    token = world.log_in()
    answered = {"answered": "by the service", "messages": [], "reason": None}
    getattr(world, service).answers[name] = answered

    response = world.send(method, f"{CLINIC}/{path}", token=token, **({"json": body} if body is not None else {}))

    call = getattr(world, service).calls[0]
    assert (call.name, call.args, call.fields) == (name, args, fields)
    assert response.status_code == status
    assert status == 204 or response.json == answered


def test_an_absence_is_entered_with_the_key_of_its_call(world: World) -> None:
    world.availability.answers["add_absence"] = {"id": "a1"}
    body = {"from": "2026-12-24", "to": "2026-12-31"}
    world.send("POST", f"{CLINIC}/absences", token=world.log_in(), json=body, headers={"Idempotency-Key": "k-1"})
    assert [call.fields for call in world.availability.calls] == [{**body, "idempotency_key": "k-1"}]


def test_an_absence_whose_key_came_with_another_body_before_is_not_entered_without_the_key(world: World) -> None:
    text = "This Idempotency-Key was used with another body."
    world.availability.answers["add_absence"] = Invalid.because(text, errors={"idempotency_key": [text]})
    body = {"from": "2026-12-24", "to": "2026-12-31"}
    refused = world.send(
        "POST", f"{CLINIC}/absences", token=world.log_in(), json=body, headers={"Idempotency-Key": "k-1"}
    )
    assert (refused.status_code, refused.json["errors"]) == (422, {"idempotency_key": [text]})
    assert [call.fields for call in world.availability.calls] == [{**body, "idempotency_key": "k-1"}]


def test_availability_of_version_0_1_0_is_asked_without_a_key(world: World) -> None:
    text = "There is no such key; remove it. Known here: from, practitioner, reason, resource, to."
    refusal = Invalid.because("The absence has a problem.", errors={"idempotency_key": [text]})
    world.availability.answers["add_absence"] = refusal
    body = {"from": "2026-12-24", "to": "2026-12-31"}
    world.send("POST", f"{CLINIC}/absences", token=world.log_in(), json=body, headers={"Idempotency-Key": "k-1"})
    assert [call.fields for call in world.availability.calls] == [{**body, "idempotency_key": "k-1"}, body]


def test_c8_a_booking_s_reference_finds_its_patient(world: World) -> None:
    named = {"reference": "7K3M9QX2VT", "patient": {"id": "p1"}}
    world.booking.answers["find"] = {"bookings": [named], "next": None}
    world.patient.answers["find"] = {"patients": [], "next": None}
    world.get(f"{CLINIC}/patients?q=7k3m9-qx2vt", token=world.log_in())
    assert [call.fields for call in world.booking.calls] == [{"reference": "7K3M9QX2VT"}]
    assert [call.fields for call in world.patient.calls] == [{"q": "p1"}]


@pytest.mark.parametrize("found", [{"bookings": [], "next": None}, refusing(Forbidden)])
def test_c8_what_names_no_booking_that_one_may_see_is_looked_for_as_it_is(world: World, found: Any) -> None:
    world.booking.answers["find"] = found
    world.patient.answers["find"] = {"patients": [], "next": None}
    assert world.get(f"{CLINIC}/patients?q=margaretha", token=world.log_in()).status_code == 200
    assert [call.fields for call in world.patient.calls] == [{"q": "margaretha"}]


def test_a3_what_is_old_is_told_by_each_service_and_of_periods_that_are_asked_by_theirs_alone(world: World) -> None:
    """ADR 58."""
    tell_of_retention(world, bookings=3)
    token = world.log_in()
    told = world.get("/v1/staff/clinics/solna/retention", token=token).json["retention"]
    assert [row["kind"] for row in told] == ["messages", "bookings", "access_log", "watch_list", "needs", "patients"]
    (row,) = world.get("/v1/staff/clinics/solna/retention?bookings=365d", token=token).json["retention"]
    assert (row["kind"], row["over"], row["is_more"]) == ("bookings", 3, False)
    assert [call.fields for call in world.booking.calls if call.name == "retention"] == [
        {"count": True}, {"bookings": "365d"},
    ]  # fmt: skip
    assert len([call for call in world.patient.calls if call.name == "retention"]) == 1
