"""Bookings, the time that they occupy, holds, history, watch list."""

import sqlalchemy as sa
from alembic import op

from shared.storage.database import Json, UtcDateTime

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

_NO_OVERLAP_POSTGRESQL = """
ALTER TABLE occupancy ADD CONSTRAINT ex_occupancy_overlap
EXCLUDE USING gist (clinic WITH =, resource WITH =, tstzrange(starts_at, ends_at, '[)') WITH &&)
"""

_NO_OVERLAP_SQLITE = """
CREATE TRIGGER ex_occupancy_overlap_{when} BEFORE {event} ON occupancy
WHEN EXISTS (
    SELECT 1 FROM occupancy AS other
    WHERE other.clinic = NEW.clinic AND other.resource = NEW.resource
    AND other.starts_at < NEW.ends_at AND other.ends_at > NEW.starts_at {but_itself}
)
BEGIN SELECT RAISE(ABORT, 'ex_occupancy_overlap'); END
"""

_APPEND_ONLY_FUNCTION = """
CREATE FUNCTION history_is_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN RAISE EXCEPTION 'history is append-only'; END
$$
"""

_APPEND_ONLY_POSTGRESQL = """
CREATE TRIGGER history_is_append_only_{when} BEFORE {event} ON history
FOR EACH {each} EXECUTE FUNCTION history_is_append_only()
"""

_APPEND_ONLY_SQLITE = """
CREATE TRIGGER history_is_append_only_{when} BEFORE {event} ON history
BEGIN SELECT RAISE(ABORT, 'history is append-only'); END
"""


def upgrade() -> None:
    """Make the tables, then what makes double booking and rewriting history impossible."""
    _create_bookings()
    _create_holds()
    _create_occupancy()
    _create_ledgers()
    _create_bus()
    if op.get_bind().dialect.name == "postgresql":
        _protect_postgresql()
    else:
        _protect_sqlite()


def _protect_postgresql() -> None:
    op.execute("CREATE EXTENSION IF NOT EXISTS btree_gist")
    op.execute(_NO_OVERLAP_POSTGRESQL)
    op.execute(_APPEND_ONLY_FUNCTION)
    op.execute(_APPEND_ONLY_POSTGRESQL.format(when="row", event="UPDATE OR DELETE", each="ROW"))
    op.execute(_APPEND_ONLY_POSTGRESQL.format(when="truncate", event="TRUNCATE", each="STATEMENT"))


def _protect_sqlite() -> None:
    op.execute(_NO_OVERLAP_SQLITE.format(when="insert", event="INSERT", but_itself=""))
    moving = "UPDATE OF clinic, resource, starts_at, ends_at"
    op.execute(_NO_OVERLAP_SQLITE.format(when="update", event=moving, but_itself="AND other.id <> OLD.id"))
    op.execute(_APPEND_ONLY_SQLITE.format(when="update", event="UPDATE"))
    op.execute(_APPEND_ONLY_SQLITE.format(when="delete", event="DELETE"))


