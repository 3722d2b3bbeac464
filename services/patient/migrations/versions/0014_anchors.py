"""What is kept of the checkpoints over booking's histories (PRODUCT A1, ADR 52)."""

import sqlalchemy as sa
from alembic import op

from shared.storage.database import UtcDateTime

revision = "0014"
down_revision = "0013"


def upgrade() -> None:
    """Make the table."""
    op.create_table(
        "anchors",
        sa.Column("clinic", sa.String(64), nullable=False),
        sa.Column("day", sa.Date, nullable=False),
        sa.Column("number", sa.Integer, nullable=False),
        sa.Column("hash", sa.String(64), nullable=False),
        sa.Column("at", UtcDateTime, nullable=False),
        sa.PrimaryKeyConstraint("clinic", "day", name="pk_anchors"),
    )


def downgrade() -> None:
    """Drop it."""
    op.drop_table("anchors")
