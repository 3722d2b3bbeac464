"""Practitioners' calendars as feeds."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"

_MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    """Make the table."""
    op.create_table(
        "calendar_feeds",
        sa.Column("id", sa.String(32), nullable=False),
        sa.Column("account", sa.String(32), nullable=False),
        sa.Column("clinic", sa.String(64), nullable=False),
        sa.Column("practitioner", sa.String(64), nullable=False),
        sa.Column("names", sa.Boolean, nullable=False),
        sa.Column("language", sa.String(8), nullable=False),
        sa.Column("created_at", _MOMENT, nullable=False),
        sa.Column("fetched_at", _MOMENT),
        sa.PrimaryKeyConstraint("id", name="pk_calendar_feeds"),
        sa.ForeignKeyConstraint(["account"], ["accounts.id"], name="fk_calendar_feeds_account_accounts"),
    )
    op.create_index("ix_calendar_feeds_account", "calendar_feeds", ["account", "clinic"])
    op.create_index("ix_calendar_feeds_clinic", "calendar_feeds", ["clinic", "created_at"])


def downgrade() -> None:
    """Drop it."""
    op.drop_table("calendar_feeds")
