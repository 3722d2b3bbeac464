"""Where what was typed for a booking is another address than the record's (CONTRACTS 1, Patients)."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the column; null means that the record has not been told of yet."""
    op.add_column("bookings", sa.Column("contact_differs", sa.String(16)))


def downgrade() -> None:
    """Take it away again."""
    op.drop_column("bookings", "contact_differs")
