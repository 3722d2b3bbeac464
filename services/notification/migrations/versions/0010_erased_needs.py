"""Which needs were erased, so that no recall of theirs that comes late is written (PRODUCT A3, ADR 53)."""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"


def upgrade() -> None:
    """Make the table."""
    op.create_table(
        "erased_needs",
        sa.Column("need", sa.String(32), nullable=False),
        sa.PrimaryKeyConstraint("need", name="pk_erased_needs"),
    )


def downgrade() -> None:
    """Drop it."""
    op.drop_table("erased_needs")
