"""What a relay publishes it claims for a while, instead of locking it until the broker has confirmed."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    """Add until when an event to publish belongs to a relay."""
    op.add_column("outbox", sa.Column("claimed_until", sa.DateTime(timezone=True)))


def downgrade() -> None:
    """Take it away again."""
    op.drop_column("outbox", "claimed_until")
