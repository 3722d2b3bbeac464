"""Bookings and messages among what was opened, and indexes by which the log is read by day and by person."""

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"


def upgrade() -> None:
    """Let an opening tell of a booking, be it one without a record yet; what is written stays as it is."""
    with op.batch_alter_table("openings") as batch:
        batch.alter_column("patient", existing_type=sa.String(32), nullable=True)
        batch.add_column(sa.Column("booking", sa.String(16)))
    op.create_index("ix_openings_clinic_at", "openings", ["clinic", "at"])
    op.create_index("ix_openings_actor", "openings", ["clinic", "actor_id", "position"])


def downgrade() -> None:
    """Forget what was opened without a record, and drop the rest."""
    op.drop_index("ix_openings_actor", "openings")
    op.drop_index("ix_openings_clinic_at", "openings")
    op.execute("DELETE FROM openings WHERE patient IS NULL")
    with op.batch_alter_table("openings") as batch:
        batch.drop_column("booking")
        batch.alter_column("patient", existing_type=sa.String(32), nullable=False)
