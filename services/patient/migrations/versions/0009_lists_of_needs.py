"""Each list of needs has an index of its own, in which a need stands in one at a time, and so have types.

Whose needs are many makes them beforehand, without holding anybody up (docs/operations.md).
"""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"

_LISTS = {
    "ix_needs_open": ("NOT closed AND booking IS NULL", "closed = 0 AND booking IS NULL"),
    "ix_needs_used": ("NOT closed AND booking IS NOT NULL", "closed = 0 AND booking IS NOT NULL"),
    "ix_needs_closed": ("closed", "closed = 1"),
}


def upgrade() -> None:
    """Make them, in place of one that had only the open ones in order."""
    for name, (on_postgresql, on_sqlite) in _LISTS.items():
        op.create_index(
            name,
            "needs",
            ["clinic", "week", "id"],
            postgresql_where=sa.text(on_postgresql),
            sqlite_where=sa.text(on_sqlite),
            if_not_exists=True,
        )
    op.create_index("ix_needs_type", "needs", ["clinic", "type", "week", "id"], if_not_exists=True)
    op.drop_index("ix_needs_booking", "needs")


def downgrade() -> None:
    """Go back to that one."""
    op.create_index("ix_needs_booking", "needs", ["clinic", "booking", "week", "id"])
    for name in ("ix_needs_type", *_LISTS):
        op.drop_index(name, "needs")
