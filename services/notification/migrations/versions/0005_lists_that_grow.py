"""What staff list by state, and which login codes are to be forgotten, is found by index however much there is."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"

_CODES = sa.text("event = 'login_code'")
_CODES_KEPT = sa.text("event = 'login_code' AND expires_at IS NOT NULL")


def upgrade() -> None:
    """Let go of the codes that are forgotten, and add the states."""
    op.drop_index("ix_messages_codes", "messages")
    op.create_index(
        "ix_messages_codes", "messages", ["created_at"], postgresql_where=_CODES_KEPT, sqlite_where=_CODES_KEPT
    )
    op.create_index("ix_messages_state", "messages", ["clinic", "state", "created_at", "id"])


def downgrade() -> None:
    """Return to the indexes before."""
    op.drop_index("ix_messages_state", "messages")
    op.drop_index("ix_messages_codes", "messages")
    op.create_index("ix_messages_codes", "messages", ["created_at"], postgresql_where=_CODES, sqlite_where=_CODES)
