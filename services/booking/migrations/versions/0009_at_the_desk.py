"""What staff note of a booking at the desk, and by what they take back a change within a minute (PRODUCT C9, C10)."""

import sqlalchemy as sa
from alembic import op

from shared.storage.database import Json, UtcDateTime

revision = "0009"
down_revision = "0008"

_COLUMNS = ("arrived_at", "note", "not_told", "undo", "undo_until")


def upgrade() -> None:
    """Add the columns, all empty, and the index by which what can be undone is found."""
    op.add_column("bookings", sa.Column("arrived_at", UtcDateTime))
    op.add_column("bookings", sa.Column("note", sa.Text))
    op.add_column("bookings", sa.Column("not_told", sa.Integer))
    op.add_column("bookings", sa.Column("undo", Json))
    op.add_column("bookings", sa.Column("undo_until", UtcDateTime))
    undoable = sa.text("undo_until IS NOT NULL")
    op.create_index(
        "ix_bookings_undo",
        "bookings",
        ["undo_until"],
        postgresql_where=undoable,
        sqlite_where=undoable,
    )


def downgrade() -> None:
    """Take them away again."""
    op.drop_index("ix_bookings_undo", "bookings")
    for column in _COLUMNS:
        op.drop_column("bookings", column)
