"""An event acts once: its row here and its effect are one transaction (DESIGN rule 3)."""

from collections.abc import Iterable
from datetime import datetime
from functools import cache

from sqlalchemy import Column, Connection, Index, MetaData, String, Table
from sqlalchemy.dialects.postgresql import insert as insert_postgresql
from sqlalchemy.dialects.sqlite import insert as insert_sqlite
from sqlalchemy.sql.dml import ReturningInsert

from shared.storage.database import UtcDateTime


def inbox_table(metadata: MetaData) -> Table:
    """Return the table of events that each consumer has taken in."""
    return Table(
        "inbox",
        metadata,
        Column("consumer", String(64), primary_key=True),
        Column("event_id", String(32), primary_key=True),
        Column("received_at", UtcDateTime, nullable=False),
        Index("ix_inbox_received_at", "received_at"),
    )


def first_times(
    connection: Connection, inbox: Table, consumer: str, event_ids: Iterable[str], now: datetime
) -> set[str]:
    """Note that `consumer` takes events in, and return the ids of those for which it is the first time.

    On PostgreSQL a second delivery at the same time waits here until the first has committed or rolled back; in order
    of their ids, so that two batches never wait for each other.
    """
    rows = [{"consumer": consumer, "event_id": event_id, "received_at": now} for event_id in sorted(event_ids)]
    return set(connection.scalars(_taken_in(connection.dialect.name, inbox), rows)) if rows else set()


@cache
def _taken_in(dialect: str, inbox: Table) -> ReturningInsert[tuple[str]]:
    insert = insert_sqlite if dialect == "sqlite" else insert_postgresql
    return insert(inbox).on_conflict_do_nothing().returning(inbox.c.event_id)
