"""Which absence was entered under which key, so that a repeated call enters none again."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    """Add the table."""
    op.create_table(
        "absence_keys",
        sa.Column("clinic", sa.String(40), nullable=False),
        sa.Column("key", sa.String(200), nullable=False),
        sa.Column("body_hash", sa.String(64), nullable=False),
        sa.Column("absence", sa.String(32), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("clinic", "key", name="pk_absence_keys"),
    )
    op.create_index("ix_absence_keys_created_at", "absence_keys", ["created_at"])


def downgrade() -> None:
    """Take it away again."""
    op.drop_table("absence_keys")
