"""Logging in as staff, and what staff calls pass on (CONTRACTS 2, C3, C4)."""

import json
from datetime import timedelta

import pytest
import redis
import yaml

from gateway.access.sessions import Account, Accounts
from shared.contracts.errors import ChangedMeanwhile, NotFound, WrongLogin
from tests.unit.gateway.world import ADMIN, PASSWORD, World, a_booking, at_once, refusing

CLINIC = "/v1/staff/clinics/solna"
STAFF_CALLS = [
    ("GET", "/v1/staff/sessions"),
    ("DELETE", "/v1/staff/sessions"),
    ("GET", f"{CLINIC}/document"),
    ("PUT", f"{CLINIC}/document"),
    ("POST", f"{CLINIC}/document/check"),
    ("GET", f"{CLINIC}/links"),
    ("GET", f"{CLINIC}/bookings"),
    ("POST", f"{CLINIC}/bookings"),
    ("GET", f"{CLINIC}/bookings/R1"),
    ("GET", f"{CLINIC}/bookings/R1/history"),
    ("POST", f"{CLINIC}/bookings/R1/rebook"),
    ("POST", f"{CLINIC}/bookings/R1/cancel"),
    ("POST", f"{CLINIC}/bookings/R1/no-show"),
    ("POST", f"{CLINIC}/bookings/R1/sms-reminder"),
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


def test_the_administrator_logs_in_and_acts_for_the_installation(world: World) -> None:
    response = world.post("/v1/staff/logins", json={"email": f" {ADMIN.upper()} ", "password": PASSWORD})
    world.booking.answers["find"] = {"bookings": [a_booking()], "next": None}

    listed = world.get(f"{CLINIC}/bookings?from=2026-12-01&status=booked", token=response.json["token"])

    assert response.status_code == 201
    assert {key: response.json[key] for key in ("role", "clinics")} == {"role": "administrator", "clinics": None}
    assert listed.json == {"bookings": [a_booking()], "next": None}
    call = world.booking.calls[0]
    assert (call.name, call.args, call.fields) == ("find", ("solna",), {"from": "2026-12-01", "status": "booked"})
    assert (call.actor.kind, call.actor.id, call.actor.role, call.actor.clinic) == (
        "staff", ADMIN, "administrator", None,
    )  # fmt: skip
    assert call.actor.source == "staff 203.0.113.7"


@pytest.mark.parametrize(
    "body",
    [
        {"email": ADMIN, "password": "wrong"},
        {"email": "else@example.com", "password": PASSWORD},
        {"email": ADMIN, "password": PASSWORD + "\n"},
    ],
)
def test_a_wrong_name_and_a_wrong_password_are_told_alike(world: World, body: dict[str, str]) -> None:
    response = world.post("/v1/staff/logins", json=body)

    assert (response.status_code, response.json["code"]) == (401, "wrong_login")
    assert response.json["detail"] == "Something that was given is wrong, or no longer valid."


@pytest.mark.parametrize("body", [{}, {"email": ADMIN}, {"email": 1, "password": []}, {"email": "", "password": ""}])
def test_a_login_without_its_fields_is_invalid(world: World, body: dict[str, object]) -> None:
    response = world.post("/v1/staff/logins", json=body)

    assert (response.status_code, response.json["code"]) == (422, "invalid")
    assert "password" in response.json["errors"]


def test_without_a_configured_password_nobody_logs_in() -> None:
    accounts = Accounts(ADMIN, "", at_once)

    with pytest.raises(WrongLogin):
        accounts.verify(ADMIN, "")


def test_after_ten_failures_the_account_is_shut_to_that_address_and_no_other(world: World) -> None:
    """C4."""
    wrong = {"email": ADMIN, "password": "wrong"}
    right = {"email": ADMIN, "password": PASSWORD}

    failed = [world.post("/v1/staff/logins", json=wrong).status_code for _ in range(10)]
    shut = world.post("/v1/staff/logins", json=right)
    elsewhere = world.post("/v1/staff/logins", json=right, environ={"REMOTE_ADDR": "198.51.100.4"})

    assert failed == [401] * 10
    assert (shut.status_code, shut.json["code"]) == (429, "rate_limited")
    assert 0 < int(shut.headers["Retry-After"]) <= 15 * 60
    assert elsewhere.status_code == 201


def test_a_login_that_succeeds_forgives_the_failures_before_it(world: World) -> None:
    for _ in range(2):
        for _ in range(6):
            world.post("/v1/staff/logins", json={"email": ADMIN, "password": "wrong"})
        assert world.post("/v1/staff/logins", json={"email": ADMIN, "password": PASSWORD}).status_code == 201


def test_sessions_are_listed_and_ended_one_by_one_or_all(world: World) -> None:
    """C4."""
    first, second, third = (world.log_in() for _ in range(3))
    listed = world.get("/v1/staff/sessions", token=first).json
    others = [row["id"] for row in listed["sessions"] if not row["current"]]

    assert (listed["email"], len(listed["sessions"]), len(others)) == (ADMIN, 3, 2)
    assert world.send("DELETE", "/v1/staff/sessions", token=first).status_code == 204
    assert world.get("/v1/staff/sessions", token=first).status_code == 401
    assert world.get("/v1/staff/sessions", token=second).status_code == 200
    assert world.send("DELETE", "/v1/staff/sessions?session=all", token=third).status_code == 204
    assert world.get("/v1/staff/sessions", token=second).status_code == 401


def test_one_session_can_end_another_of_its_account(world: World) -> None:
    lost, mine = world.log_in(), world.log_in()
    rows = world.get("/v1/staff/sessions", token=mine).json["sessions"]
    other = next(row["id"] for row in rows if not row["current"])

    world.send("DELETE", f"/v1/staff/sessions?session={other}", token=mine)

    assert world.get("/v1/staff/sessions", token=lost).status_code == 401
    assert world.get("/v1/staff/sessions", token=mine).status_code == 200


def test_a_session_lasts_twelve_hours_from_its_last_use(world: World) -> None:
    token = world.log_in()
    keys = list(world.cache.scan_iter("frontdesk:session:*"))
    world.cache.expire(keys[0], 60)

    world.get("/v1/staff/sessions", token=token)

    assert world.cache.ttl(keys[0]) > 60
    assert timedelta(seconds=world.cache.ttl(keys[0])) <= timedelta(hours=12)


def test_redis_holds_neither_token_nor_password(world: World) -> None:
    token = world.log_in()

    stored = json.dumps({key: str(world.cache.type(key)) for key in world.cache.scan_iter()})
    values = [world.cache.get(key) for key in world.cache.scan_iter("frontdesk:session:*")]

    assert token not in stored
    assert not any(token in str(value) or PASSWORD in str(value) for value in values)


def test_a_session_of_one_clinic_does_not_open_another(world: World) -> None:
    """C1: several clinics on one installation, kept apart."""
    token = world.door.sessions.start(Account("eva@solna.example", "therapist", ("solna",), "anna"))
    world.booking.answers["find"] = {"bookings": [], "next": None}

    own = world.get(f"{CLINIC}/bookings", token=token)
    other = world.get("/v1/staff/clinics/lund/bookings?nonsense=1", token=token)

    assert own.status_code == 200
    assert (other.status_code, other.json["code"]) == (403, "forbidden")
    actor = world.booking.calls[0].actor
    assert (actor.role, actor.clinic, actor.practitioner) == ("therapist", "solna", "anna")


def test_without_redis_nobody_logs_in_and_no_session_opens(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    def gone(*_: object, **__: object) -> None:
        raise redis.ConnectionError("gone")

    token = world.log_in()
    monkeypatch.setattr(world.cache, "execute_command", gone)

    login = world.post("/v1/staff/logins", json={"email": ADMIN, "password": PASSWORD})
    call = world.get("/v1/staff/sessions", token=token)

    assert (login.status_code, login.json["code"]) == (503, "unavailable")
    assert (call.status_code, call.json["code"]) == (503, "unavailable")


def test_the_document_comes_as_json_or_yaml_with_its_revision_as_etag(world: World) -> None:
    """C3."""
    document = {"clinic": "solna", "country": "NO", "name": "Åsgård", "block": {"from": "08:00"}}
    world.availability.answers["document"] = {"revision": 12, "document": document}
    token = world.log_in()

    plain = world.get(f"{CLINIC}/document", token=token)
    as_yaml = world.get(f"{CLINIC}/document", token=token, headers={"Accept": "application/yaml"})
    known = world.get(f"{CLINIC}/document", token=token, headers={"If-None-Match": '"12"'})

    assert (plain.json, plain.headers["ETag"]) == (document, '"12"')
    assert (as_yaml.mimetype, yaml.safe_load(as_yaml.text)) == ("application/yaml", document)
    assert "Åsgård" in as_yaml.text
    assert (known.status_code, known.data) == (304, b"")


@pytest.mark.parametrize(
    ("if_match", "revision"), [(None, None), ('"12"', 12), ('W/"12"', -1), ('"old"', -1), ("12", 12), ("*", 7)]
)
def test_if_match_becomes_the_revision_that_must_be_in_force(
    world: World, if_match: str | None, revision: int | None
) -> None:
    world.availability.answers |= {
        "apply_document": {"revision": 13, "document": {"clinic": "solna"}},
        "document": {"revision": 7, "document": {}},
    }
    headers = {} if if_match is None else {"If-Match": if_match}

    response = world.send("PUT", f"{CLINIC}/document", json={"clinic": "solna"}, headers=headers, token=world.log_in())

    assert (response.status_code, response.headers["ETag"], response.json) == (200, '"13"', {"clinic": "solna"})
    assert world.availability.calls[-1].fields == {"document": {"clinic": "solna"}, "if_revision": revision}


def test_a_stale_document_is_refused(world: World) -> None:
    world.availability.answers["apply_document"] = refusing(ChangedMeanwhile)

    response = world.send("PUT", f"{CLINIC}/document", json={}, headers={"If-Match": '"1"'}, token=world.log_in())

    assert (response.status_code, response.json["code"]) == (409, "changed_meanwhile")


def test_if_match_any_on_a_new_clinic_is_refused(world: World) -> None:
    world.availability.answers["document"] = refusing(NotFound)

    response = world.send("PUT", f"{CLINIC}/document", json={}, headers={"If-Match": "*"}, token=world.log_in())

    assert (response.status_code, response.json["code"]) == (409, "changed_meanwhile")


@pytest.mark.parametrize("content_type", ["application/yaml", "application/x-yaml", "text/yaml; charset=utf-8"])
def test_yaml_goes_to_availability_as_it_was_written(world: World, content_type: str) -> None:
    world.availability.answers["check_document"] = {"errors": [], "changes": []}
    written = "clinic: solna\ncountry: NO\n"

    response = world.post(
        f"{CLINIC}/document/check", data=written.encode(), content_type=content_type, token=world.log_in()
    )

    assert response.json == {"errors": [], "changes": []}
    assert world.availability.calls[0].fields == {"document": written}


@pytest.mark.parametrize(
    ("data", "content_type", "status"),
    [
        (b"\xff", "application/yaml", 400),
        (b"[]", "application/json", 400),
        (b"{", "application/json", 400),
        (b"a", "text/csv", 415),
        (b"", "application/yaml", 400),
    ],
)
def test_a_document_that_cannot_be_read_is_malformed(world: World, data: bytes, content_type: str, status: int) -> None:
    response = world.send("PUT", f"{CLINIC}/document", data=data, content_type=content_type, token=world.log_in())

    assert (response.status_code, response.json["code"]) == (status, "malformed")
    assert world.availability.calls == []


@pytest.mark.parametrize(
    ("method", "path", "body", "service", "name", "args", "fields", "status"),
    [
        ("GET", "bookings/R1", None, "booking", "get", ("solna", "R1"), {}, 200),
        ("GET", "bookings/R1/history?limit=5", None, "booking", "history", ("solna", "R1"), {"limit": 5}, 200),
        ("POST", "bookings/R1/rebook", {"start": "s", "version": 3}, "booking", "rebook", (),
         {"clinic": "solna", "reference": "R1", "start": "s", "version": 3}, 200),
        ("POST", "bookings/R1/cancel", {"comment": "ill"}, "booking", "cancel", (),
         {"clinic": "solna", "reference": "R1", "comment": "ill"}, 200),
        ("POST", "bookings/R1/no-show", None, "booking", "mark_no_show", ("solna", "R1"), {}, 200),
        ("POST", "bookings/R1/sms-reminder", {"on": False}, "booking", "set_sms_reminder", ("solna", "R1"),
         {"on": False}, 200),
        ("POST", "bookings", {"type": "exam", "start": "s", "patient": {"id": "p1"}, "minutes": 20}, "booking", "book",
         ("solna",), {"type": "exam", "start": "s", "patient": {"id": "p1"}, "minutes": 20}, 201),
        ("GET", "watch-list?cursor=c", None, "booking", "watch_list", ("solna",), {"cursor": "c"}, 200),
        ("POST", "watch-list/w1/done", None, "booking", "watch_done", ("solna", "w1"), {}, 204),
        ("GET", "absences?practitioner=anna", None, "availability", "absences", ("solna",),
         {"practitioner": "anna"}, 200),
        ("POST", "absences", {"practitioner": "anna", "from": "2026-12-24", "to": "2026-12-31", "reason": "Semester"},
         "availability", "add_absence", ("solna",),
         {"practitioner": "anna", "from": "2026-12-24", "to": "2026-12-31", "reason": "Semester"}, 201),
        ("PUT", "absences/a1", {"from": "2026-12-24", "to": "2026-12-25"}, "availability", "update_absence",
         ("solna", "a1"), {"from": "2026-12-24", "to": "2026-12-25"}, 200),
        ("DELETE", "absences/a1", None, "availability", "remove_absence", ("solna", "a1"), {}, 204),
        ("GET", "patients?q=Ek", None, "patient", "find", ("solna",), {"q": "Ek"}, 200),
        ("GET", "patients/p1", None, "patient", "get", ("solna", "p1"), {}, 200),
        ("PATCH", "patients/p1", {"email": None, "sms_ok": False, "version": 3}, "patient", "update", ("solna", "p1"),
         {"email": None, "sms_ok": False, "version": 3}, 200),
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
    getattr(world, service).answers[name] = {"answered": "by the service"}

    response = world.send(method, f"{CLINIC}/{path}", token=token, **({"json": body} if body is not None else {}))

    call = getattr(world, service).calls[0]
    assert (call.name, call.args, call.fields) == (name, args, fields)
    assert response.status_code == status
    assert status == 204 or response.json == {"answered": "by the service"}
