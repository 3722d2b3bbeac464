"""Transactions over booking's store, on each kind of database."""

import pytest

from services.booking.store import BookingStore
from shared.bus.events.unit_of_work import UnitOfWork
from shared.storage.database import Database


@pytest.fixture
def work(database: Database) -> UnitOfWork[BookingStore]:
    """Return transactions over the store, which is empty."""
    return UnitOfWork(database, BookingStore)
