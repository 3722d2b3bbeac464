"""Messages of no booking: recalls and login codes; messages that staff send again."""

import sqlalchemy as sa
from alembic import op

from shared.storage.database import Json

revision = "0004"
down_revision = "0003"

_MOMENT = sa.DateTime(timezone=True)
_CODES = sa.text("event = 'login_code'")
_FAILED = sa.text("state = 'failed' AND resent_at IS NULL")


def upgrade() -> None:
    """Add what is kept of them."""
    with op.batch_alter_table("messages") as batch:
        batch.alter_column("booking", existing_type=sa.String(16), nullable=True)
    op.add_column("messages", sa.Column("recall", sa.String(32)))
    op.add_column("messages", sa.Column("recall_issue", sa.Integer))
    op.add_column("messages", sa.Column("resend_of", sa.String(32)))
    op.add_column("messages", sa.Column("resent_at", _MOMENT))
    op.add_column("messages", sa.Column("resent_by", Json))
    op.create_index("ix_messages_recall", "messages", ["recall"])
    op.create_index("ix_messages_resend_of", "messages", ["resend_of"])
    op.create_index("ix_messages_codes", "messages", ["created_at"], postgresql_where=_CODES, sqlite_where=_CODES)
    op.create_index(
        "ix_messages_failed", "messages", ["clinic", "created_at", "id"], postgresql_where=_FAILED, sqlite_where=_FAILED
    )


def downgrade() -> None:
    """Drop it, and the messages that are of no booking."""
    for index in ("ix_messages_failed", "ix_messages_codes", "ix_messages_resend_of", "ix_messages_recall"):
        op.drop_index(index, "messages")
    for column in ("resent_by", "resent_at", "resend_of", "recall_issue", "recall"):
        op.drop_column("messages", column)
    op.execute("DELETE FROM messages WHERE booking IS NULL")
    with op.batch_alter_table("messages") as batch:
        batch.alter_column("booking", existing_type=sa.String(16), nullable=False)
