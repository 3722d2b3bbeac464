"""What lines of a former system's files have told of a record is found without a walk (PRODUCT A3, ADR 53)."""

from alembic import op

revision = "0016"
down_revision = "0015"


def upgrade() -> None:
    """Make the index."""
    op.create_index("ix_imported_subject", "imported", ["clinic", "subject"])


def downgrade() -> None:
    """Drop it."""
    op.drop_index("ix_imported_subject", "imported")
