"""Which mobiles and emails the clinic has confirmed (CONTRACTS 1, Patients)."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"

_PATIENTS = sa.table(
    "patients",
    sa.column("mobile", sa.String),
    sa.column("email", sa.String),
    sa.column("origin", sa.String),
    sa.column("version", sa.Integer),
    sa.column("mobile_unconfirmed", sa.Boolean),
    sa.column("mobile_confirmed", sa.Boolean),
    sa.column("email_confirmed", sa.Boolean),
)


def upgrade() -> None:
    """Take what the web brought as unconfirmed, and what staff or record systems typed as confirmed.

    Of an email nobody noted whether the web has filled it in later: it counts where the record has never changed.
    """
    for name in ("mobile_confirmed", "email_confirmed"):
        op.add_column("patients", sa.Column(name, sa.Boolean, nullable=False, server_default=sa.false()))
    known = _PATIENTS.c
    ours = known.origin != "web"
    mobiles = sa.and_(ours, known.mobile.is_not(None), sa.not_(known.mobile_unconfirmed))
    emails = sa.and_(ours, known.email.is_not(None), known.version == 1)
    op.execute(sa.update(_PATIENTS).where(mobiles).values(mobile_confirmed=True))
    op.execute(sa.update(_PATIENTS).where(emails).values(email_confirmed=True))
    brought = sa.and_(known.mobile.is_not(None), sa.not_(known.mobile_confirmed))
    op.execute(sa.update(_PATIENTS).where(brought).values(mobile_unconfirmed=True))


def downgrade() -> None:
    """Take the columns away again."""
    op.drop_column("patients", "email_confirmed")
    op.drop_column("patients", "mobile_confirmed")
