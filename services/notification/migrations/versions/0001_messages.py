"""Messages, the versions of bookings, and the service's outbox and inbox."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0001"
down_revision = None

_MOMENT = sa.DateTime(timezone=True)
_JSON = sa.JSON().with_variant(JSONB(), "postgresql")


def upgrade() -> None:
    """Make the tables."""
    op.create_table(
        "messages",
        sa.Column("id", sa.String(32), nullable=False),
        sa.Column("clinic", sa.String(64), nullable=False),
        sa.Column("time_zone", sa.String(64), nullable=False),
        sa.Column("event", sa.String(32), nullable=False),
        sa.Column("channel", sa.String(8), nullable=False),
        sa.Column("audience", sa.String(16), nullable=False),
        sa.Column("content", sa.Text, nullable=False),
        sa.Column("state", sa.String(16), nullable=False),
        sa.Column("booking", sa.String(16), nullable=False),
        sa.Column("booking_version", sa.Integer, nullable=False),
        sa.Column("left_practitioner", sa.String(64)),
        sa.Column("source_event", sa.String(32), nullable=False),
        sa.Column("correlation_id", sa.Text, nullable=False),
        sa.Column("recipient", sa.String(64), nullable=False),
        sa.Column("created_at", _MOMENT, nullable=False),
        sa.Column("due_at", _MOMENT, nullable=False),
        sa.Column("attempts", sa.Integer, nullable=False),
        sa.Column("lease_until", _MOMENT),
        sa.Column("sent_at", _MOMENT),
        sa.Column("failure", sa.Text),
        sa.PrimaryKeyConstraint("id", name="pk_messages"),
        sa.UniqueConstraint("source_event", "audience", "channel", "recipient", name="uq_messages_ledger"),
    )
    op.create_index("ix_messages_created_at", "messages", ["created_at", "id"])
    op.create_index("ix_messages_clinic", "messages", ["clinic", "created_at", "id"])
    op.create_index("ix_messages_booking", "messages", ["booking"])
    planned = sa.text("state = 'planned'")
    op.create_index("ix_messages_planned", "messages", ["due_at"], postgresql_where=planned, sqlite_where=planned)
    op.create_table(
        "bookings",
        sa.Column("reference", sa.String(16), nullable=False),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("practitioner", sa.String(64), nullable=False),
        sa.PrimaryKeyConstraint("reference", name="pk_bookings"),
    )
    _make_outbox()
    _make_inbox()


def downgrade() -> None:
    """Drop the tables."""
    for table in ("inbox", "outbox", "bookings", "messages"):
        op.drop_table(table)


def _make_outbox() -> None:
    unpublished = sa.text("published_at IS NULL")
    op.create_table(
        "outbox",
        sa.Column("position", sa.Integer, autoincrement=True, nullable=False),
        sa.Column("event_id", sa.String(32), nullable=False),
        sa.Column("type", sa.String(64), nullable=False),
        sa.Column("body", _JSON, nullable=False),
        sa.Column("created_at", _MOMENT, nullable=False),
        sa.Column("published_at", _MOMENT),
        sa.PrimaryKeyConstraint("position", name="pk_outbox"),
        sa.UniqueConstraint("event_id", name="uq_outbox_event_id"),
    )
    op.create_index(
        "ix_outbox_unpublished", "outbox", ["position"], postgresql_where=unpublished, sqlite_where=unpublished
    )
    op.create_index("ix_outbox_published_at", "outbox", ["published_at"])


def _make_inbox() -> None:
    op.create_table(
        "inbox",
        sa.Column("consumer", sa.String(64), nullable=False),
        sa.Column("event_id", sa.String(32), nullable=False),
        sa.Column("received_at", _MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("consumer", "event_id", name="pk_inbox"),
    )
    op.create_index("ix_inbox_received_at", "inbox", ["received_at"])
