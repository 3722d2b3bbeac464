"""Patients, and the service's outbox and inbox."""

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
        "patients",
        sa.Column("id", sa.String(32), nullable=False),
        sa.Column("clinic", sa.String(64), nullable=False),
        sa.Column("scheme", sa.String(32)),
        sa.Column("number_hash", sa.String(64)),
        sa.Column("number_sealed", sa.Text),
        sa.Column("birth_date", sa.Date),
        sa.Column("first_name", sa.String(100), nullable=False),
        sa.Column("last_name", sa.String(100), nullable=False),
        sa.Column("name_key", sa.Text, nullable=False),
        sa.Column("sort_key", sa.Text, nullable=False),
        sa.Column("mobile", sa.String(16)),
        sa.Column("email", sa.String(254)),
        sa.Column("sms_ok", sa.Boolean),
        sa.Column("email_ok", sa.Boolean),
        sa.Column("sms_reminder", sa.Boolean, nullable=False),
        sa.Column("origin", sa.String(16), nullable=False),
        sa.Column("created_at", _MOMENT, nullable=False),
        sa.Column("version", sa.Integer, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_patients"),
        sa.UniqueConstraint("clinic", "scheme", "number_hash", name="uq_patients_number"),
    )
    op.create_index("ix_patients_name_key", "patients", ["clinic", "name_key"])
    op.create_index("ix_patients_sort_key", "patients", ["clinic", "sort_key", "id"])
    _make_outbox()
    _make_inbox()


def downgrade() -> None:
    """Drop the tables."""
    for table in ("inbox", "outbox", "patients"):
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
