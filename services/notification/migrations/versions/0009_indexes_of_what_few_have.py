"""What few messages have is indexed of those few: all others spare its entries, when written and when sent.

Whose messages are many makes these beforehand, without holding anybody up (docs/operations.md).
"""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"

_COLUMNS = ("provider_id", "recall", "resend_of")


def upgrade() -> None:
    """Leave out the messages that have none. What is dropped comes last, since from then on nobody can read."""
    for name in _COLUMNS:
        there = sa.text(f"{name} IS NOT NULL")
        op.create_index(
            f"ix_messages_with_{name}",
            "messages",
            [name],
            postgresql_where=there,
            sqlite_where=there,
            if_not_exists=True,
        )
    for name in _COLUMNS:
        op.drop_index(f"ix_messages_{name}", "messages")


def downgrade() -> None:
    """Return to indexes of all messages."""
    for name in _COLUMNS:
        op.create_index(f"ix_messages_{name}", "messages", [name])
    for name in _COLUMNS:
        op.drop_index(f"ix_messages_with_{name}", "messages")
