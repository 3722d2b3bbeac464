"""Booking's database, of both kinds, fresh for each test."""

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from sqlalchemy import text

from services.booking.store import metadata
from shared.storage.database import Database
from tests.builders.booking.world import World
from tests.integration.booking.calls import Calls
from tests.integration.booking.competing import PROCESSES, Booking
from tests.integration.booking.tampering import tampering
from tests.integration.unhurried import unhurried


@pytest.fixture(scope="session")
def booking_postgres_url(migrated: Callable[[str, str], str]) -> str:
    """Return the address of a PostgreSQL database with booking's tables."""
    return migrated("booking", "postgresql")


@pytest.fixture
def postgres(booking_postgres_url: str) -> Iterator[Database]:
    """Return an empty booking database on PostgreSQL."""
    database = unhurried(booking_postgres_url)
    yield database
    with database.transaction() as connection, tampering(database, connection):
        tables = ", ".join(table.name for table in metadata.sorted_tables)
        connection.execute(text(f"TRUNCATE {tables}"))  # which asks no foreign key for each of many thousand rows
    database.close()


@pytest.fixture(scope="session")
def migrated_sqlite(migrated: Callable[[str, str], str]) -> Path:
    """Return an SQLite file with booking's tables, to copy."""
    return Path(migrated("booking", "sqlite").removeprefix("sqlite:///"))


@pytest.fixture
def sqlite(migrated_sqlite: Path, tmp_path: Path) -> Iterator[Database]:
    """Return an empty booking database on SQLite."""
    path = tmp_path / "booking.sqlite3"
    shutil.copy(migrated_sqlite, path)
    database = Database(f"sqlite:///{path}")
    yield database
    database.close()


@pytest.fixture(params=["sqlite", "postgres"])
def database(request: pytest.FixtureRequest) -> Database:
    """Return an empty booking database, once of each kind."""
    found: Database = request.getfixturevalue(request.param)
    return found


@pytest.fixture
def calls(sqlite: Database) -> Calls:
    """Return a clinic's calls on SQLite, where only the rules are in question."""
    return Calls(World(sqlite))


@pytest.fixture(scope="module")
def processes(booking_postgres_url: str) -> Iterator[list[Booking]]:
    """Return two booking processes on one PostgreSQL."""
    started = [Booking(booking_postgres_url) for _ in range(PROCESSES)]
    yield started
    for process in started:
        process.stop()
