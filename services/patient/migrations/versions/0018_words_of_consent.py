"""By whom and when it was said whether somebody may be sent messages (PRODUCT A3, B18a); null: not noted."""

import sqlalchemy as sa
from alembic import op

from shared.storage.database import Json

revision = "0018"
down_revision = "0017"


def upgrade() -> None:
    """Add the columns; of what was said so far nobody has noted it."""
    op.add_column("patients", sa.Column("sms_ok_said", Json))
    op.add_column("patients", sa.Column("email_ok_said", Json))


def downgrade() -> None:
    """Take the columns away again."""
    op.drop_column("patients", "email_ok_said")
    op.drop_column("patients", "sms_ok_said")
