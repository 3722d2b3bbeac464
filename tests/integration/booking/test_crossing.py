"""What happens when two transactions on PostgreSQL want the same thing at the same moment (PRODUCT B11, B12)."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from sqlalchemy import text

from services.booking.store import BookingStore, repeated_when_crossed
from shared.bus.events.unit_of_work import UnitOfWork
from shared.clinic.occupancy import practitioner_key
from shared.contracts.errors import HoldExpired, SlotTaken, TooLate, Unavailable
from shared.storage.database import Database
from tests.builders.booking.bookings import HOUR
from tests.builders.booking.world import CLINIC, NOW, STAFF, START, World
from tests.integration.booking.calls import Calls
from tests.integration.while_waiting import LIMIT, while_waiting


@pytest.fixture
def work(postgres: Database) -> UnitOfWork[BookingStore]:
    """Return transactions over the store on PostgreSQL, the only one of the two that has deadlocks."""
    return UnitOfWork(postgres, BookingStore)


def test_of_two_that_wait_for_each_other_both_come_through(work: UnitOfWork[BookingStore]) -> None:
    both_hold_one = Barrier(2, timeout=LIMIT)

    def lock(order: tuple[int, int]) -> int:
        tries = 0

        def attempt(store: BookingStore) -> int:
            nonlocal tries
            tries += 1
            for number in order:
                store.connection.execute(text("SELECT pg_advisory_xact_lock(:number)"), {"number": number})
                if tries == 1 and number == order[0]:
                    both_hold_one.wait()
            return tries

        return repeated_when_crossed(work, attempt)

    with ThreadPoolExecutor(2) as threads:
        tries = list(threads.map(lock, [(1, 2), (2, 1)], timeout=LIMIT))
    assert sorted(tries) == [1, 2], "one was ended by the database and tried again"


def test_a_transaction_that_always_crosses_is_given_up_after_a_few_tries(work: UnitOfWork[BookingStore]) -> None:
    tries = 0

    def attempt(store: BookingStore) -> None:
        nonlocal tries
        tries += 1
        store.connection.execute(text("DO $$ BEGIN RAISE EXCEPTION 'crossed' USING ERRCODE = '40001'; END $$"))

    with pytest.raises(Unavailable):
        repeated_when_crossed(work, attempt)
    assert tries == 4


def test_a_database_that_went_away_is_not_asked_again(work: UnitOfWork[BookingStore]) -> None:
    tries = 0

    def attempt(store: BookingStore) -> None:
        nonlocal tries
        tries += 1
        store.connection.execute(text("SELECT pg_terminate_backend(pg_backend_pid())"))

    with pytest.raises(Unavailable):
        repeated_when_crossed(work, attempt)
    assert tries == 1, "the work may have been done"


def test_a_hold_that_is_released_while_it_is_booked_stays_the_booking_s(
    postgres: Database, work: UnitOfWork[BookingStore]
) -> None:
    calls = Calls(World(postgres))
    hold = calls.hold(practitioner="anna")["hold"]
    with work() as store:
        assert store.use_hold(hold, NOW)
        released = while_waiting(postgres, store, lambda: calls.release(hold))
    released.result(LIMIT)
    assert calls.events("SlotReleased") == []
    assert len(calls.occupied()) == 1


@pytest.mark.parametrize("way", ["released", "swept"])
def test_a_booking_whose_hold_ends_at_that_moment_is_told_so_and_takes_nothing(
    postgres: Database, work: UnitOfWork[BookingStore], way: str
) -> None:
    calls = Calls(World(postgres))
    hold = calls.hold(practitioner="anna")
    with work() as store:
        late = NOW.replace(year=NOW.year + 1)
        ended = store.release_holds([hold["hold"]]) if way == "released" else store.release_expired_holds(late, 10)
        assert [each.id for each in ended] == [hold["hold"]]
        booking = while_waiting(postgres, store, lambda: calls.book(practitioner="anna", hold=hold["hold"]))
    with pytest.raises(HoldExpired):
        booking.result(LIMIT)
    assert calls.occupied() == []
    assert calls.events("BookingCreated") == []


def test_c10_who_undoes_while_the_time_is_given_away_is_told_that_it_is_too_late(
    postgres: Database, work: UnitOfWork[BookingStore]
) -> None:
    """They wait for the time, and neither for each other."""
    calls = Calls(World(postgres))
    reference = calls.book(practitioner="anna")["reference"]
    calls.cancel_as_staff(STAFF, reference)
    with work() as store:
        store.lock(CLINIC, [practitioner_key("anna")])
        assert store.occupied(CLINIC, [practitioner_key("anna")], START, START + HOUR)
        undone = while_waiting(postgres, store, lambda: calls.undo(STAFF, reference, 2))
        own = store.holds_of_undo(CLINIC, STAFF.brief(), NOW)
        assert len(store.release_holds(own)) == 1
        store.give_up_undo(own.values())
    with pytest.raises(TooLate):
        undone.result(LIMIT)
    assert calls.occupied() == []
    assert calls.get(reference, STAFF)["status"] == "cancelled"


def test_b11_of_many_who_give_the_same_time_away_at_once_one_does(postgres: Database) -> None:
    calls = Calls(World(postgres))
    reference = calls.book(practitioner="anna")["reference"]
    calls.cancel_as_staff(STAFF, reference)
    at_once = Barrier(6, timeout=LIMIT)

    def give_away() -> str:
        at_once.wait()
        try:
            return str(calls.book(STAFF, practitioner="anna")["status"])
        except SlotTaken as refused:
            return refused.code

    with ThreadPoolExecutor(6) as threads:
        became = [each.result(LIMIT) for each in [threads.submit(give_away) for _ in range(6)]]
    assert sorted(became) == ["booked", *["slot_taken"] * 5]
    assert len(calls.occupied()) == 1
