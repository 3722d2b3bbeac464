"""What of a former system's files has become which record or need (PRODUCT C14)."""

import sqlalchemy as sa
from alembic import op

from shared.storage.database import Json, UtcDateTime

revision = "0013"
down_revision = "0012"


def upgrade() -> None:
    """Make the table."""
    op.create_table(
        "imported",
        sa.Column("clinic", sa.String(64), nullable=False),
        sa.Column("key", sa.String(64), nullable=False),
        sa.Column("subject", sa.String(32), nullable=False),
        sa.Column("told", Json, nullable=False),
        sa.Column("at", UtcDateTime, nullable=False),
        sa.PrimaryKeyConstraint("clinic", "key", name="pk_imported"),
    )


def downgrade() -> None:
    """Drop it."""
    op.drop_table("imported")
