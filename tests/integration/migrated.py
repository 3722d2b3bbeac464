"""A service's own database, migrated, of either kind."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest
from sqlalchemy import MetaData

from shared.storage.database import Database

KINDS = ("sqlite", "postgresql")


@contextmanager
def migrated_database(service: str, request: pytest.FixtureRequest) -> Iterator[Database]:
    """Yield a migrated database of `service`, of the kind that is the request's parameter; close it afterwards."""
    migrated: Callable[[str, str], str] = request.getfixturevalue("migrated")
    database = Database(migrated(service, request.param))
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
