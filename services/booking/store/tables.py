"""The tables. What only one of the two databases can say (exclusion, triggers) stands in the migrations."""

from sqlalchemy import (
    BigInteger,
    Boolean,
    CheckConstraint,
    Column,
    Date,
    ForeignKey,
    Index,
    Integer,
    String,
    Table,
    Text,
    text,
)

from shared.bus.events.inbox import inbox_table
from shared.bus.events.outbox import outbox_table
from shared.retention.runs import runs_table
from shared.storage.database import Json, UtcDateTime, new_metadata
from shared.storage.keys.resealing import BY_EVENT_KEYS, COVERED_IF

NO_OVERLAP = "ex_occupancy_overlap"
"""The name of the constraint that makes booking one time twice impossible, on both databases (PRODUCT B11)."""

ONE_BOOKING_PER_NEED = "uq_bookings_need"
"""The name of the index that lets at most one standing booking use a need (CONTRACTS 1, Patients)."""

_NOT_HASHED = text("typed_hash IS NULL")
_STANDING = text("status <> 'cancelled'")
_ENDED = text("status <> 'booked'")
_GROWN = text("history_length <> checkpointed")
_UNDOABLE = text("undo_until IS NOT NULL")
_OF_SOMEBODY = text("erased_at IS NULL")

metadata = new_metadata()

bookings = Table(
    "bookings",
    metadata,
    Column("reference", String(10), primary_key=True),
    Column("clinic", String(64), nullable=False),
    Column("status", String(16), nullable=False),
    Column("origin", String(16), nullable=False),
    Column("type", String(64), nullable=False),
    Column("practitioner", String(64), nullable=False),
    Column("starts_at", UtcDateTime, nullable=False),
    Column("ends_at", UtcDateTime, nullable=False),
    Column("busy_from", UtcDateTime, nullable=False),
    Column("busy_to", UtcDateTime, nullable=False),
    Column("minutes", Integer, nullable=False),
    Column("resources", Json, nullable=False),
    Column("hold", String(32)),
    Column("patient_id", String(32)),
    Column("need", String(32)),
    Column("person", Text, nullable=False, info=BY_EVENT_KEYS),
    Column("language", String(16), nullable=False),
    Column("sms_reminder", Boolean, nullable=False),
    Column("epoch", Integer, nullable=False),
    Column("version", Integer, nullable=False),
    Column("revision", Integer, nullable=False),
    Column("created_at", UtcDateTime, nullable=False),
    Column("history_length", Integer, nullable=False),
    Column("history_head", String(64), nullable=False),
    Column("typed_hash", String(64)),
    Column("contact_differs", String(16)),
    Column("absence", String(32)),
    Column("invited", Boolean),
    Column("arrived_at", UtcDateTime),
    Column("note", Text, info=BY_EVENT_KEYS),
    Column("not_told", Integer),
    Column("undo", Json),
    Column("undo_until", UtcDateTime),
    Column("checkpointed", Integer, nullable=False, server_default="0"),
    Column("erased_at", UtcDateTime),
    CheckConstraint("starts_at < ends_at AND busy_from <= starts_at AND ends_at <= busy_to", name="order"),
    CheckConstraint("status IN ('booked', 'cancelled', 'missed')", name="status"),
    Index("ix_bookings_clinic_starts_at", "clinic", "starts_at", "reference"),
    Index("ix_bookings_practitioner_starts_at", "clinic", "practitioner", "starts_at", "reference"),
    Index("ix_bookings_patient_starts_at", "clinic", "patient_id", "starts_at", "reference"),
    Index(
        "ix_bookings_ended", "clinic", "status", "starts_at", "reference", postgresql_where=_ENDED, sqlite_where=_ENDED
    ),
    Index("ix_bookings_grown", "clinic", "reference", postgresql_where=_GROWN, sqlite_where=_GROWN),
    Index(
        "ix_bookings_of_somebody",
        "clinic",
        "ends_at",
        "reference",
        postgresql_where=_OF_SOMEBODY,
        sqlite_where=_OF_SOMEBODY,
    ),
    Index("ix_bookings_undo", "undo_until", postgresql_where=_UNDOABLE, sqlite_where=_UNDOABLE),
    Index("ix_bookings_typed_hash", "clinic", "typed_hash"),
    Index("ix_bookings_not_hashed", "created_at", postgresql_where=_NOT_HASHED, sqlite_where=_NOT_HASHED),
    Index(ONE_BOOKING_PER_NEED, "need", unique=True, postgresql_where=_STANDING, sqlite_where=_STANDING),
)
"""The bookings. `checkpointed` is to which length a checkpoint covers the history; only who writes those sets it.

`erased_at` is when the person was taken out of it; null where it still is somebody's.
"""

