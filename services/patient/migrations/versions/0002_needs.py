"""Needs, the bookings that use them, and patients by mobile."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"

_MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    """Make the tables and the index."""
    op.create_index("ix_patients_mobile", "patients", ["clinic", "mobile"])
    op.create_table(
        "needs",
        sa.Column("id", sa.String(32), nullable=False),
        sa.Column("clinic", sa.String(64), nullable=False),
        sa.Column("patient", sa.String(32), nullable=False),
        sa.Column("type", sa.String(64), nullable=False),
        sa.Column("practitioner", sa.String(64)),
        sa.Column("minutes", sa.Integer, nullable=False),
        sa.Column("week", sa.String(8), nullable=False),
        sa.Column("closed", sa.Boolean, nullable=False),
        sa.Column("booking", sa.String(10)),
        sa.Column("created_at", _MOMENT, nullable=False),
        sa.Column("version", sa.Integer, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_needs"),
        sa.ForeignKeyConstraint(["patient"], ["patients.id"], name="fk_needs_patient_patients"),
    )
    op.create_index("ix_needs_week", "needs", ["clinic", "week", "id"])
    op.create_index("ix_needs_booking", "needs", ["clinic", "booking", "week", "id"])
    op.create_index("ix_needs_patient", "needs", ["clinic", "patient", "week", "id"])
    op.create_table(
        "need_bookings",
        sa.Column("booking", sa.String(10), nullable=False),
        sa.Column("need", sa.String(32), nullable=False),
        sa.Column("stands", sa.Boolean, nullable=False),
        sa.Column("booked_at", _MOMENT, nullable=False),
        sa.Column("version", sa.Integer, nullable=False),
        sa.PrimaryKeyConstraint("booking", name="pk_need_bookings"),
    )
    op.create_index("ix_need_bookings_need", "need_bookings", ["need"])


def downgrade() -> None:
    """Drop them."""
    op.drop_table("need_bookings")
    op.drop_table("needs")
    op.drop_index("ix_patients_mobile", "patients")
