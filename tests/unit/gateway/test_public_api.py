"""What patients' calls pass on, and what comes back (CONTRACTS 2)."""

import pytest

from shared.contracts.errors import (
    BookingOff,
    Gone,
    Invalid,
    NewPatientsRefused,
    Refusal,
    SlotTaken,
    Timeout,
    TooLate,
    Unavailable,
)
from tests.unit.gateway.world import World, a_booking, refusing

DETAILS = {"first_name": "Maja", "last_name": "Ek", "mobile": "0701740605"}
BODY = {"type": "exam", "start": "2026-12-01T14:00:00+01:00", "patient": DETAILS}
SLOT = {"start": "2026-12-01T15:00:00+01:00", "end": "2026-12-01T15:45:00+01:00", "practitioners": ["anna"]}


def test_only_clinics_whose_booking_is_active_are_listed(world: World) -> None:
    world.availability.answers["clinics"] = {
        "clinics": [
            {"clinic": "solna", "name": "Solna", "active": True},
            {"clinic": "lund", "name": "Lund", "active": False},
        ]
    }

    assert world.get("/v1/clinics").json == {"clinics": [{"clinic": "solna", "name": "Solna"}]}


def test_a_search_is_passed_on_under_the_same_names_without_empty_parameters(world: World) -> None:
    world.availability.answers["slots"] = {"slots": [SLOT]}

    response = world.get("/v1/clinics/solna/slots?type=exam&practitioner=&from=2026-12-01&to=2026-12-02&lang=sv")

    assert response.json == {"slots": [SLOT]}
    call = world.availability.calls[0]
    assert (call.name, call.args) == ("slots", ("solna",))
    assert call.fields == {"type": "exam", "from": "2026-12-01", "to": "2026-12-02"}


@pytest.mark.parametrize(
    ("query", "accept_language", "language"),
    [("", None, "sv"), ("", "en-GB,en;q=0.8", "en"), ("", "fr", "sv"), ("?lang=en", "sv", "en")],
)
def test_a_profile_is_asked_for_in_the_readers_language(
    world: World, query: str, accept_language: str | None, language: str
) -> None:
    world.languages = ["sv", "en"]
    world.availability.answers["profile"] = {"name": "Solna", "language": language}
    headers = {"Accept-Language": accept_language} if accept_language else {}

    response = world.get(f"/v1/clinics/solna{query}", headers=headers)

    assert world.availability.calls[0].fields == {"language": language}
    assert response.headers["Content-Language"] == language


def test_public_calls_are_made_by_the_anonymous_patient_and_tell_where_from(world: World) -> None:
    world.availability.answers["slots"] = {"slots": []}

    world.get("/v1/clinics/solna/slots")

    actor = world.availability.calls[0].actor
    assert (actor.kind, actor.id, actor.role, actor.clinic) == ("patient", None, None, None)
    assert actor.source == "web 203.0.113.7"


def test_required_fields_that_are_left_out_reach_the_service_as_null_so_that_it_names_them(world: World) -> None:
    world.booking.answers["hold"] = refusing(Invalid, errors={"type": ["Missing data for required field."]})

    response = world.post("/v1/clinics/solna/holds", json={})

    assert world.booking.calls[0].fields == {"type": None, "start": None}
    assert response.status_code == 422
    assert response.json["errors"] == {"type": ["Missing data for required field."]}


def test_a_hold_is_created_and_given_back(world: World) -> None:
    held = {"hold": "h1", "practitioner": "anna", "start": "s", "end": "e", "expires": "x"}
    world.booking.answers["hold"] = held

    created = world.post("/v1/clinics/solna/holds", json={"type": "exam", "start": BODY["start"]})
    released = world.send("DELETE", "/v1/holds/h1")

    assert (created.status_code, created.json) == (201, held)
    assert (released.status_code, released.data) == (204, b"")
    assert world.booking.calls[1].args == ("h1",)


def test_the_idempotency_key_travels_with_the_booking(world: World) -> None:
    """B13."""
    world.booking.answers["book"] = {"reference": "7K3M9QX2VT"}

    response = world.post("/v1/clinics/solna/bookings", json=BODY, headers={"Idempotency-Key": "click-1"})

    assert response.status_code == 201
    assert world.booking.calls[0].fields == {**BODY, "idempotency_key": "click-1"}