def _create_bookings() -> None:
    op.create_table(
        "bookings",
        sa.Column("reference", sa.String(10), nullable=False),
        sa.Column("clinic", sa.String(64), nullable=False),
        sa.Column("status", sa.String(16), nullable=False),
        sa.Column("origin", sa.String(16), nullable=False),
        sa.Column("type", sa.String(64), nullable=False),
        sa.Column("practitioner", sa.String(64), nullable=False),
        sa.Column("starts_at", UtcDateTime, nullable=False),
        sa.Column("ends_at", UtcDateTime, nullable=False),
        sa.Column("busy_from", UtcDateTime, nullable=False),
        sa.Column("busy_to", UtcDateTime, nullable=False),
        sa.Column("minutes", sa.Integer, nullable=False),
        sa.Column("resources", Json, nullable=False),
        sa.Column("hold", sa.String(32)),
        sa.Column("patient_id", sa.String(32)),
        sa.Column("person", sa.Text, nullable=False),
        sa.Column("language", sa.String(16), nullable=False),
        sa.Column("sms_reminder", sa.Boolean, nullable=False),
        sa.Column("epoch", sa.Integer, nullable=False),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("revision", sa.Integer, nullable=False),
        sa.Column("created_at", UtcDateTime, nullable=False),
        sa.Column("history_length", sa.Integer, nullable=False),
        sa.Column("history_head", sa.String(64), nullable=False),
        sa.PrimaryKeyConstraint("reference", name="pk_bookings"),
        sa.CheckConstraint(
            "starts_at < ends_at AND busy_from <= starts_at AND ends_at <= busy_to", name="ck_bookings_order"
        ),
        sa.CheckConstraint("status IN ('booked', 'cancelled', 'missed')", name="ck_bookings_status"),
    )
    op.create_index("ix_bookings_clinic_starts_at", "bookings", ["clinic", "starts_at", "reference"])
    op.create_index(
        "ix_bookings_practitioner_starts_at", "bookings", ["clinic", "practitioner", "starts_at", "reference"]
    )
    op.create_index("ix_bookings_patient_starts_at", "bookings", ["clinic", "patient_id", "starts_at", "reference"])


