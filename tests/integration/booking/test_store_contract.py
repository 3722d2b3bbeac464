"""What booking's database must promise, on PostgreSQL and on SQLite alike (PRODUCT B11, B12, A1)."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import insert, text, update
from sqlalchemy.exc import DBAPIError

from services.booking.store import BookingStore, Overlap, repeated_when_crossed
from services.booking.store.tables import history, occupancy
from shared.bus.events.unit_of_work import UnitOfWork
from shared.storage.database import Database
from tests.builders.booking.bookings import HOUR, a_booking
from tests.builders.booking.world import CLINIC, NOW, START, World
from tests.integration.booking.calls import Calls


@pytest.fixture
def work(database: Database) -> UnitOfWork[BookingStore]:
    """Return transactions over the store."""
    return UnitOfWork(database, BookingStore)


def take(
    store: BookingStore, reference: str, start: datetime, end: datetime, resource: str = "practitioner:anna"
) -> None:
    """Write a booking that occupies `[start, end)`."""
    store.add_booking(a_booking(reference=reference))
    store.occupy(CLINIC, [resource], start, end, booking=reference)


@pytest.mark.parametrize(("after", "length"), [(0, 60), (30, 60), (-30, 60), (10, 10), (-10, 90)])
def test_overlapping_time_is_refused_by_the_database(work: UnitOfWork[BookingStore], after: int, length: int) -> None:
    start = START + timedelta(minutes=after)
    with work() as store:
        take(store, "A000000001", START, START + HOUR)
    with pytest.raises(Overlap):
        repeated_when_crossed(work, lambda store: take(store, "A000000002", start, start + timedelta(minutes=length)))
    with work.reading() as store:
        assert store.booking("A000000002") is None, "nothing of the refused transaction may stay"


def test_neighbours_touch_without_overlapping(work: UnitOfWork[BookingStore]) -> None:
    with work() as store:
        take(store, "A000000001", START, START + HOUR)
        take(store, "A000000002", START + HOUR, START + 2 * HOUR)
        take(store, "A000000003", START - HOUR, START)


def test_another_resource_and_another_clinic_are_free(work: UnitOfWork[BookingStore]) -> None:
    with work() as store:
        take(store, "A000000001", START, START + HOUR)
        take(store, "A000000002", START, START + HOUR, "practitioner:bo")
        store.occupy("other", ["practitioner:anna"], START, START + HOUR, booking="A000000002")


def test_an_update_into_an_overlap_is_refused(work: UnitOfWork[BookingStore]) -> None:
    with work() as store:
        take(store, "A000000001", START, START + HOUR)
        take(store, "A000000002", START + HOUR, START + 2 * HOUR)
    earlier = update(occupancy).where(occupancy.c.booking == "A000000002").values(starts_at=START + HOUR / 2)
    with pytest.raises(DBAPIError, match="ex_occupancy_overlap"), work() as store:
        store.connection.execute(earlier)


def test_an_update_of_itself_is_no_overlap(work: UnitOfWork[BookingStore]) -> None:
    with work() as store:
        take(store, "A000000001", START, START + HOUR)
        store.connection.execute(update(occupancy).values(ends_at=START + 2 * HOUR))


@pytest.mark.parametrize("statement", ["UPDATE history SET type = 'x'", "DELETE FROM history"])
def test_history_is_append_only(work: UnitOfWork[BookingStore], statement: str) -> None:
    with work() as store:
        store.add_booking(a_booking(reference="A000000001"))
        row = {"booking": "A000000001", "position": 1, "clinic": CLINIC, "at": NOW, "type": "BookingCreated"}
        row |= {"actor": {}, "changes": {}, "version": 1, "previous_hash": "", "hash": ""}
        store.connection.execute(insert(history).values(row))
    with pytest.raises(DBAPIError, match="history is append-only"), work() as store:
        store.connection.execute(text(statement))


def test_an_occupied_time_belongs_to_a_booking_or_a_hold(work: UnitOfWork[BookingStore]) -> None:
    with pytest.raises(DBAPIError, match="owner"), work() as store:
        store.occupy(CLINIC, ["practitioner:anna"], START, START + HOUR)


def test_an_expired_hold_in_the_way_ends_in_the_transaction_that_takes_its_time(database: Database) -> None:
    calls = Calls(World(database))
    held = calls.hold(practitioner="anna")
    calls.world.now = NOW + timedelta(minutes=11)
    calls.book(practitioner="anna")
    released = calls.events("SlotReleased")
    assert [event.subject for event in released] == [held["hold"]]
    assert calls.occupied() == [("practitioner:anna", START, START + timedelta(minutes=30))]


def test_a_sweep_gives_expired_holds_back_and_tells(database: Database) -> None:
    from services.booking.handlers.making import holding

    calls = Calls(World(database))
    expired = calls.hold(practitioner="anna")
    calls.world.now = NOW + timedelta(minutes=9)
    calls.hold(practitioner="bo")
    calls.world.now = NOW + timedelta(minutes=11)
    assert holding.sweep(calls.world.desk()) == 1
    assert holding.sweep(calls.world.desk()) == 0
    assert [event.subject for event in calls.events("SlotReleased")] == [expired["hold"]]
    assert [row[0] for row in calls.occupied()] == ["practitioner:bo"]


def test_moments_come_back_as_they_went_in(work: UnitOfWork[BookingStore]) -> None:
    exact = datetime(2026, 10, 25, 0, 30, 15, 123456, tzinfo=UTC)
    with work() as store:
        store.add_booking(a_booking(starts_at=exact))
    with work.reading() as store:
        assert store.booking(a_booking().reference) == a_booking(starts_at=exact)
