"""What the staff's calendar reads: by an index, in two statements (PRODUCT C6)."""

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import insert

from services.booking.model.bookings import BOOKED, CANCELLED, MISSED
from services.booking.store.tables import bookings, history
from shared.storage.database import Database
from tests.builders.booking.bookings import HOUR, a_booking
from tests.builders.booking.world import CLINIC, START
from tests.integration.booking.store_contract.rows import Work, an_entry, book
from tests.integration.statements import look_at_rows, plans, statements

DAY = timedelta(days=1)
INSTANT = timedelta(microseconds=1)
OTHERS = 4_000
"""Bookings of other days, an hour apart, each with two messages."""


def shown(work: Work, practitioner: str | None = None) -> list[str]:
    with work.reading() as store:
        return [each.reference for each in store.bookings_between(CLINIC, START, START + DAY, practitioner)]


def test_a_calendar_holds_what_starts_in_its_time_by_start_and_reference(work: Work) -> None:
    book(work, "B", "A")
    book(work, "C", starts_at=START + HOUR)
    book(work, "BEFORE", starts_at=START - INSTANT)
    book(work, "AFTER", starts_at=START + DAY)
    book(work, "ELSEWHERE", clinic="lund")
    assert shown(work) == ["A", "B", "C"]


def test_what_was_missed_is_shown_and_what_was_cancelled_is_not(work: Work) -> None:
    book(work, "A", status=MISSED)
    book(work, "B", status=CANCELLED)
    book(work, "C", status=BOOKED, practitioner="bo")
    assert shown(work) == ["A", "C"]
    assert shown(work, "bo") == ["C"]


def test_the_whole_booking_is_read(work: Work) -> None:
    book(work, "A", resources=("room-1",), contact_differs=("mobile",))
    with work.reading() as store:
        (found,) = store.bookings_between(CLINIC, START, START + DAY)
    assert found == a_booking(reference="A", resources=("room-1",), contact_differs=("mobile",))


def test_notes_of_messages_come_by_booking_in_the_order_of_the_history(work: Work) -> None:
    book(work, "A", "B")
    told = [("B", 1, "MessageSent"), ("A", 1, "BookingCreated"), ("A", 3, "MessageFailed"), ("A", 2, "MessageSent")]
    with work() as store:
        store.add_history(*(an_entry(at, booking, type=type, changes={"at": [None, at]}) for booking, at, type in told))
    with work.reading() as store:
        found = store.deliveries_of(["B", "A", "NONE"])
        assert store.deliveries_of([]) == []
    assert [(note.booking, note.type) for note in found] == [
        ("A", "MessageSent"), ("A", "MessageFailed"), ("B", "MessageSent"),
    ]  # fmt: skip
    assert found[0].changes == {"at": [None, 2]}


@pytest.fixture
def filled(database: Database, work: Work) -> Work:
    """Return a store of many bookings, a few of them on the day."""
    book(work, "FIRST")
    with work() as store:
        (first,) = store.connection.execute(bookings.select()).mappings()
        store.connection.execute(insert(bookings), [_row(dict(first), number) for number in range(OTHERS)])
        entries = [
            vars(an_entry(position, f"R{number:09d}", type="MessageSent"))
            for number in range(OTHERS)
            for position in (1, 2)
        ]
        store.connection.execute(insert(history), entries)
    look_at_rows(database)
    return work


def _row(first: dict[str, Any], number: int) -> dict[str, Any]:
    starts_at = START + (number - OTHERS // 2) * HOUR
    times = {"starts_at": starts_at, "busy_from": starts_at, "ends_at": starts_at + HOUR, "busy_to": starts_at + HOUR}
    return {**first, **times, "reference": f"R{number:09d}", "practitioner": f"practitioner-{number % 40}"}


@pytest.mark.parametrize(
    ("practitioner", "index"),
    [(None, "ix_bookings_clinic_starts_at"), ("practitioner-7", "ix_bookings_practitioner_starts_at")],
)
def test_a_day_is_read_by_an_index(filled: Work, practitioner: str | None, index: str) -> None:
    with statements(filled.database) as sent:
        assert shown(filled, practitioner)
    (plan,) = plans(filled.database, sent)
    assert index in plan, plan
    assert "Seq Scan" not in plan
    assert "SCAN" not in plan


def test_its_messages_are_read_by_the_key_of_the_history(filled: Work) -> None:
    day = shown(filled)
    with filled.reading() as store, statements(filled.database) as sent:
        assert len(store.deliveries_of(day)) == 2 * (len(day) - 1)
    (plan,) = plans(filled.database, sent)
    assert "pk_history" in plan or "autoindex_history" in plan, plan
    assert "Seq Scan" not in plan
