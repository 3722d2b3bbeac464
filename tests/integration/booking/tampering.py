"""Somebody who owns booking's database and changes what only grows."""

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import Connection, text

from shared.storage.database import Database

APPEND_ONLY = {"history": "history_is", "checkpoints": "checkpoints_are", "checkpoint_heads": "checkpoint_heads_are"}
"""The tables that are, and what their triggers' names begin with."""


@contextmanager
def tampering(database: Database, connection: Connection) -> Iterator[None]:
    """Take the triggers away that keep rows as they were written; on SQLite for good."""
    for table, of_it in APPEND_ONLY.items():
        if database.is_sqlite:
            for event in ("update", "delete"):
                connection.execute(text(f"DROP TRIGGER IF EXISTS {of_it}_append_only_{event}"))
        else:
            connection.execute(text(f"ALTER TABLE {table} DISABLE TRIGGER USER"))
    yield
    for table in () if database.is_sqlite else APPEND_ONLY:
        connection.execute(text(f"ALTER TABLE {table} ENABLE TRIGGER USER"))


def tamper(database: Database, *statements: str) -> None:
    """Do what nothing in Frontdesk does."""
    with database.transaction() as connection, tampering(database, connection):
        for statement in statements:
            connection.execute(text(statement))
