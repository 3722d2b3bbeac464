"""Messages that are still somebody's, and when what is old was last emptied (PRODUCT A3, ADR 58).

Whose messages are many makes the index beforehand, without holding anybody up (docs/operations.md).
"""

import sqlalchemy as sa
from alembic import op

from shared.storage.database import UtcDateTime

revision = "0011"
down_revision = "0010"

_OF_SOMEBODY = sa.text("recipient <> id AND state <> 'planned'")


def upgrade() -> None:
    """Make the index and the table."""
    op.create_index(
        "ix_messages_of_somebody",
        "messages",
        ["clinic", "due_at", "id"],
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
    op.drop_index("ix_messages_of_somebody", "messages")
