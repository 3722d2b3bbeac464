"""The tables: what was, is or will be sent, and what is known of the bookings that it tells of."""

from typing import Any

from sqlalchemy import Boolean, Column, Index, Integer, String, Table, Text, UniqueConstraint, text

from shared.bus.events.inbox import inbox_table
from shared.bus.events.outbox import outbox_table
from shared.retention.runs import runs_table
from shared.storage.database import Json, UtcDateTime, new_metadata
from shared.storage.keys.resealing import BY_EVENT_KEYS


def _where(condition: str) -> dict[str, Any]:
    return {f"{dialect}_where": text(condition) for dialect in ("postgresql", "sqlite")}


metadata = new_metadata()
retention_runs = runs_table(metadata)
outbox = outbox_table(metadata)
inbox = inbox_table(metadata)

messages = Table(
    "messages",
    metadata,
    Column("id", String(32), primary_key=True),
    Column("clinic", String(64), nullable=False),
    Column("time_zone", String(64), nullable=False),
    Column("event", String(32), nullable=False),
    Column("channel", String(8), nullable=False),
    Column("audience", String(16), nullable=False),
    Column("content", Text, nullable=False, info=BY_EVENT_KEYS),
    Column("state", String(16), nullable=False),
    Column("booking", String(16)),
    Column("booking_version", Integer, nullable=False),
    Column("left_practitioner", String(64)),
    Column("source_event", String(32), nullable=False),
    Column("correlation_id", Text, nullable=False),
    Column("recipient", String(64), nullable=False),
    Column("created_at", UtcDateTime, nullable=False),
    Column("due_at", UtcDateTime, nullable=False),
    Column("attempts", Integer, nullable=False),
    Column("lease_until", UtcDateTime),
    Column("sent_at", UtcDateTime),
    Column("failure", Text),
    Column("before", String(16)),
    Column("expires_at", UtcDateTime),
    Column("handed_over_at", UtcDateTime),
    Column("provider_id", String(64)),
    Column("version", Integer, nullable=False),
    Column("recall", String(32)),
    Column("recall_issue", Integer),
    Column("resend_of", String(32)),
    Column("resent_at", UtcDateTime),
    Column("resent_by", Json),
    UniqueConstraint("source_event", "audience", "channel", "recipient", name="uq_messages_ledger"),
    Index("ix_messages_created_at", "created_at", "id"),
    Index("ix_messages_clinic", "clinic", "created_at", "id"),
    Index("ix_messages_state", "clinic", "state", "created_at", "id"),
    Index("ix_messages_booking", "booking"),
    Index("ix_messages_planned", "channel", "due_at", "id", **_where("state = 'planned'")),
    Index("ix_messages_with_provider_id", "provider_id", **_where("provider_id IS NOT NULL")),
    Index("ix_messages_with_recall", "recall", **_where("recall IS NOT NULL")),
    Index("ix_messages_with_resend_of", "resend_of", **_where("resend_of IS NOT NULL")),
    Index("ix_messages_recipient", "recipient", "created_at"),
    Index("ix_messages_codes", "created_at", **_where("event = 'login_code' AND expires_at IS NOT NULL")),
    Index("ix_messages_of_somebody", "clinic", "due_at", "id", **_where("recipient <> id AND state <> 'planned'")),
    Index("ix_messages_failed", "clinic", "created_at", "id", **_where("state = 'failed' AND resent_at IS NULL")),
)
"""What was, is or will be sent; never deleted when it is. The `recipient` of one that was emptied is its own id."""

bookings = Table(
    "bookings",
    metadata,
    Column("reference", String(16), primary_key=True),
    Column("version", Integer, nullable=False),
    Column("practitioner", String(64), nullable=False),
    Column("link_version", Integer),
)
"""The newest version of each booking that an event has told of: what an older message says is no longer true.

From `link_version` on it has the link that it has now, so that an older message to its patient leads nowhere.
"""

appointments = Table(
    "appointments",
    metadata,
    Column("reference", String(16), primary_key=True),
    Column("clinic", String(64), nullable=False),
    Column("version", Integer, nullable=False),
    Column("start", UtcDateTime, nullable=False),
    Column("sms_reminder", Boolean, nullable=False),
    Column("facts", Text, info=BY_EVENT_KEYS),
    Index("ix_appointments_standing", "clinic", "start", "reference", **_where("facts IS NOT NULL")),
)
"""The newest state of each booking, as far as reminders need it; `facts` are sealed, null where it stands no more."""

patients = Table(
    "patients",
    metadata,
    Column("id", String(32), primary_key=True),
    Column("version", Integer, nullable=False),
    Column("sms_reminder", Boolean, nullable=False),
    Column("sms_ok", Boolean),
    Column("email_ok", Boolean),
)
"""The switches of patients' records; no names and no addresses."""

booked_patients = Table(
    "booked_patients",
    metadata,
    Column("booking", String(16), primary_key=True),
    Column("patient", String(32), nullable=False),
    Index("ix_booked_patients_patient", "patient"),
)
"""Whose bookings they are."""

erased_needs = Table("erased_needs", metadata, Column("need", String(32), primary_key=True))
"""The needs of erased patients: no recall of theirs that comes late is written. Of bookings `bookings` tells it."""

reminder_rules = Table(
    "reminder_rules",
    metadata,
    Column("clinic", String(64), primary_key=True),
    Column("revision", Integer, nullable=False),
    Column("rules", Text, nullable=False),
    Column("behind_start", UtcDateTime),
    Column("behind_reference", String(16)),
)
"""What each clinic's reminders are planned by; where `behind_start` is set, later bookings are to be planned anew."""

stopped_numbers = Table(
    "stopped_numbers",
    metadata,
    Column("recipient", String(64), primary_key=True),
    Column("stopped_at", UtcDateTime, nullable=False),
)
"""Who has asked by STOP to get no SMS, by the same keyed hash as `messages.recipient` (PRODUCT N5)."""
