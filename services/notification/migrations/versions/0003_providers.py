"""Providers: what was handed over to them, what they tell of it, and who has asked by STOP to get no SMS."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"

_MOMENT = sa.DateTime(timezone=True)
_PLANNED = sa.text("state = 'planned'")


def upgrade() -> None:
    """Add what is kept of providers; messages were told of once per attempt so far."""
    op.add_column("messages", sa.Column("expires_at", _MOMENT))
    op.add_column("messages", sa.Column("handed_over_at", _MOMENT))
    op.add_column("messages", sa.Column("provider_id", sa.String(64)))
    op.add_column("messages", sa.Column("version", sa.Integer, nullable=False, server_default="0"))
    op.execute("UPDATE messages SET version = attempts")
    with op.batch_alter_table("messages") as batch:
        batch.alter_column("version", server_default=None, existing_type=sa.Integer, existing_nullable=False)
    op.create_index("ix_messages_provider_id", "messages", ["provider_id"])
    _index_planned("channel", "due_at", "id")
    op.create_table(
        "stopped_numbers",
        sa.Column("recipient", sa.String(64), nullable=False),
        sa.Column("stopped_at", _MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("recipient", name="pk_stopped_numbers"),
    )


def downgrade() -> None:
    """Drop it."""
    op.drop_table("stopped_numbers")
    _index_planned("due_at")
    op.drop_index("ix_messages_provider_id", "messages")
    for column in ("version", "provider_id", "handed_over_at", "expires_at"):
        op.drop_column("messages", column)


def _index_planned(*columns: str) -> None:
    op.drop_index("ix_messages_planned", "messages")
    op.create_index("ix_messages_planned", "messages", list(columns), postgresql_where=_PLANNED, sqlite_where=_PLANNED)
