"""Taken time is compared with what booking says of its bookings."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select, text

from services.availability.handlers.reconciling import TIME, reconcile, reconcile_unknown
from services.availability.handlers.taking import take_time
from services.availability.store import occupancy
from shared.bus.events.effects import take_in
from shared.contracts.envelope import Event
from shared.contracts.reconciling import NOT_THERE
from tests.builders.availability.fakes import NOW, a_desk
from tests.builders.retold import ASKED, REPAIR, FakeBookings, differing
from tests.integration.availability.conftest import Work
from tests.integration.statements import statements

TO_COME, OVER = datetime(2026, 12, 7, 9, 0, tzinfo=UTC), NOW - timedelta(days=1)

BROKEN = {
    "not taken": "DELETE FROM occupancy",
    "not heard of": "DELETE FROM occupants WHERE reference = 'STANDS'",
    "of another room": "UPDATE occupancy SET resource = 'resource:room-2' WHERE resource = 'resource:room-1'",
    "newer than it is": "UPDATE occupants SET version = 7 WHERE reference = 'STANDS'",
    "of a booking that is cancelled": (
        "INSERT INTO occupancy (owner, reference, resource, clinic, starts_at, ends_at) "
        "SELECT owner, 'DROPPED', resource, clinic, starts_at, ends_at FROM occupancy WHERE reference = 'STANDS'"
    ),
}


def a_change(reference: str, version: int = 1, start: datetime = TO_COME, status: str = "booked") -> Event:
    """Return the event of a booking of half an hour with Anna in room 1."""
    end = start + timedelta(minutes=30)
    data = {"practitioner": "anna", "resources": ["room-1"], "status": status, "hold": None}
    times = {"busy_from": start.isoformat(), "busy_to": end.isoformat()}
    type = "BookingCancelled" if status == "cancelled" else "BookingCreated"
    return Event("id", type, "booking", NOW.isoformat(), "solna", reference, version, {}, "c", {**data, **times})


@pytest.fixture
def bookings(work: Work) -> FakeBookings:
    """Return booking with a booking that stands, one that is cancelled, and one that is over and was never heard of."""
    known = FakeBookings()
    for event in (a_change("STANDS"), a_change("DROPPED"), a_change("DROPPED", 2, status="cancelled")):
        known.know(event)
        take_in(work, take_time(a_desk(work, now=NOW), [event]), None, NOW)
    known.know(a_change("OVER", start=OVER))
    return known


def differs(work: Work, bookings: FakeBookings, asked: dict[str, Any] = ASKED) -> dict[str, list[str]]:
    """Return what is found to differ."""
    return differing(reconcile(a_desk(work, now=NOW), bookings, "solna", asked))


def taken(work: Work) -> set[tuple[str, str, datetime, datetime]]:
    """Return whose time is taken."""
    columns = (occupancy.c.reference, occupancy.c.resource, occupancy.c.starts_at, occupancy.c.ends_at)
    with work.reading() as store:
        return {(row[0], row[1], row[2], row[3]) for row in store.connection.execute(select(*columns))}


def test_what_events_have_told_does_not_differ(work: Work, bookings: FakeBookings) -> None:
    assert differs(work, bookings) == differs(work, bookings, REPAIR) == {}


@pytest.mark.both_databases
@pytest.mark.parametrize("broken", BROKEN)
def test_time_that_is_not_taken_as_booking_says_is_found_and_taken(
    work: Work, bookings: FakeBookings, broken: str
) -> None:
    before = taken(work)
    with work() as store:
        store.connection.execute(text(BROKEN[broken]))
    found = {"DROPPED" if "cancelled" in broken else "STANDS": [TIME]}
    assert differs(work, bookings) == found
    assert differs(work, bookings, REPAIR) == found
    assert differs(work, bookings) == {}
    assert taken(work) == before


def test_what_comes_in_between_is_not_undone(work: Work, bookings: FakeBookings) -> None:
    """The page was told before the booking moved."""
    later = TO_COME + timedelta(days=1)
    moved = a_change("STANDS", 2, start=later)
    with work() as store:
        store.connection.execute(text(BROKEN["not taken"]))
    first = bookings.states("solna")
    answers = iter([first])

    class Moving(FakeBookings):
        """Booking whose booking moves after the first page."""

        def states(self, clinic: str, **which: Any) -> dict[str, Any]:
            """Return the page, and after that what is true by then."""
            page = next(answers, None)
            if page is not None:
                return page
            bookings.know(moved)
            take_in(work, take_time(a_desk(work, now=NOW), [moved]), None, NOW)
            return bookings.states(clinic, **which)

    differs(work, Moving(), REPAIR)
    assert {start for _, _, start, _ in taken(work)} == {later}


@pytest.mark.both_databases
def test_time_of_a_booking_that_booking_does_not_have_is_found_and_freed(work: Work, bookings: FakeBookings) -> None:
    def unknown(asked: dict[str, Any]) -> dict[str, list[str]]:
        return differing(reconcile_unknown(a_desk(work, now=NOW), bookings, "solna", asked))

    assert unknown(REPAIR) == {}
    bookings.forget()
    assert unknown(ASKED) == unknown({**ASKED, "references": ["STANDS", "OTHER"]}) == {"STANDS": [NOT_THERE]}
    assert unknown(REPAIR) == {"STANDS": [NOT_THERE]}
    assert unknown(ASKED) == {}
    assert taken(work) == set()


@pytest.mark.both_databases
def test_a_page_costs_one_statement_however_many_bookings_it_holds(work: Work, bookings: FakeBookings) -> None:
    bookings.know(*(a_change(f"MORE{number}") for number in range(20)))
    with statements(work.database) as sent:
        differs(work, bookings)
    assert len(sent) == 1
