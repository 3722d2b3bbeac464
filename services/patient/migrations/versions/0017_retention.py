"""Records by when they were made, and when what is old was last deleted (PRODUCT A3, ADR 58).

The access log goes by clinic now: nobody looks for entries of all clinics by their time any more.
Whose patients are many makes theirs beforehand, without holding anybody up (docs/operations.md).
"""

import sqlalchemy as sa
from alembic import op

from shared.storage.database import UtcDateTime

revision = "0017"
down_revision = "0016"


def upgrade() -> None:
    """Make the index and the table."""
    op.drop_index("ix_openings_at", "openings")
    op.create_index("ix_patients_created_at", "patients", ["clinic", "created_at", "id"], if_not_exists=True)
    op.create_table(
        "retention_runs",
        sa.Column("clinic", sa.String(64), nullable=False),
        sa.Column("kind", sa.String(16), nullable=False),
        sa.Column("day", sa.Date, nullable=False),
        sa.Column("at", UtcDateTime, nullable=False),
        sa.Column("deleted", sa.Integer, nullable=False),
        sa.Column("is_done", sa.Boolean, nullable=False),
        sa.Column("behind", sa.String(64)),
        sa.PrimaryKeyConstraint("clinic", "kind", name="pk_retention_runs"),
    )


def downgrade() -> None:
    """Drop them."""
    op.drop_table("retention_runs")
    op.drop_index("ix_patients_created_at", "patients")
    op.create_index("ix_openings_at", "openings", ["at"])
