"""Of which records others know what the clinic has confirmed (CONTRACTS 1, Patients)."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"


def upgrade() -> None:
    """Add the column; the service itself tells of the records of before, as events are sealed with its keys."""
    op.add_column("patients", sa.Column("doubts_told", sa.Boolean))
    missing = sa.text("doubts_told IS NULL")
    op.create_index("ix_patients_doubts_not_told", "patients", ["id"], postgresql_where=missing, sqlite_where=missing)


def downgrade() -> None:
    """Take it away again."""
    op.drop_index("ix_patients_doubts_not_told", "patients")
    op.drop_column("patients", "doubts_told")
