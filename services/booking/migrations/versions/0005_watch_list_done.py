"""What was ticked off the watch list is found by index, the latest first (PRODUCT M5)."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the index."""
    done = sa.text("done_at IS NOT NULL")
    op.create_index(
        "ix_watch_list_done", "watch_list", ["clinic", "done_at", "id"], postgresql_where=done, sqlite_where=done
    )


def downgrade() -> None:
    """Take it away again."""
    op.drop_index("ix_watch_list_done", "watch_list")
