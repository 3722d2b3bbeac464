"""Links by which passwords are chosen."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"

_MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    """Make the table."""
    op.create_table(
        "links",
        sa.Column("id", sa.String(32), nullable=False),
        sa.Column("account", sa.String(32), nullable=False),
        sa.Column("purpose", sa.String(16), nullable=False),
        sa.Column("clinic", sa.String(64)),
        sa.Column("email_key", sa.Text, nullable=False),
        sa.Column("created_at", _MOMENT, nullable=False),
        sa.Column("until", _MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_links"),
        sa.ForeignKeyConstraint(["account"], ["accounts.id"], name="fk_links_account_accounts"),
    )
    op.create_index("ix_links_account", "links", ["account", "created_at"])
    op.create_index("ix_links_until", "links", ["until"])


def downgrade() -> None:
    """Drop it."""
    op.drop_table("links")
