"""Whose word a record's consent is: the clinic's, or that of somebody on the web (CONTRACTS 1, Patients)."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"

_PATIENTS = sa.table(
    "patients",
    sa.column("origin", sa.String),
    sa.column("version", sa.Integer),
    sa.column("sms_ok", sa.Boolean),
    sa.column("email_ok", sa.Boolean),
    sa.column("sms_ok_noted", sa.Boolean),
    sa.column("email_ok_noted", sa.Boolean),
)


def upgrade() -> None:
    """Take as the web's word what stands in records that the web has made and nobody has changed since."""
    known = _PATIENTS.c
    changed = sa.or_(known.origin != "web", known.version > 1)
    for name in ("sms_ok", "email_ok"):
        op.add_column("patients", sa.Column(f"{name}_noted", sa.Boolean, nullable=False, server_default=sa.false()))
        noted = sa.and_(changed, known[name].is_not(None))
        op.execute(sa.update(_PATIENTS).where(noted).values({f"{name}_noted": True}))


def downgrade() -> None:
    """Take the columns away again."""
    op.drop_column("patients", "email_ok_noted")
    op.drop_column("patients", "sms_ok_noted")
