"""Patient over a real database of each kind."""

from collections.abc import Iterator

import pytest

from services.patient.store import PatientStore, metadata
from shared.bus.unit_of_work import UnitOfWork
from shared.database import Database
from tests.integration.migrated import KINDS, emptied, migrated_database


@pytest.fixture(params=KINDS, scope="module")
def database(request: pytest.FixtureRequest) -> Iterator[Database]:
    """Return the module's database."""
    with migrated_database("patient", request) as database:
        yield database


@pytest.fixture
def work(database: Database) -> UnitOfWork[PatientStore]:
    """Return units of work over an empty database."""
    return UnitOfWork(emptied(database, metadata), PatientStore, lambda: None)
