"""Second steps of logins, and the codes that stand for them."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    """Make the tables."""
    op.create_table(
        "two_steps",
        sa.Column("owner", sa.String(32), nullable=False),
        sa.Column("secret", sa.Text, nullable=False),
        sa.Column("confirmed", sa.Boolean, nullable=False),
        sa.Column("last_step", sa.BigInteger),
        sa.PrimaryKeyConstraint("owner", name="pk_two_steps"),
    )
    op.create_table(
        "recovery_codes",
        sa.Column("owner", sa.String(32), nullable=False),
        sa.Column("hash", sa.String(64), nullable=False),
        sa.PrimaryKeyConstraint("owner", "hash", name="pk_recovery_codes"),
    )


def downgrade() -> None:
    """Drop them."""
    op.drop_table("recovery_codes")
    op.drop_table("two_steps")