needs = Table(
    "needs",
    metadata,
    Column("id", String(32), primary_key=True),
    Column("clinic", String(64), nullable=False),
    Column("patient", String(32), nullable=False),
    Column("type", String(64), nullable=False),
    Column("practitioner", String(64)),
    Column("minutes", Integer, nullable=False),
    Column("week", String(8), nullable=False),
    Column("state", String(16), nullable=False),
    Column("version", Integer, nullable=False),
    Column("person", Text, nullable=False, info=BY_EVENT_KEYS),
    CheckConstraint("state IN ('open', 'closed')", name="state"),
    Index("ix_needs_patient", "clinic", "patient", "type", "week", "id"),
    Index("ix_needs_week", "clinic", "week", "id"),
)

recalls = Table(
    "recalls",
    metadata,
    Column("id", String(32), primary_key=True),
    Column("clinic", String(64), nullable=False),
    Column("booking", String(10), ForeignKey("bookings.reference"), unique=True),
    Column("need", String(32), ForeignKey("needs.id"), unique=True),
    Column("code", Text, nullable=False, info=BY_EVENT_KEYS),
    Column("lookup", String(64), unique=True),
    Column("issued", Integer, nullable=False),
    Column("channels", Json, nullable=False),
    Column("created_at", UtcDateTime, nullable=False),
    Column("issued_at", UtcDateTime),
    CheckConstraint("(booking IS NULL) <> (need IS NULL)", name="subject"),
)

holds = Table(
    "holds",
    metadata,
    Column("id", String(32), primary_key=True),
    Column("clinic", String(64), nullable=False),
    Column("state", String(16), nullable=False),
    Column("type", String(64), nullable=False),
    Column("practitioner", String(64), nullable=False),
    Column("any_practitioner", Boolean, nullable=False),
    Column("resources", Json, nullable=False),
    Column("starts_at", UtcDateTime, nullable=False),
    Column("ends_at", UtcDateTime, nullable=False),
    Column("busy_from", UtcDateTime, nullable=False),
    Column("busy_to", UtcDateTime, nullable=False),
    Column("minutes", Integer, nullable=False),
    Column("revision", Integer, nullable=False),
    Column("expires_at", UtcDateTime, nullable=False),
    CheckConstraint("state IN ('held', 'used', 'released')", name="state"),
    Index("ix_holds_expires_at", "expires_at"),
)

occupancy = Table(
    "occupancy",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=True),
    Column("clinic", String(64), nullable=False),
    Column("resource", String(96), nullable=False),
    Column("starts_at", UtcDateTime, nullable=False),
    Column("ends_at", UtcDateTime, nullable=False),
    Column("booking", String(10), ForeignKey("bookings.reference")),
    Column("hold", String(32), ForeignKey("holds.id")),
    Column("expires_at", UtcDateTime),
    CheckConstraint("starts_at < ends_at", name="order"),
    CheckConstraint("(booking IS NULL) <> (hold IS NULL) AND (hold IS NULL) = (expires_at IS NULL)", name="owner"),
    Index("ix_occupancy_resource_ends_at", "clinic", "resource", "ends_at"),
    Index("ix_occupancy_booking", "booking"),
    Index("ix_occupancy_hold", "hold"),
)

idempotency = Table(
    "idempotency",
    metadata,
    Column("clinic", String(64), primary_key=True),
    Column("key", String(200), primary_key=True),
    Column("body_hash", String(64), nullable=False),
    Column("answer", Json),
    Column("created_at", UtcDateTime, nullable=False),
    Index("ix_idempotency_created_at", "created_at"),
)

history = Table(
    "history",
    metadata,
    Column("booking", String(10), ForeignKey("bookings.reference"), primary_key=True),
    Column("position", Integer, primary_key=True, autoincrement=False),
    Column("clinic", String(64), nullable=False),
    Column("at", UtcDateTime, nullable=False),
    Column("type", String(64), nullable=False),
    Column("actor", Json, nullable=False),
    Column("source", String(200), info=BY_EVENT_KEYS),
    Column("changes", Json, nullable=False, info=BY_EVENT_KEYS),
    Column("version", Integer, nullable=False),
    Column("previous_hash", String(64), nullable=False),
    Column("hash", String(64), nullable=False),
    Column("digests", Json),
    Column("erased", String(64)),
    info={COVERED_IF: "digests"},
)

