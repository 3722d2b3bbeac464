"""Staff over a real database of each kind."""

from collections.abc import Iterator

import pytest

from services.staff.store import StaffStore, metadata
from shared.bus.events.unit_of_work import UnitOfWork
from shared.storage.database import Database
from tests.builders.staff.desks import Work
from tests.integration.migrated import choose_databases, emptied, migrated_database


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Let rules meet SQLite, and PostgreSQL what is about databases."""
    choose_databases(metafunc)


@pytest.fixture(scope="module")
def database(request: pytest.FixtureRequest) -> Iterator[Database]:
    """Return the module's database."""
    with migrated_database("staff", request) as database:
        yield database


@pytest.fixture
def work(database: Database) -> Work:
    """Return units of work over an empty database."""
    return UnitOfWork(emptied(database, metadata), StaffStore)
