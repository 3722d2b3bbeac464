"""Who has opened which record when."""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"


def upgrade() -> None:
    """Make the table."""
    op.create_table(
        "openings",
        sa.Column("position", sa.Integer, autoincrement=True, nullable=False),
        sa.Column("clinic", sa.String(64), nullable=False),
        sa.Column("patient", sa.String(32), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("actor_kind", sa.String(16), nullable=False),
        sa.Column("actor_id", sa.String(254)),
        sa.Column("what", sa.String(16), nullable=False),
        sa.PrimaryKeyConstraint("position", name="pk_openings"),
    )
    op.create_index("ix_openings_clinic", "openings", ["clinic", "position"])
    op.create_index("ix_openings_patient", "openings", ["clinic", "patient", "position"])
    op.create_index("ix_openings_at", "openings", ["at"])


def downgrade() -> None:
    """Drop it."""
    op.drop_table("openings")
