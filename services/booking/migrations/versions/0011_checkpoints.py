"""Checkpoints over all histories, so that one which is taken away whole is missed, and digests (PRODUCT A1, ADR 52).

No checkpoint covers what was booked before: the first ones do, little by little. Whose bookings are many makes the
index beforehand, without holding anybody up (docs/operations.md).
"""

import sqlalchemy as sa
from alembic import op

from shared.storage.database import Json, UtcDateTime

revision = "0011"
down_revision = "0010"

_TABLES = ("checkpoints", "checkpoint_heads")
_POSTGRESQL = """
CREATE TRIGGER {table}_are_append_only_{when} BEFORE {event} ON {table}
FOR EACH {each} EXECUTE FUNCTION history_is_append_only()
"""
_SQLITE = """
CREATE TRIGGER {table}_are_append_only_{when} BEFORE {event} ON {table}
BEGIN SELECT RAISE(ABORT, 'history is append-only'); END
"""


def upgrade() -> None:
    """Make the tables, which only grow, and note of each booking that nothing covers its history."""
    op.create_table(
        "checkpoints",
        sa.Column("clinic", sa.String(64), nullable=False),
        sa.Column("number", sa.Integer, autoincrement=False, nullable=False),
        sa.Column("at", UtcDateTime, nullable=False),
        sa.Column("covers", sa.Integer, nullable=False),
        sa.Column("previous_hash", sa.String(64), nullable=False),
        sa.Column("hash", sa.String(64), nullable=False),
        sa.PrimaryKeyConstraint("clinic", "number", name="pk_checkpoints"),
    )
    op.create_table(
        "checkpoint_heads",
        sa.Column("booking", sa.String(10), nullable=False),
        sa.Column("length", sa.Integer, autoincrement=False, nullable=False),
        sa.Column("hash", sa.String(64), nullable=False),
        sa.Column("clinic", sa.String(64), nullable=False),
        sa.Column("number", sa.Integer, nullable=False),
        sa.PrimaryKeyConstraint("booking", "length", name="pk_checkpoint_heads"),
    )
    op.create_index("ix_checkpoint_heads_number", "checkpoint_heads", ["clinic", "number"])
    op.add_column("history", sa.Column("digests", Json))
    op.add_column("bookings", sa.Column("checkpointed", sa.Integer, nullable=False, server_default="0"))
    grown = sa.text("history_length <> checkpointed")
    op.create_index(
        "ix_bookings_grown",
        "bookings",
        ["clinic", "reference"],
        postgresql_where=grown,
        sqlite_where=grown,
        if_not_exists=True,
    )
    for table in _TABLES:
        _protect(table)


def _protect(table: str) -> None:
    if op.get_bind().dialect.name == "postgresql":
        op.execute(_POSTGRESQL.format(table=table, when="row", event="UPDATE OR DELETE", each="ROW"))
        op.execute(_POSTGRESQL.format(table=table, when="truncate", event="TRUNCATE", each="STATEMENT"))
        return
    for event in ("UPDATE", "DELETE"):
        op.execute(_SQLITE.format(table=table, when=event.lower(), event=event))


def downgrade() -> None:
    """Take them away again."""
    op.drop_index("ix_bookings_grown", "bookings")
    op.drop_column("bookings", "checkpointed")
    op.drop_column("history", "digests")
    for table in reversed(_TABLES):
        op.drop_table(table)
