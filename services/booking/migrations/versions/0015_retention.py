"""Whose person was taken out, and when what is old was last deleted (PRODUCT A3, ADR 58).

Whose bookings are many adds the column and makes the index beforehand, without holding anybody up (docs/operations.md).
"""

import sqlalchemy as sa
from alembic import op

from shared.storage.database import UtcDateTime

revision = "0015"
down_revision = "0014"

_OF_SOMEBODY = sa.text("erased_at IS NULL")


def upgrade() -> None:
    """Add the moment of erasing, the index of what is still somebody's, and the table."""
    may_be_there = op.get_bind().dialect.name == "postgresql"
    op.add_column("bookings", sa.Column("erased_at", UtcDateTime), if_not_exists=may_be_there or None)
    op.create_index(
        "ix_bookings_of_somebody",
        "bookings",
        ["clinic", "ends_at", "reference"],
        postgresql_where=_OF_SOMEBODY,
        sqlite_where=_OF_SOMEBODY,
        if_not_exists=True,
    )
    op.create_table(
        "retention_runs",
        sa.Column("clinic", sa.String(64), nullable=False),
        sa.Column("kind", sa.String(16), nullable=False),
        sa.Column("day", sa.Date, nullable=False),
        sa.Column("at", UtcDateTime, nullable=False),
        sa.Column("deleted", sa.Integer, nullable=False),
        sa.Column("is_done", sa.Boolean, nullable=False),
        sa.Column("behind", sa.String(64)),
        sa.PrimaryKeyConstraint("clinic", "kind", name="pk_retention_runs"),
    )


def downgrade() -> None:
    """Drop them."""
    op.drop_table("retention_runs")
    op.drop_index("ix_bookings_of_somebody", "bookings")
    op.drop_column("bookings", "erased_at")
