"""What holds a link that was made void is told to nobody any more (PRODUCT C13)."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"


def upgrade() -> None:
    """Add from which version on a booking has its link."""
    op.add_column("bookings", sa.Column("link_version", sa.Integer))


def downgrade() -> None:
    """Take it away again."""
    op.drop_column("bookings", "link_version")
