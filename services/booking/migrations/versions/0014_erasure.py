"""What is personal in any entry of a history can be taken away with a proof (PRODUCT A3, ADR 53).

An entry with digests already lets `source` and `changes` become others. One of before, which is covered as it stands,
lets them where it says by a proof that they were taken away.
"""

import sqlalchemy as sa
from alembic import op

from shared.storage.database import UtcDateTime

revision = "0014"
down_revision = "0013"

_STAYS = ("booking", "position", "clinic", "at", "type", "actor", "version", "previous_hash", "hash", "digests")
_POSTGRESQL = """
CREATE TRIGGER history_is_append_only_update BEFORE UPDATE ON history FOR EACH ROW
WHEN ({covered} OR ({old}) IS DISTINCT FROM ({new})) EXECUTE FUNCTION history_is_append_only()
"""
_SQLITE = """
CREATE TRIGGER history_is_append_only_update BEFORE UPDATE ON history
WHEN {covered} OR ({old}) IS NOT ({new}) BEGIN SELECT RAISE(ABORT, 'history is append-only'); END
"""


def upgrade() -> None:
    """Add the proof, and let an update pass that gives one."""
    op.add_column("history", sa.Column("erased", sa.String(64)))
    op.create_table(
        "erased_patients",
        sa.Column("patient", sa.String(32), nullable=False),
        sa.Column("at", UtcDateTime, nullable=False),
        sa.PrimaryKeyConstraint("patient", name="pk_erased_patients"),
    )
    _let_pass_unless("(OLD.digests IS NULL AND NEW.erased IS NULL)")


def downgrade() -> None:
    """Let only what has digests become another."""
    _let_pass_unless("OLD.digests IS NULL")
    op.drop_table("erased_patients")
    op.drop_column("history", "erased")


def _let_pass_unless(covered: str) -> None:
    old, new = (", ".join(f"{row}.{name}" for name in _STAYS) for row in ("OLD", "NEW"))
    if op.get_bind().dialect.name == "postgresql":
        op.execute("DROP TRIGGER history_is_append_only_update ON history")
        op.execute(_POSTGRESQL.format(covered=covered, old=old, new=new))
    else:
        op.execute("DROP TRIGGER history_is_append_only_update")
        op.execute(_SQLITE.format(covered=covered, old=old, new=new))
