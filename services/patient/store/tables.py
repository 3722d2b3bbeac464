"""Patient's tables."""

from sqlalchemy import (
    Boolean,
    Column,
    Date,
    ForeignKey,
    Index,
    Integer,
    String,
    Table,
    Text,
    UniqueConstraint,
    false,
    text,
)  # fmt: skip

from shared.bus.events.inbox import inbox_table
from shared.bus.events.outbox import outbox_table
from shared.retention.runs import runs_table
from shared.storage.database import Json, UtcDateTime, new_metadata
from shared.storage.keys.resealing import BY_EVENT_KEYS, BY_IDENTITY_KEYS

ON_POSTGRESQL = {"dialect": "postgresql"}
ON_SQLITE = {"dialect": "sqlite"}
"""Where only one of the two databases has an index."""

_NOT_TOLD = text("doubts_told IS NULL")
_LISTS_OF_NEEDS = {
    "open": (text("NOT closed AND booking IS NULL"), text("closed = 0 AND booking IS NULL")),
    "used": (text("NOT closed AND booking IS NOT NULL"), text("closed = 0 AND booking IS NOT NULL")),
    "closed": (text("closed"), text("closed = 1")),
}
"""Each need stands in one of them: what they cost is what one costs. The words are those of the queries."""

metadata = new_metadata()
retention_runs = runs_table(metadata)
outbox = outbox_table(metadata)
inbox = inbox_table(metadata)

patients = Table(
    "patients",
    metadata,
    Column("id", String(32), primary_key=True),
    Column("clinic", String(64), nullable=False),
    Column("scheme", String(32)),
    Column("number_hash", String(64)),
    Column("number_sealed", Text, info=BY_IDENTITY_KEYS),
    Column("birth_date", Date),
    Column("first_name", String(100), nullable=False),
    Column("last_name", String(100), nullable=False),
    Column("name_key", Text, nullable=False),
    Column("sort_key", Text, nullable=False),
    Column("mobile", String(16)),
    Column("email", String(254)),
    Column("sms_ok", Boolean),
    Column("email_ok", Boolean),
    Column("sms_reminder", Boolean, nullable=False),
    Column("origin", String(16), nullable=False),
    Column("created_at", UtcDateTime, nullable=False),
    Column("version", Integer, nullable=False),
    Column("mobile_unconfirmed", Boolean, nullable=False, server_default=false()),
    Column("mobile_confirmed", Boolean, nullable=False, server_default=false()),
    Column("email_confirmed", Boolean, nullable=False, server_default=false()),
    Column("doubts_told", Boolean),
    Column("sms_ok_noted", Boolean, nullable=False, server_default=false()),
    Column("email_ok_noted", Boolean, nullable=False, server_default=false()),
    Column("note_sealed", Text, info=BY_EVENT_KEYS),
    Column("made_by", String(64)),
    Column("sms_ok_said", Json),
    Column("email_ok_said", Json),
    UniqueConstraint("clinic", "scheme", "number_hash", name="uq_patients_number"),
    Index("ix_patients_name_key", "clinic", "name_key"),
    Index("ix_patients_sort_key", "clinic", "sort_key", "id", info=ON_POSTGRESQL),
    Index(
        "ix_patients_parts",
        "name_key",
        "email",
        "mobile",
        postgresql_using="gin",
        postgresql_ops=dict.fromkeys(("name_key", "email", "mobile"), "gin_trgm_ops"),
        postgresql_with={"fastupdate": "off"},
        info=ON_POSTGRESQL,
    ),
    Index("ix_patients_parts", "clinic", "sort_key", "id", "name_key", "email", "mobile", info=ON_SQLITE),
    Index("ix_patients_mobile", "clinic", "mobile"),
    Index("ix_patients_created_at", "clinic", "created_at", "id"),
    Index("ix_patients_doubts_not_told", "id", postgresql_where=_NOT_TOLD, sqlite_where=_NOT_TOLD),
)
"""The patients. `mobile_unconfirmed` is what processes of version 0.1.0 read and write of `mobile_confirmed`.

`doubts_told` is null of the records that such a process has made, until others were told what of them is unconfirmed.
`sms_ok_said` and `email_ok_said` are `{ok, at, kind, id}`: whose word it is (`model.consent.Word`), and which.
"""

