"""What became of each revision of a clinic's set-up, and the pictures that were replaced."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0005"
down_revision = "0004"


def upgrade() -> None:
    """Add the tables; a clinic's history begins with its next change."""
    op.create_table(
        "set_up_history",
        sa.Column("clinic", sa.String(40), nullable=False),
        sa.Column("revision", sa.Integer, nullable=False),
        sa.Column("kind", sa.String(12), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("actor", sa.JSON().with_variant(JSONB(), "postgresql")),
        sa.Column("changes", sa.LargeBinary, nullable=False),
        sa.Column("state", sa.LargeBinary),
        sa.PrimaryKeyConstraint("clinic", "revision", name="pk_set_up_history"),
    )
    op.create_table(
        "former_pictures",
        sa.Column("clinic", sa.String(40), nullable=False),
        sa.Column("name", sa.String(40), nullable=False),
        sa.Column("hash", sa.String(16), nullable=False),
        sa.Column("width", sa.Integer, nullable=False),
        sa.Column("height", sa.Integer, nullable=False),
        sa.Column("body", sa.LargeBinary, nullable=False),
        sa.PrimaryKeyConstraint("clinic", "name", "hash", name="pk_former_pictures"),
    )


def downgrade() -> None:
    """Take them away again."""
    op.drop_table("former_pictures")
    op.drop_table("set_up_history")
