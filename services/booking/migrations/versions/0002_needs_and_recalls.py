"""Needs as patient tells of them, which booking uses which, and the recalls that were issued."""

import sqlalchemy as sa
from alembic import op

from shared.storage.database import Json, UtcDateTime

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the tables, and the index by which a need is used once."""
    _create_needs()
    op.add_column("bookings", sa.Column("need", sa.String(32)))
    op.create_index(
        "uq_bookings_need",
        "bookings",
        ["need"],
        unique=True,
        postgresql_where=sa.text("status <> 'cancelled'"),
        sqlite_where=sa.text("status <> 'cancelled'"),
    )
    _create_recalls()


def _create_needs() -> None:
    op.create_table(
        "needs",
        sa.Column("id", sa.String(32), nullable=False),
        sa.Column("clinic", sa.String(64), nullable=False),
        sa.Column("patient", sa.String(32), nullable=False),
        sa.Column("type", sa.String(64), nullable=False),
        sa.Column("practitioner", sa.String(64)),
        sa.Column("minutes", sa.Integer, nullable=False),
        sa.Column("week", sa.String(8), nullable=False),
        sa.Column("state", sa.String(16), nullable=False),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("person", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_needs"),
        sa.CheckConstraint("state IN ('open', 'closed')", name="ck_needs_state"),
    )
    op.create_index("ix_needs_patient", "needs", ["clinic", "patient", "type", "week", "id"])
    op.create_index("ix_needs_week", "needs", ["clinic", "week", "id"])


def _create_recalls() -> None:
    op.create_table(
        "recalls",
        sa.Column("id", sa.String(32), nullable=False),
        sa.Column("clinic", sa.String(64), nullable=False),
        sa.Column("booking", sa.String(10)),
        sa.Column("need", sa.String(32)),
        sa.Column("code", sa.Text, nullable=False),
        sa.Column("lookup", sa.String(64)),
        sa.Column("issued", sa.Integer, nullable=False),
        sa.Column("channels", Json, nullable=False),
        sa.Column("created_at", UtcDateTime, nullable=False),
        sa.Column("issued_at", UtcDateTime),
        sa.PrimaryKeyConstraint("id", name="pk_recalls"),
        sa.ForeignKeyConstraint(["booking"], ["bookings.reference"], name="fk_recalls_booking_bookings"),
        sa.ForeignKeyConstraint(["need"], ["needs.id"], name="fk_recalls_need_needs"),
        sa.UniqueConstraint("booking", name="uq_recalls_booking"),
        sa.UniqueConstraint("need", name="uq_recalls_need"),
        sa.UniqueConstraint("lookup", name="uq_recalls_lookup"),
        sa.CheckConstraint("(booking IS NULL) <> (need IS NULL)", name="ck_recalls_subject"),
    )


def downgrade() -> None:
    """Drop what this made."""
    op.drop_table("recalls")
    op.drop_index("uq_bookings_need", "bookings")
    op.drop_column("bookings", "need")
    op.drop_table("needs")
