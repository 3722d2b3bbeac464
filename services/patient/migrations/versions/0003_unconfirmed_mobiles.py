"""Mobiles that somebody on the web gave for a record that had none."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    """Add the column; of records made so far nobody knows, and none is doubted."""
    op.add_column("patients", sa.Column("mobile_unconfirmed", sa.Boolean, nullable=False, server_default=sa.false()))


def downgrade() -> None:
    """Take the column away again."""
    op.drop_column("patients", "mobile_unconfirmed")
