"""Availability over a real database of each kind."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from services.availability.store import AvailabilityStore
from shared.bus.unit_of_work import UnitOfWork
from tests.integration.migrated import KINDS, migrated_database

Work = UnitOfWork[AvailabilityStore]


@pytest.fixture(params=KINDS)
def work(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Work]:
    """Return units of work over an empty database."""
    with migrated_database("availability", request.param, request, tmp_path) as database:
        yield UnitOfWork(database, AvailabilityStore, lambda: None)
