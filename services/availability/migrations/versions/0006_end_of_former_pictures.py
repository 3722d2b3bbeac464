"""Since when a picture is a former one: it ends a year after."""

from datetime import UTC, datetime

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"

_FORMER = sa.table("former_pictures", sa.column("former_at", sa.DateTime(timezone=True)))
_INDEX = "ix_former_pictures_former_at"


def upgrade() -> None:
    """Add the moment; for those that are there, their year begins now."""
    op.add_column("former_pictures", sa.Column("former_at", sa.DateTime(timezone=True)))
    now = datetime.now(UTC)
    is_sqlite = op.get_bind().dialect.name == "sqlite"
    op.execute(sa.update(_FORMER).values(former_at=now.replace(tzinfo=None) if is_sqlite else now))
    op.create_index(_INDEX, "former_pictures", ["former_at"])


def downgrade() -> None:
    """Take it away again."""
    op.drop_index(_INDEX, "former_pictures")
    op.drop_column("former_pictures", "former_at")
