"""The tables: what was, is or will be sent, and what is known of the bookings that it tells of."""

from sqlalchemy import Column, Index, Integer, String, Table, Text, UniqueConstraint, text

from shared.bus.inbox import inbox_table
from shared.bus.outbox import outbox_table
from shared.database import UtcDateTime, new_metadata

metadata = new_metadata()
outbox = outbox_table(metadata)
inbox = inbox_table(metadata)

messages = Table(
    "messages",
    metadata,
    Column("id", String(32), primary_key=True),
    Column("clinic", String(64), nullable=False),
    Column("time_zone", String(64), nullable=False),
    Column("event", String(32), nullable=False),
    Column("channel", String(8), nullable=False),
    Column("audience", String(16), nullable=False),
    Column("content", Text, nullable=False),
    Column("state", String(16), nullable=False),
    Column("booking", String(16), nullable=False),
    Column("booking_version", Integer, nullable=False),
    Column("left_practitioner", String(64)),
    Column("source_event", String(32), nullable=False),
    Column("correlation_id", Text, nullable=False),
    Column("recipient", String(64), nullable=False),
    Column("created_at", UtcDateTime, nullable=False),
    Column("due_at", UtcDateTime, nullable=False),
    Column("attempts", Integer, nullable=False),
    Column("lease_until", UtcDateTime),
    Column("sent_at", UtcDateTime),
    Column("failure", Text),
    UniqueConstraint("source_event", "audience", "channel", "recipient", name="uq_messages_ledger"),
    Index("ix_messages_created_at", "created_at", "id"),
    Index("ix_messages_clinic", "clinic", "created_at", "id"),
    Index("ix_messages_booking", "booking"),
    Index(
        "ix_messages_planned",
        "due_at",
        postgresql_where=text("state = 'planned'"),
        sqlite_where=text("state = 'planned'"),
    ),
)
"""What was, is or will be sent; never deleted when it is."""

bookings = Table(
    "bookings",
    metadata,
    Column("reference", String(16), primary_key=True),
    Column("version", Integer, nullable=False),
    Column("practitioner", String(64), nullable=False),
)
"""The newest version of each booking that an event has told of: what an older message says is no longer true."""
