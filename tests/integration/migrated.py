"""A service's own database, migrated, of either kind."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest
from sqlalchemy import MetaData

from shared.storage.database import Database
from tests.integration.unhurried import unhurried


def choose_databases(metafunc: pytest.Metafunc) -> None:
    """Name the kinds of database that a test of `database` meets: SQLite, and PostgreSQL where it is about databases.

    Rules are the same on both, as a service's store contract proves; `make test-deep` lets them meet PostgreSQL, too.
    """
    if "database" in metafunc.fixturenames:
        both = metafunc.definition.get_closest_marker("both_databases")
        kinds = ["sqlite", pytest.param("postgresql", marks=() if both else pytest.mark.deep)]
        metafunc.parametrize("database", kinds, indirect=True, scope="module")


@contextmanager
def migrated_database(service: str, request: pytest.FixtureRequest) -> Iterator[Database]:
    """Yield a migrated database of `service`, of the kind that is the request's parameter; close it afterwards."""
    migrated: Callable[[str, str], str] = request.getfixturevalue("migrated")
    database = unhurried(migrated(service, request.param))
    try:
        yield database
    finally:
        database.close()


def emptied(database: Database, metadata: MetaData) -> Database:
    """Return the database with no rows in the tables of `metadata`."""
    with database.transaction() as connection:
        for table in reversed(metadata.sorted_tables):
            connection.execute(table.delete())
    return database
