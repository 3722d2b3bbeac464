"""Which absence a booking stands in the way of, and whether its patient may choose another time (PRODUCT C12)."""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the columns; null means that nothing stands in the way, and that nobody was asked."""
    op.add_column("bookings", sa.Column("absence", sa.String(32)))
    op.add_column("bookings", sa.Column("invited", sa.Boolean()))
    op.add_column("watch_list", sa.Column("absence", sa.String(32)))


def downgrade() -> None:
    """Take them away again; what stands on the watch list for an absence goes with them."""
    op.execute("DELETE FROM watch_list WHERE absence IS NOT NULL")
    op.drop_column("watch_list", "absence")
    op.drop_column("bookings", "invited")
    op.drop_column("bookings", "absence")
