"""How refusals of services reach programs (CONTRACTS 1)."""

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
from tests.builders.gateway.bookings import BODY, SLOT
from tests.builders.gateway.world import World, refusing


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


@pytest.mark.parametrize(
    ("language", "told"),
    [("en", "Enter at most 500 characters."), ("sv", "Skriv högst 500 tecken.")],
)
def test_what_is_wrong_with_a_field_is_told_in_the_readers_language_numbers_and_all(
    world: World, language: str, told: str
) -> None:
    errors = {"answers.fear": ["Enter at most 500 characters."]}
    world.booking.answers["book"] = refusing(Invalid, errors=errors)
    response = world.post(f"/v1/clinics/solna/bookings?lang={language}", json=BODY)
    assert response.json["errors"] == {"answers.fear": [told]}


def test_a_fault_of_a_service_is_a_500_that_tells_nothing_of_it(world: World, caplog: pytest.LogCaptureFixture) -> None:
    world.booking.answers["book"] = RuntimeError("password of the database")

    response = world.post("/v1/clinics/solna/bookings", json=BODY)

    assert (response.status_code, response.json["code"]) == (500, "internal_error")
    assert "database" not in response.text
    assert "password of the database" in caplog.text


def test_unavailable_answers_say_when_to_try_again(world: World) -> None:
    world.availability.answers["slots"] = refusing(Unavailable)

    assert int(world.get("/v1/clinics/solna/slots").headers["Retry-After"]) >= 1


@pytest.mark.parametrize("refusal", [Unavailable, Timeout])
def test_who_is_told_that_it_took_too_long_is_told_what_to_do_about_what_may_be_done(
    world: World, refusal: type[Refusal]
) -> None:
    world.booking.answers |= dict.fromkeys(("book", "rebook", "cancel", "open_link"), refusing(refusal))
    booked = world.post("/v1/clinics/solna/bookings", json=BODY).json["in_doubt"]
    assert "Idempotency-Key" in booked
    assert "my/bookings" in booked
    for change, sent in (("rebook", {"start": BODY["start"]}), ("cancel", {})):
        assert "/v1/manage/{token}" in world.post(f"/v1/manage/tok/{change}", json=sent).json["in_doubt"]
    assert "in_doubt" not in world.get("/v1/manage/tok").json, "nothing was to be changed"


def test_a_considered_no_leaves_nothing_in_doubt(world: World) -> None:
    world.booking.answers["book"] = refusing(SlotTaken)
    assert "in_doubt" not in world.post("/v1/clinics/solna/bookings", json=BODY).json
