"""What the report on online booking is counted in (PRODUCT A2, ADR 50).

What was booked before is counted little by little by the running service: the row of `report_backfill` says so.
"""

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"

_TABLES = ("report_counts", "report_refusals", "report_counted", "report_backfill")


def upgrade() -> None:
    """Make the tables, and note what is still to be counted."""
    op.create_table(
        "report_counts",
        sa.Column("clinic", sa.String(64), nullable=False),
        sa.Column("day", sa.Date, nullable=False),
        sa.Column("type", sa.String(64), nullable=False),
        sa.Column("practitioner", sa.String(64), nullable=False),
        sa.Column("origin", sa.String(16), nullable=False),
        sa.Column("visits", sa.Integer, nullable=False),
        sa.Column("bookings", sa.Integer, nullable=False),
        sa.Column("moves", sa.Integer, nullable=False),
        sa.Column("cancellations", sa.Integer, nullable=False),
        sa.Column("missed", sa.Integer, nullable=False),
        sa.Column("lead_minutes", sa.BigInteger, nullable=False),
        sa.PrimaryKeyConstraint("clinic", "day", "type", "practitioner", "origin", name="pk_report_counts"),
    )
    op.create_table(
        "report_refusals",
        sa.Column("clinic", sa.String(64), nullable=False),
        sa.Column("day", sa.Date, nullable=False),
        sa.Column("code", sa.String(32), nullable=False),
        sa.Column("type", sa.String(64), nullable=False),
        sa.Column("practitioner", sa.String(64), nullable=False),
        sa.Column("weekday", sa.Integer, autoincrement=False, nullable=False),
        sa.Column("hour", sa.Integer, autoincrement=False, nullable=False),
        sa.Column("count", sa.Integer, nullable=False),
        sa.PrimaryKeyConstraint(
            "clinic", "day", "code", "type", "practitioner", "weekday", "hour", name="pk_report_refusals"
        ),
    )
    op.create_table(
        "report_counted",
        sa.Column("booking", sa.String(10), nullable=False),
        sa.Column("version", sa.Integer, autoincrement=False, nullable=False),
        sa.PrimaryKeyConstraint("booking", "version", name="pk_report_counted"),
    )
    op.create_table(
        "report_backfill",
        sa.Column("number", sa.Integer, autoincrement=False, nullable=False),
        sa.Column("after", sa.String(10), nullable=False),
        sa.PrimaryKeyConstraint("number", name="pk_report_backfill"),
    )
    op.execute("INSERT INTO report_backfill (number, after) SELECT 1, '' WHERE EXISTS (SELECT 1 FROM bookings)")


def downgrade() -> None:
    """Drop them."""
    for table in reversed(_TABLES):
        op.drop_table(table)
