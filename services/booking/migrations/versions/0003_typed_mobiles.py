"""By which bookings are found that were made with a mobile of their own (CONTRACTS 1, Patients)."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the column; the service itself fills in the rows of before, as it has the keys."""
    op.add_column("bookings", sa.Column("typed_hash", sa.String(64)))
    op.create_index("ix_bookings_typed_hash", "bookings", ["clinic", "typed_hash"])
    missing = sa.text("typed_hash IS NULL")
    op.create_index(
        "ix_bookings_not_hashed", "bookings", ["created_at"], postgresql_where=missing, sqlite_where=missing
    )


def downgrade() -> None:
    """Take it away again."""
    op.drop_index("ix_bookings_not_hashed", "bookings")
    op.drop_index("ix_bookings_typed_hash", "bookings")
    op.drop_column("bookings", "typed_hash")