def test_a_body_cannot_slip_arguments_past_the_contract(world: World) -> None:
    for name in ("clinic", "idempotency_key", "minutes", "outside_plan", "self", "origin"):
        response = world.post("/v1/clinics/solna/bookings", json={**BODY, name: "x"})

        assert response.status_code == 422, name
        assert list(response.json["errors"]) == [name]
    assert world.booking.calls == []


def test_a_personal_link_shows_only_the_names_of_the_patient(world: World) -> None:
    may = {"rebook": {"allowed": True, "until": None, "reason": None}}
    world.booking.answers["open_link"] = {"clinic": "solna", "booking": a_booking(), "may": may}

    shown = world.get("/v1/manage/some-token").json

    assert shown["patient"] == {"first_name": "Maja", "last_name": "Ek"}
    assert (shown["clinic"], shown["may"], shown["reference"]) == ("solna", may, "7K3M9QX2VT")


def test_moving_and_cancelling_by_link_answer_the_booking_as_it_is_now(world: World) -> None:
    """M4, M5."""
    world.booking.answers |= {"rebook": a_booking(version=2), "cancel": a_booking(status="cancelled")}

    moved = world.post("/v1/manage/tok/rebook", json={"start": BODY["start"]})
    cancelled = world.post("/v1/manage/tok/cancel")

    assert (moved.status_code, moved.json["version"]) == (200, 2)
    assert (cancelled.status_code, cancelled.json["status"]) == (200, "cancelled")
    assert "mobile" not in moved.json["patient"]
    assert [call.fields for call in world.booking.calls] == [{"token": "tok", "start": BODY["start"]}, {"token": "tok"}]


@pytest.mark.parametrize(
    ("refusal", "status", "code"),
    [
        (SlotTaken, 409, "slot_taken"),
        (BookingOff, 422, "booking_off"),
        (Gone, 410, "gone"),
        (Unavailable, 503, "unavailable"),
        (Timeout, 504, "timeout"),
    ],
)
def test_refusals_come_as_problem_documents(world: World, refusal: type[Refusal], status: int, code: str) -> None:
    world.booking.answers["book"] = refusing(refusal)

    response = world.post("/v1/clinics/solna/bookings", json=BODY)

    assert (response.status_code, response.mimetype) == (status, "application/problem+json")
    assert (response.json["status"], response.json["code"]) == (status, code)
    assert response.json["title"]
    assert response.json["detail"]
    assert response.json["type"] == f"/docs#{code}"


def test_a_taken_slot_comes_with_the_nearest_free_times(world: World) -> None:
    """B11."""
    world.booking.answers["book"] = refusing(SlotTaken, alternatives=[SLOT])

    assert world.post("/v1/clinics/solna/bookings", json=BODY).json["alternatives"] == [SLOT]


@pytest.mark.parametrize("refusal", [TooLate, NewPatientsRefused])
def test_a_refusal_says_which_number_to_call(world: World, refusal: type[Refusal]) -> None:
    """M6, B7."""
    world.booking.answers["book"] = refusing(refusal, phone="+46 8 123 45 67")

    assert "+46 8 123 45 67" in world.post("/v1/clinics/solna/bookings", json=BODY).json["detail"]


def test_a_refusal_is_told_in_the_readers_language(world: World) -> None:
    world.booking.answers["book"] = refusing(SlotTaken)
    url = "/v1/clinics/solna/bookings"

    english = world.post(url, json=BODY)
    by_header = world.post(url, json=BODY, headers={"Accept-Language": "sv-SE,sv;q=0.9"})
    by_query = world.post(f"{url}?lang=sv", json=BODY)

    assert english.headers["Content-Language"] == "en"
    assert by_header.headers["Content-Language"] == "sv"
    assert by_header.json["detail"] == by_query.json["detail"]


def test_a_fault_of_a_service_is_a_500_that_tells_nothing_of_it(world: World, caplog: pytest.LogCaptureFixture) -> None:
    world.booking.answers["book"] = RuntimeError("password of the database")

    response = world.post("/v1/clinics/solna/bookings", json=BODY)

    assert (response.status_code, response.json["code"]) == (500, "internal_error")
    assert "database" not in response.text
    assert "password of the database" in caplog.text


def test_unavailable_answers_say_when_to_try_again(world: World) -> None:
    world.availability.answers["slots"] = refusing(Unavailable)

    assert int(world.get("/v1/clinics/solna/slots").headers["Retry-After"]) >= 1
