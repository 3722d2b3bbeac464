"""What is sealed in a history may be sealed anew, or taken away: its chain covers digests of it (PRODUCT A3, ADR 54).

All else of an entry stays as it was written, and so do entries of before, which are covered as they stand.
"""

from alembic import op

revision = "0013"
down_revision = "0012"

_STAYS = "booking, position, clinic, at, type, actor, version, previous_hash, hash, digests"

_POSTGRESQL = """
CREATE TRIGGER history_is_append_only_update BEFORE UPDATE ON history FOR EACH ROW
WHEN (OLD.digests IS NULL OR ({old}) IS DISTINCT FROM ({new})) EXECUTE FUNCTION history_is_append_only()
"""
_POSTGRESQL_ROW = """
CREATE TRIGGER history_is_append_only_row BEFORE {event} ON history
FOR EACH ROW EXECUTE FUNCTION history_is_append_only()
"""
_SQLITE = """
CREATE TRIGGER history_is_append_only_update BEFORE UPDATE ON history
{when} BEGIN SELECT RAISE(ABORT, 'history is append-only'); END
"""


def upgrade() -> None:
    """Let `source` and `changes` alone of an entry with digests become others."""
    old, new = (", ".join(f"{row}.{name}" for name in _STAYS.split(", ")) for row in ("OLD", "NEW"))
    if op.get_bind().dialect.name == "postgresql":
        op.execute("DROP TRIGGER history_is_append_only_row ON history")
        op.execute(_POSTGRESQL_ROW.format(event="DELETE"))
        op.execute(_POSTGRESQL.format(old=old, new=new))
    else:
        op.execute("DROP TRIGGER history_is_append_only_update")
        op.execute(_SQLITE.format(when=f"WHEN OLD.digests IS NULL OR ({old}) IS NOT ({new})"))


def downgrade() -> None:
    """Let nothing of them become another."""
    if op.get_bind().dialect.name == "postgresql":
        op.execute("DROP TRIGGER history_is_append_only_update ON history")
        op.execute("DROP TRIGGER history_is_append_only_row ON history")
        op.execute(_POSTGRESQL_ROW.format(event="UPDATE OR DELETE"))
    else:
        op.execute("DROP TRIGGER history_is_append_only_update")
        op.execute(_SQLITE.format(when=""))
