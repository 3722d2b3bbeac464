"""Reminders: what is remembered of bookings and patients' switches, and what each clinic's reminders are planned by."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"

_MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    """Make the tables."""
    op.add_column("messages", sa.Column("before", sa.String(16)))
    op.create_table(
        "appointments",
        sa.Column("reference", sa.String(16), nullable=False),
        sa.Column("clinic", sa.String(64), nullable=False),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("start", _MOMENT, nullable=False),
        sa.Column("sms_reminder", sa.Boolean, nullable=False),
        sa.Column("facts", sa.Text),
        sa.PrimaryKeyConstraint("reference", name="pk_appointments"),
    )
    standing = sa.text("facts IS NOT NULL")
    op.create_index(
        "ix_appointments_standing",
        "appointments",
        ["clinic", "start", "reference"],
        postgresql_where=standing,
        sqlite_where=standing,
    )
    op.create_table(
        "patients",
        sa.Column("id", sa.String(32), nullable=False),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("sms_reminder", sa.Boolean, nullable=False),
        sa.Column("sms_ok", sa.Boolean),
        sa.Column("email_ok", sa.Boolean),
        sa.PrimaryKeyConstraint("id", name="pk_patients"),
    )
    op.create_table(
        "booked_patients",
        sa.Column("booking", sa.String(16), nullable=False),
        sa.Column("patient", sa.String(32), nullable=False),
        sa.PrimaryKeyConstraint("booking", name="pk_booked_patients"),
    )
    op.create_index("ix_booked_patients_patient", "booked_patients", ["patient"])
    op.create_table(
        "reminder_rules",
        sa.Column("clinic", sa.String(64), nullable=False),
        sa.Column("revision", sa.Integer, nullable=False),
        sa.Column("rules", sa.Text, nullable=False),
        sa.Column("behind_start", _MOMENT),
        sa.Column("behind_reference", sa.String(16)),
        sa.PrimaryKeyConstraint("clinic", name="pk_reminder_rules"),
    )


def downgrade() -> None:
    """Drop the tables."""
    for table in ("reminder_rules", "booked_patients", "patients", "appointments"):
        op.drop_table(table)
    op.drop_column("messages", "before")
