"""An event acts once: its row here and its effect are one transaction (DESIGN rule 3)."""

from collections.abc import Iterable
from datetime import datetime
from functools import cache

from sqlalchemy import Column, Connection, Index, MetaData, String, Table

from shared.storage.database import UtcDateTime
from shared.storage.lists import PreparedRows


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
    return {row[0] for row in _taken_in(inbox).rows(connection, rows)}


@cache
def _taken_in(inbox: Table) -> PreparedRows:
    return PreparedRows(inbox, completed=lambda insert: insert.on_conflict_do_nothing().returning(inbox.c.event_id))
