"""Transactions that PostgreSQL ends for another's sake are tried again, and nobody is told (PRODUCT B11)."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from sqlalchemy import text

from services.booking.store import BookingStore, repeated_when_crossed
from shared.bus.unit_of_work import UnitOfWork
from shared.contracts.errors import Unavailable
from shared.database import Database

LIMIT = 20.0


@pytest.fixture
def work(postgres: Database) -> UnitOfWork[BookingStore]:
    """Return transactions over the store on PostgreSQL, the only one of the two that has deadlocks."""
    return UnitOfWork(postgres, BookingStore, lambda: None)


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