def _create_holds() -> None:
    op.create_table(
        "holds",
        sa.Column("id", sa.String(32), nullable=False),
        sa.Column("clinic", sa.String(64), nullable=False),
        sa.Column("state", sa.String(16), nullable=False),
        sa.Column("type", sa.String(64), nullable=False),
        sa.Column("practitioner", sa.String(64), nullable=False),
        sa.Column("any_practitioner", sa.Boolean, nullable=False),
        sa.Column("resources", Json, nullable=False),
        sa.Column("starts_at", UtcDateTime, nullable=False),
        sa.Column("ends_at", UtcDateTime, nullable=False),
        sa.Column("busy_from", UtcDateTime, nullable=False),
        sa.Column("busy_to", UtcDateTime, nullable=False),
        sa.Column("minutes", sa.Integer, nullable=False),
        sa.Column("revision", sa.Integer, nullable=False),
        sa.Column("expires_at", UtcDateTime, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_holds"),
        sa.CheckConstraint("state IN ('held', 'used', 'released')", name="ck_holds_state"),
    )
    op.create_index("ix_holds_expires_at", "holds", ["expires_at"])


def _create_occupancy() -> None:
    op.create_table(
        "occupancy",
        sa.Column("id", sa.Integer, autoincrement=True, nullable=False),
        sa.Column("clinic", sa.String(64), nullable=False),
        sa.Column("resource", sa.String(96), nullable=False),
        sa.Column("starts_at", UtcDateTime, nullable=False),
        sa.Column("ends_at", UtcDateTime, nullable=False),
        sa.Column("booking", sa.String(10)),
        sa.Column("hold", sa.String(32)),
        sa.Column("expires_at", UtcDateTime),
        sa.PrimaryKeyConstraint("id", name="pk_occupancy"),
        sa.ForeignKeyConstraint(["booking"], ["bookings.reference"], name="fk_occupancy_booking_bookings"),
        sa.ForeignKeyConstraint(["hold"], ["holds.id"], name="fk_occupancy_hold_holds"),
        sa.CheckConstraint("starts_at < ends_at", name="ck_occupancy_order"),
        sa.CheckConstraint(
            "(booking IS NULL) <> (hold IS NULL) AND (hold IS NULL) = (expires_at IS NULL)", name="ck_occupancy_owner"
        ),
    )
    op.create_index("ix_occupancy_resource_ends_at", "occupancy", ["clinic", "resource", "ends_at"])
    op.create_index("ix_occupancy_booking", "occupancy", ["booking"])
    op.create_index("ix_occupancy_hold", "occupancy", ["hold"])


def _create_ledgers() -> None:
    op.create_table(
        "idempotency",
        sa.Column("clinic", sa.String(64), nullable=False),
        sa.Column("key", sa.String(200), nullable=False),
        sa.Column("body_hash", sa.String(64), nullable=False),
        sa.Column("answer", Json),
        sa.Column("created_at", UtcDateTime, nullable=False),
        sa.PrimaryKeyConstraint("clinic", "key", name="pk_idempotency"),
    )
    op.create_index("ix_idempotency_created_at", "idempotency", ["created_at"])
    op.create_table(
        "history",
        sa.Column("booking", sa.String(10), nullable=False),
        sa.Column("position", sa.Integer, autoincrement=False, nullable=False),
        sa.Column("clinic", sa.String(64), nullable=False),
        sa.Column("at", UtcDateTime, nullable=False),
        sa.Column("type", sa.String(64), nullable=False),
        sa.Column("actor", Json, nullable=False),
        sa.Column("source", sa.String(200)),
        sa.Column("changes", Json, nullable=False),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("previous_hash", sa.String(64), nullable=False),
        sa.Column("hash", sa.String(64), nullable=False),
        sa.PrimaryKeyConstraint("booking", "position", name="pk_history"),
        sa.ForeignKeyConstraint(["booking"], ["bookings.reference"], name="fk_history_booking_bookings"),
    )
    op.create_table(
        "watch_list",
        sa.Column("id", sa.String(32), nullable=False),
        sa.Column("clinic", sa.String(64), nullable=False),
        sa.Column("booking", sa.String(10), nullable=False),
        sa.Column("at", UtcDateTime, nullable=False),
        sa.Column("done_at", UtcDateTime),
        sa.Column("done_by", sa.String(320)),
        sa.PrimaryKeyConstraint("id", name="pk_watch_list"),
        sa.ForeignKeyConstraint(["booking"], ["bookings.reference"], name="fk_watch_list_booking_bookings"),
        sa.UniqueConstraint("booking", name="uq_watch_list_booking"),
    )
    op.create_index(
        "ix_watch_list_open",
        "watch_list",
        ["clinic", "at", "id"],
        postgresql_where=sa.text("done_at IS NULL"),
        sqlite_where=sa.text("done_at IS NULL"),
    )


def _create_bus() -> None:
    op.create_table(
        "outbox",
        sa.Column("position", sa.Integer, autoincrement=True, nullable=False),
        sa.Column("event_id", sa.String(32), nullable=False),
        sa.Column("type", sa.String(64), nullable=False),
        sa.Column("body", Json, nullable=False),
        sa.Column("created_at", UtcDateTime, nullable=False),
        sa.Column("published_at", UtcDateTime),
        sa.PrimaryKeyConstraint("position", name="pk_outbox"),
        sa.UniqueConstraint("event_id", name="uq_outbox_event_id"),
    )
    op.create_index(
        "ix_outbox_unpublished",
        "outbox",
        ["position"],
        postgresql_where=sa.text("published_at IS NULL"),
        sqlite_where=sa.text("published_at IS NULL"),
    )
    op.create_index("ix_outbox_published_at", "outbox", ["published_at"])
    op.create_table(
        "inbox",
        sa.Column("consumer", sa.String(64), nullable=False),
        sa.Column("event_id", sa.String(32), nullable=False),
        sa.Column("received_at", UtcDateTime, nullable=False),
        sa.PrimaryKeyConstraint("consumer", "event_id", name="pk_inbox"),
    )
    op.create_index("ix_inbox_received_at", "inbox", ["received_at"])


def downgrade() -> None:
    """Drop everything."""
    for table in ("watch_list", "history", "idempotency", "occupancy", "holds", "bookings", "inbox", "outbox"):
        op.drop_table(table)
    if op.get_bind().dialect.name == "postgresql":
        op.execute("DROP FUNCTION history_is_append_only()")
