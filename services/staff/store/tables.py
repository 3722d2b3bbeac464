"""Staff's tables."""

from sqlalchemy import BigInteger, Boolean, Column, ForeignKey, Index, Integer, String, Table, Text, UniqueConstraint

from shared.bus.events.inbox import inbox_table
from shared.bus.events.outbox import outbox_table
from shared.storage.database import UtcDateTime, new_metadata
from shared.storage.keys.resealing import BY_EVENT_KEYS

metadata = new_metadata()
outbox = outbox_table(metadata)
inbox = inbox_table(metadata)

accounts = Table(
    "accounts",
    metadata,
    Column("id", String(32), primary_key=True),
    Column("email", String(254), nullable=False),
    Column("email_key", Text, nullable=False),
    Column("password_hash", Text),
    Column("revision", Integer, nullable=False),
    Column("created_at", UtcDateTime, nullable=False),
    UniqueConstraint("email_key", name="uq_accounts_email_key"),
)

memberships = Table(
    "memberships",
    metadata,
    Column("account", String(32), ForeignKey("accounts.id"), primary_key=True),
    Column("clinic", String(64), primary_key=True),
    Column("role", String(16), nullable=False),
    Column("practitioner", String(64)),
    Column("accepted", Boolean, nullable=False),
    Index("ix_memberships_clinic", "clinic", "account"),
)
"""Who works where, and who is invited to."""

links = Table(
    "links",
    metadata,
    Column("id", String(32), primary_key=True),
    Column("account", String(32), ForeignKey("accounts.id"), nullable=False),
    Column("purpose", String(16), nullable=False),
    Column("clinic", String(64)),
    Column("email_key", Text, nullable=False),
    Column("created_at", UtcDateTime, nullable=False),
    Column("until", UtcDateTime, nullable=False),
    Index("ix_links_account", "account", "created_at"),
    Index("ix_links_until", "until"),
)
"""By which passwords are chosen; their tokens are derived, and stand nowhere."""

calendar_feeds = Table(
    "calendar_feeds",
    metadata,
    Column("id", String(32), primary_key=True),
    Column("account", String(32), ForeignKey("accounts.id"), nullable=False),
    Column("clinic", String(64), nullable=False),
    Column("practitioner", String(64), nullable=False),
    Column("names", Boolean, nullable=False),
    Column("language", String(8), nullable=False),
    Column("created_at", UtcDateTime, nullable=False),
    Column("fetched_at", UtcDateTime),
    Index("ix_calendar_feeds_account", "account", "clinic"),
    Index("ix_calendar_feeds_clinic", "clinic", "created_at"),
)
"""Practitioners' calendars for calendar programs; their tokens are derived, and stand nowhere."""

two_steps = Table(
    "two_steps",
    metadata,
    Column("owner", String(32), primary_key=True),
    Column("secret", Text, nullable=False, info=BY_EVENT_KEYS),
    Column("confirmed", Boolean, nullable=False),
    Column("last_step", BigInteger),
)
"""Second steps of logins, of accounts by their ids, and of the administrator of the environment."""

recovery_codes = Table(
    "recovery_codes",
    metadata,
    Column("owner", String(32), primary_key=True),
    Column("hash", String(64), primary_key=True),
)
"""What the codes that stand for an app are found by; one that was used is gone."""