checkpoints = Table(
    "checkpoints",
    metadata,
    Column("clinic", String(64), primary_key=True),
    Column("number", Integer, primary_key=True, autoincrement=False),
    Column("at", UtcDateTime, nullable=False),
    Column("covers", Integer, nullable=False),
    Column("previous_hash", String(64), nullable=False),
    Column("hash", String(64), nullable=False),
)

checkpoint_heads = Table(
    "checkpoint_heads",
    metadata,
    Column("booking", String(10), primary_key=True),
    Column("length", Integer, primary_key=True, autoincrement=False),
    Column("hash", String(64), nullable=False),
    Column("clinic", String(64), nullable=False),
    Column("number", Integer, nullable=False),
    Index("ix_checkpoint_heads_number", "clinic", "number"),
)
"""Where histories ended at a checkpoint. It refers to no row: it has to outlive those that somebody takes away."""

erased_patients = Table(
    "erased_patients",
    metadata,
    Column("patient", String(32), primary_key=True),
    Column("at", UtcDateTime, nullable=False),
)
"""Whose record was erased: a booking that is linked to them only afterwards is erased, too. The id tells of nobody."""

watch_list = Table(
    "watch_list",
    metadata,
    Column("id", String(32), primary_key=True),
    Column("clinic", String(64), nullable=False),
    Column("booking", String(10), ForeignKey("bookings.reference"), nullable=False, unique=True),
    Column("at", UtcDateTime, nullable=False),
    Column("done_at", UtcDateTime),
    Column("done_by", String(320)),
    Column("absence", String(32)),
    Index(
        "ix_watch_list_open",
        "clinic",
        "at",
        "id",
        postgresql_where=text("done_at IS NULL"),
        sqlite_where=text("done_at IS NULL"),
    ),
    Index(
        "ix_watch_list_done",
        "clinic",
        "done_at",
        "id",
        postgresql_where=text("done_at IS NOT NULL"),
        sqlite_where=text("done_at IS NOT NULL"),
    ),
)

imported = Table(
    "imported",
    metadata,
    Column("clinic", String(64), primary_key=True),
    Column("key", String(64), primary_key=True),
    Column("booking", String(10), ForeignKey("bookings.reference"), nullable=False),
    Column("place", String(64), nullable=False),
    Column("at", UtcDateTime, nullable=False),
)
"""Which booking a line of a former system's file has become, by a keyed hash of what it is there.

`place` is a hash of when, with whom, for what and how long it last was there: so it shows who has changed it since.
"""

report_counts = Table(
    "report_counts",
    metadata,
    Column("clinic", String(64), primary_key=True),
    Column("day", Date, primary_key=True),
    Column("type", String(64), primary_key=True),
    Column("practitioner", String(64), primary_key=True),
    Column("origin", String(16), primary_key=True),
    Column("visits", Integer, nullable=False),
    Column("bookings", Integer, nullable=False),
    Column("moves", Integer, nullable=False),
    Column("cancellations", Integer, nullable=False),
    Column("missed", Integer, nullable=False),
    Column("lead_minutes", BigInteger, nullable=False),
)
"""What the report on online booking sums up; a visit that named no practitioner has `''` (A2, ADR 50)."""

report_refusals = Table(
    "report_refusals",
    metadata,
    Column("clinic", String(64), primary_key=True),
    Column("day", Date, primary_key=True),
    Column("code", String(32), primary_key=True),
    Column("type", String(64), primary_key=True),
    Column("practitioner", String(64), primary_key=True),
    Column("weekday", Integer, primary_key=True, autoincrement=False),
    Column("hour", Integer, primary_key=True, autoincrement=False),
    Column("count", Integer, nullable=False),
)
"""Searches and attempts that ended without a booking, by what was wanted: -1 and `''` where that was not said."""

report_counted = Table(
    "report_counted",
    metadata,
    Column("booking", String(10), primary_key=True),
    Column("version", Integer, primary_key=True, autoincrement=False),
)
"""Which changes of bookings are counted. It refers to no row, and outlives them: what it counted stays counted."""

report_backfill = Table(
    "report_backfill",
    metadata,
    Column("number", Integer, primary_key=True, autoincrement=False),
    Column("after", String(10), nullable=False),
)
"""How far what was booked before there was a report is counted, while it is not all; one row, or none."""

retention_runs = runs_table(metadata)
outbox = outbox_table(metadata)
inbox = inbox_table(metadata)