needs = Table(
    "needs",
    metadata,
    Column("id", String(32), primary_key=True),
    Column("clinic", String(64), nullable=False),
    Column("patient", String(32), ForeignKey("patients.id"), nullable=False),
    Column("type", String(64), nullable=False),
    Column("practitioner", String(64)),
    Column("minutes", Integer, nullable=False),
    Column("week", String(8), nullable=False),
    Column("closed", Boolean, nullable=False),
    Column("booking", String(10)),
    Column("created_at", UtcDateTime, nullable=False),
    Column("version", Integer, nullable=False),
    Index("ix_needs_week", "clinic", "week", "id"),
    Index("ix_needs_type", "clinic", "type", "week", "id"),
    Index("ix_needs_patient", "clinic", "patient", "week", "id"),
    *(
        Index(f"ix_needs_{name}", "clinic", "week", "id", postgresql_where=on_postgresql, sqlite_where=on_sqlite)
        for name, (on_postgresql, on_sqlite) in _LISTS_OF_NEEDS.items()
    ),
)

need_bookings = Table(
    "need_bookings",
    metadata,
    Column("booking", String(10), primary_key=True),
    Column("need", String(32), nullable=False),
    Column("stands", Boolean, nullable=False),
    Column("booked_at", UtcDateTime, nullable=False),
    Column("version", Integer, nullable=False),
    Index("ix_need_bookings_need", "need"),
)
"""The bookings that were made with a need, as their newest event told; one that is cancelled no longer stands.

`needs.booking` is drawn from them: the one that uses the need, so that lists need not look here.
"""

openings = Table(
    "openings",
    metadata,
    Column("position", Integer, primary_key=True, autoincrement=True),
    Column("clinic", String(64), nullable=False),
    Column("patient", String(32)),
    Column("at", UtcDateTime, nullable=False),
    Column("actor_kind", String(16), nullable=False),
    Column("actor_id", String(254)),
    Column("what", String(16), nullable=False),
    Column("booking", String(16)),
    Index("ix_openings_clinic", "clinic", "position"),
    Index("ix_openings_clinic_at", "clinic", "at"),
    Index("ix_openings_actor", "clinic", "actor_id", "position"),
    Index("ix_openings_patient", "clinic", "patient", "position"),
)
"""Who has opened which record when. It outlives the record: whose it was is asked for afterwards, too."""

anchors = Table(
    "anchors",
    metadata,
    Column("clinic", String(64), primary_key=True),
    Column("day", Date, primary_key=True),
    Column("number", Integer, nullable=False),
    Column("hash", String(64), nullable=False),
    Column("at", UtcDateTime, nullable=False),
)
"""The last checkpoint over booking's histories of each clinic and day (UTC), as it was told: what it pins stays so."""

erasures = Table(
    "erasures",
    metadata,
    Column("patient", String(32), primary_key=True),
    Column("clinic", String(64), nullable=False),
    Column("at", UtcDateTime, nullable=False),
    Column("bookings_at", UtcDateTime),
    Column("messages_at", UtcDateTime),
)
"""Which records were erased, and when booking and notification have said that they hold nothing of the person now."""

erased_bookings = Table("erased_bookings", metadata, Column("reference", String(10), primary_key=True))
"""The bookings of erased patients: no event of theirs that comes late makes a record again."""

imported = Table(
    "imported",
    metadata,
    Column("clinic", String(64), primary_key=True),
    Column("key", String(64), primary_key=True),
    Column("subject", String(32), nullable=False),
    Column("told", Json, nullable=False),
    Column("at", UtcDateTime, nullable=False),
    Index("ix_imported_subject", "clinic", "subject"),
)
"""Which record or need, the `subject`, a line of a former system's file has become, by a keyed hash of its key there.

`told` are keyed hashes of what the line last said, by field: what of the record is still as it came. It outlives the
record: what was erased here comes back by no later file.
"""
