"""Patient over a real database of each kind."""

from collections.abc import Iterator

import pytest

from services.patient.store import PatientStore, metadata
from shared.bus.events.unit_of_work import UnitOfWork
from shared.storage.database import Database
from tests.builders.patient.bookings import a_booking, take_in
from tests.builders.patient.needs import ASA
from tests.integration.migrated import choose_databases, emptied, migrated_database


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Let rules meet SQLite, and PostgreSQL what is about databases."""
    choose_databases(metafunc)


@pytest.fixture(scope="module")
def database(request: pytest.FixtureRequest) -> Iterator[Database]:
    """Return the module's database."""
    with migrated_database("patient", request) as database:
        yield database


@pytest.fixture
def work(database: Database) -> UnitOfWork[PatientStore]:
    """Return units of work over an empty database."""
    return UnitOfWork(emptied(database, metadata), PatientStore)


@pytest.fixture
def people(work: UnitOfWork[PatientStore]) -> UnitOfWork[PatientStore]:
    """Return a database with Eva (who has a number), her child and Åsa at solna, and Eva again at lund.

    Staff have written down all of them.
    """
    take_in(
        work,
        [
            a_booking(origin="staff"),
            a_booking(origin="staff", identity=None, first_name="Little", birth_date="2020-01-01"),
            a_booking(origin="staff", identity=None, first_name="Åsa", last_name="Öberg", mobile=ASA),
            a_booking("lund", origin="staff"),
        ],
    )
    return work
