"""Which records were erased, so that nothing that comes late makes them again (PRODUCT A3, ADR 53)."""

import sqlalchemy as sa
from alembic import op

from shared.storage.database import UtcDateTime

revision = "0015"
down_revision = "0014"


def upgrade() -> None:
    """Make the tables."""
    op.create_table(
        "erasures",
        sa.Column("patient", sa.String(32), nullable=False),
        sa.Column("clinic", sa.String(64), nullable=False),
        sa.Column("at", UtcDateTime, nullable=False),
        sa.Column("bookings_at", UtcDateTime),
        sa.Column("messages_at", UtcDateTime),
        sa.PrimaryKeyConstraint("patient", name="pk_erasures"),
    )
    op.create_table(
        "erased_bookings",
        sa.Column("reference", sa.String(10), nullable=False),
        sa.PrimaryKeyConstraint("reference", name="pk_erased_bookings"),
    )


def downgrade() -> None:
    """Drop them."""
    op.drop_table("erased_bookings")
    op.drop_table("erasures")
