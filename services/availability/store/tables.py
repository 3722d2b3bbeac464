"""Availability's tables: the clinics' documents and pictures, and which time is occupied."""

from sqlalchemy import JSON, Column, ForeignKeyConstraint, Index, Integer, LargeBinary, String, Table

from shared.bus.events.inbox import inbox_table
from shared.bus.events.outbox import outbox_table
from shared.storage.database import Json, UtcDateTime, new_metadata
from shared.storage.packed import Packed

metadata = new_metadata()
outbox = outbox_table(metadata)
inbox = inbox_table(metadata)

clinics = Table(
    "clinics",
    metadata,
    Column("clinic", String(40), primary_key=True),
    Column("revision", Integer, nullable=False),
    Column("document", JSON, nullable=False),
    Column("updated_at", UtcDateTime, nullable=False),
)
"""`document` is plain JSON, not `jsonb`: its keys keep the order in which the contract and the clinic write them."""

occupants = Table(
    "occupants",
    metadata,
    Column("owner", String(8), primary_key=True),
    Column("reference", String(64), primary_key=True),
    Column("version", Integer, nullable=False),
    Column("kept_until", UtcDateTime, nullable=False),
    Index("ix_occupants_kept_until", "kept_until"),
)
"""Each booking and hold that was heard of, also after it ended: an older event that comes late must not revive it."""

occupancy = Table(
    "occupancy",
    metadata,
    Column("owner", String(8), primary_key=True),
    Column("reference", String(64), primary_key=True),
    Column("resource", String(64), primary_key=True),
    Column("clinic", String(40), nullable=False),
    Column("starts_at", UtcDateTime, nullable=False),
    Column("ends_at", UtcDateTime, nullable=False),
    Column("expires_at", UtcDateTime),
    ForeignKeyConstraint(["owner", "reference"], ["occupants.owner", "occupants.reference"], ondelete="CASCADE"),
    Index("ix_occupancy_range", "clinic", "resource", "starts_at"),
    Index("ix_occupancy_expires_at", "expires_at"),
)

absence_keys = Table(
    "absence_keys",
    metadata,
    Column("clinic", String(40), primary_key=True),
    Column("key", String(200), primary_key=True),
    Column("body_hash", String(64), nullable=False),
    Column("absence", String(32), nullable=False),
    Column("created_at", UtcDateTime, nullable=False),
    Index("ix_absence_keys_created_at", "created_at"),
)
"""Which absence was entered under which `Idempotency-Key`."""

pictures = Table(
    "pictures",
    metadata,
    Column("clinic", String(40), primary_key=True),
    Column("name", String(40), primary_key=True),
    Column("hash", String(16), nullable=False),
    Column("width", Integer, nullable=False),
    Column("height", Integer, nullable=False),
    Column("body", LargeBinary, nullable=False),
    Column("updated_at", UtcDateTime, nullable=False),
)
"""What clinics show of themselves (PRODUCT B21), drawn anew as WebP: never as it was sent."""

set_up_history = Table(
    "set_up_history",
    metadata,
    Column("clinic", String(40), primary_key=True),
    Column("revision", Integer, primary_key=True),
    Column("kind", String(12), nullable=False),
    Column("at", UtcDateTime, nullable=False),
    Column("actor", Json),
    Column("changes", Packed, nullable=False),
    Column("state", Packed),
)
"""What each revision of a clinic has changed, and the state from then on where it is another (ADR 42)."""

former_pictures = Table(
    "former_pictures",
    metadata,
    Column("clinic", String(40), primary_key=True),
    Column("name", String(40), primary_key=True),
    Column("hash", String(16), primary_key=True),
    Column("width", Integer, nullable=False),
    Column("height", Integer, nullable=False),
    Column("body", LargeBinary, nullable=False),
    Column("former_at", UtcDateTime),
    Index("ix_former_pictures_former_at", "former_at"),
)
"""Pictures that were replaced or removed, when at last, to be put back for a year (ADR 42)."""
