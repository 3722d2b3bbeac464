"""Clinics' documents and occupancy, and the service's outbox and inbox."""

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
        "clinics",
        sa.Column("clinic", sa.String(40), nullable=False),
        sa.Column("revision", sa.Integer, nullable=False),
        sa.Column("document", sa.JSON, nullable=False),
        sa.Column("updated_at", _MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("clinic", name="pk_clinics"),
    )
    _make_occupancy()
    _make_outbox()
    _make_inbox()


def downgrade() -> None:
    """Drop the tables."""
    for table in ("inbox", "outbox", "occupancy", "occupants", "clinics"):
        op.drop_table(table)


def _make_occupancy() -> None:
    op.create_table(
        "occupants",
        sa.Column("owner", sa.String(8), nullable=False),
        sa.Column("reference", sa.String(64), nullable=False),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("kept_until", _MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("owner", "reference", name="pk_occupants"),
    )
    op.create_index("ix_occupants_kept_until", "occupants", ["kept_until"])
    op.create_table(
        "occupancy",
        sa.Column("owner", sa.String(8), nullable=False),
        sa.Column("reference", sa.String(64), nullable=False),
        sa.Column("resource", sa.String(64), nullable=False),
        sa.Column("clinic", sa.String(40), nullable=False),
        sa.Column("starts_at", _MOMENT, nullable=False),
        sa.Column("ends_at", _MOMENT, nullable=False),
        sa.Column("expires_at", _MOMENT),
        sa.PrimaryKeyConstraint("owner", "reference", "resource", name="pk_occupancy"),
        sa.ForeignKeyConstraint(
            ["owner", "reference"],
            ["occupants.owner", "occupants.reference"],
            name="fk_occupancy_owner_reference_occupants",
            ondelete="CASCADE",
        ),
    )
    op.create_index("ix_occupancy_range", "occupancy", ["clinic", "resource", "starts_at"])
    op.create_index("ix_occupancy_expires_at", "occupancy", ["expires_at"])


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
