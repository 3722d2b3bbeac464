"""How many messages went to one address lately is counted by index."""

from alembic import op

revision = "0006"
down_revision = "0005"


def upgrade() -> None:
    """Add the index."""
    op.create_index("ix_messages_recipient", "messages", ["recipient", "created_at"])


def downgrade() -> None:
    """Take it away again."""
    op.drop_index("ix_messages_recipient", "messages")
