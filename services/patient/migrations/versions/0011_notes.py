"""The clinic's own note on a patient, sealed, and which therapist has made a record (PRODUCT C8, C9, C1)."""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"


def upgrade() -> None:
    """Add both, empty; who serves beside, of the version before, leaves them as they are."""
    op.add_column("patients", sa.Column("note_sealed", sa.Text))
    op.add_column("patients", sa.Column("made_by", sa.String(64)))


def downgrade() -> None:
    """Take them away."""
    op.drop_column("patients", "made_by")
    op.drop_column("patients", "note_sealed")
