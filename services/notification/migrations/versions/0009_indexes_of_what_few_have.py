"""What few messages have is indexed of those few: all others spare its entries, when written and when sent."""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"

_COLUMNS = ("provider_id", "recall", "resend_of")


def upgrade() -> None:
    """Leave out the messages that have none."""
    for name in _COLUMNS:
        there = sa.text(f"{name} IS NOT NULL")
        op.drop_index(f"ix_messages_{name}", "messages")
        op.create_index(f"ix_messages_{name}", "messages", [name], postgresql_where=there, sqlite_where=there)


def downgrade() -> None:
    """Return to indexes of all messages."""
    for name in _COLUMNS:
        op.drop_index(f"ix_messages_{name}", "messages")
        op.create_index(f"ix_messages_{name}", "messages", [name])
