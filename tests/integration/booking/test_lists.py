"""Lists of bookings, and who reads them."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from shared.actor import PUBLIC, Actor
from shared.contracts.errors import Forbidden, Invalid, LoginRequired
from shared.incoming.paging import write_cursor
from shared.storage.database import Database
from tests.builders.booking.world import CLINIC, STAFF, START, World, a_contact
from tests.integration.booking.calls import BO, Calls, an_event

HALF_HOUR = timedelta(minutes=30)


def test_bookings_come_in_pages_by_start_without_gap_or_repeat(database: Database) -> None:
    calls = Calls(World(database))
    made = {calls.book(start=(START + (number // 2) * HALF_HOUR).isoformat())["reference"] for number in range(7)}
    seen: list[dict[str, Any]] = []
    cursor = None
    while True:
        page = calls.find(STAFF, limit=3, cursor=cursor)
        seen += page["bookings"]
        cursor = page["next"]
        if cursor is None:
            break
    assert [booking["start"] for booking in seen] == sorted(booking["start"] for booking in seen)
    assert (len(seen), {booking["reference"] for booking in seen}) == (7, made)


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ({}, 3),
        ({"from": "2026-12-01", "to": "2026-12-01"}, 2),
        ({"to": "2026-11-30"}, 0),
        ({"from": "2026-12-02"}, 1),
        ({"practitioner": "bo"}, 1),
        ({"status": "cancelled"}, 1),
        ({"status": "booked"}, 1),
        ({"status": "done"}, 1),
        ({"status": "missed"}, 0),
        ({"patient": "a" * 32}, 1),
    ],
)
def test_bookings_are_found_by_day_practitioner_status_and_patient(
    database: Database, query: dict[str, str], expected: int
) -> None:
    calls = Calls(World(database))
    done = calls.book(practitioner="anna")
    cancelled = calls.book(practitioner="bo")
    calls.cancel(cancelled["manage_token"])
    midnight = datetime(2026, 12, 1, 23, 0, tzinfo=UTC)
    calls.book(practitioner="anna", start=midnight.isoformat())
    calls.hear(an_event("patient", "PatientCreated", patient="a" * 32, booking=done["reference"], person=a_contact()))
    calls.world.now = START + HALF_HOUR
    assert len(calls.find(STAFF, **query)["bookings"]) == expected


def test_therapists_find_their_own_bookings_only(calls: Calls) -> None:
    """C1."""
    calls.book(practitioner="anna")
    calls.book(practitioner="bo")
    assert [booking["practitioner"] for booking in calls.find(BO)["bookings"]] == ["bo"]
    with pytest.raises(Forbidden):
        calls.find(BO, practitioner="anna")


def test_lists_are_read_and_ticked_off_by_the_clinic_s_staff_alone(calls: Calls) -> None:
    """C1."""
    calls.cancel(calls.book()["manage_token"])
    (watched,) = calls.watch_list(STAFF)["watch_list"]
    stretch = {"practitioner": "anna", "from": START.isoformat(), "to": (START + HALF_HOUR).isoformat()}
    of_another = Actor(kind="staff", id="x", role="administrator", clinic="other")
    for actor, refusal in ((PUBLIC, LoginRequired), (of_another, Forbidden)):
        booking = calls.by(actor)
        for read in (
            lambda booking=booking: booking.watch_done(CLINIC, watched["id"]),
            lambda booking=booking: booking.collisions(CLINIC, **stretch),
            lambda booking=booking: booking.verify_history(CLINIC),
            lambda booking=booking: booking.find(CLINIC),
            lambda booking=booking: booking.watch_list(CLINIC),
        ):
            with pytest.raises(refusal):
                read()
    assert calls.watch_list(STAFF)["watch_list"] == [watched]


@pytest.mark.parametrize(
    "query",
    [
        {"limit": 0}, {"limit": 201}, {"cursor": "!"}, {"cursor": "WzEsMl0"}, {"status": "x"}, {"from": "soon"},
        {"from": "2026-12-02", "to": "2026-12-01"}, {"practitioner": "a\0"}, {"other": 1}, {"from": "9999-12-31"},
        {"cursor": "WyIyMDI2LTAxLTAxIiwgIlwwIl0"}, {"patient": ["x"]},
        {"cursor": write_cursor(datetime.fromisoformat("0001-01-01T00:00:00+14:00"), "A")},
        {"cursor": write_cursor(datetime.fromisoformat("9999-12-31T23:59:59-14:00"), "A")},
    ],
)  # fmt: skip
def test_a_query_that_makes_no_sense_is_invalid(calls: Calls, query: dict[str, Any]) -> None:
    with pytest.raises(Invalid):
        calls.find(STAFF, **query)
