"""An event acts once: its row here and its effect are one transaction (DESIGN rule 3)."""

from datetime import datetime

from sqlalchemy import Column, Connection, Index, MetaData, String, Table

from shared.storage.database import UtcDateTime, insert_into


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


def first_time(connection: Connection, inbox: Table, consumer: str, event_id: str, now: datetime) -> bool:
    """Note that `consumer` takes `event_id` in, and tell whether it is the first time.

    On PostgreSQL a second delivery at the same time waits here until the first has committed or rolled back.
    """
    row = insert_into(connection, inbox).values(consumer=consumer, event_id=event_id, received_at=now)
    return connection.execute(row.on_conflict_do_nothing()).rowcount == 1
