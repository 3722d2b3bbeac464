"""What of a former system's files has become which booking (PRODUCT C14)."""

import sqlalchemy as sa
from alembic import op

from shared.storage.database import UtcDateTime

revision = "0010"
down_revision = "0009"


def upgrade() -> None:
    """Make the table."""
    op.create_table(
        "imported",
        sa.Column("clinic", sa.String(64), nullable=False),
        sa.Column("key", sa.String(64), nullable=False),
        sa.Column("booking", sa.String(10), nullable=False),
        sa.Column("place", sa.String(64), nullable=False),
        sa.Column("at", UtcDateTime, nullable=False),
        sa.ForeignKeyConstraint(["booking"], ["bookings.reference"], name="fk_imported_booking_bookings"),
        sa.PrimaryKeyConstraint("clinic", "key", name="pk_imported"),
    )


def downgrade() -> None:
    """Drop it."""
    op.drop_table("imported")
