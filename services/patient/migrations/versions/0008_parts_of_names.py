"""Patients are found by a part of their name, email or mobile without looking at all of a clinic's.

PostgreSQL keeps what has each three signs in a row. SQLite looks through the index that lists are ordered by, in
which all stands that is looked for.
"""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"

_TRIGRAMS = """
CREATE INDEX IF NOT EXISTS ix_patients_parts ON patients
USING gin (name_key gin_trgm_ops, email gin_trgm_ops, mobile gin_trgm_ops) WITH (fastupdate = off)
"""
"""No list of what is still to be entered: every search would go through it, and be planned without the index."""


def upgrade() -> None:
    """Make what this database has for it."""
    if op.get_bind().dialect.name == "postgresql":
        op.execute("CREATE EXTENSION IF NOT EXISTS pg_trgm")
        op.execute(_TRIGRAMS)
    else:
        op.create_index("ix_patients_parts", "patients", ["clinic", "sort_key", "id", "name_key", "email", "mobile"])
        op.drop_index("ix_patients_sort_key", "patients")


def downgrade() -> None:
    """Take it away again."""
    if op.get_bind().dialect.name != "postgresql":
        op.create_index("ix_patients_sort_key", "patients", ["clinic", "sort_key", "id"])
    op.execute(sa.text("DROP INDEX ix_patients_parts"))
