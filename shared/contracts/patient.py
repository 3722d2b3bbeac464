"""What patient shows others: its RPC methods and its events.

A need over RPC is `{id, patient, type, practitioner, minutes, week, state: open|used|expired|closed, usable_until,
booking}`: `usable_until` is a date or null (no limit), `booking` the reference that uses it or null. Patients are shown
only what they may book with, and `patient` as null.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated, Literal

from shared.contracts.people import Contact, Person
from shared.contracts.plain import Seals

SERVICE = "patient"

METHODS = (
    "identify", "of_login", "people", "person", "find", "get", "add", "update", "export", "access_log",
    "retention", "note_opening", "history_anchors", "erase", "erasure", "needs", "add_need", "close_need",
    "need_states", "import_patients", "import_needs", "resolve_imported", "reconcile", "reconcile_unknown", "ping",
)  # fmt: skip

PATIENT_CREATED = "PatientCreated"
"""A booking or staff made the record."""
PATIENT_UPDATED = "PatientUpdated"
"""The record changed, or a booking found it, be it unchanged: so that the two can be linked."""
NEED_ADDED = "NeedAdded"
"""Staff gave a need; or its patient's record changed, so that a recall reaches them where they are now."""
NEED_CLOSED = "NeedClosed"
"""Staff took a need back; it never opens again."""

PATIENT_ERASED = "PatientErased"
"""The record is gone; whoever holds anything of the person forgets it, and what comes late of them."""

NeedStatus = Literal["open", "closed"]


@dataclass(frozen=True, kw_only=True)
class PatientState:
    """A patient's record. Subject: the patient's id; version: the record's."""

    patient: str
    booking: str | None
    """The reference of the booking that made or found the patient; null where staff did."""
    sms_reminder: bool
    """Whether the clinic reminds this patient by SMS."""
    person: Annotated[str, Seals(Contact)]


@dataclass(frozen=True, kw_only=True)
class NeedState:
    """A need. Subject: its id; version: how often something was told of it.

    Whether a booking uses it is told by that booking's events.
    """

    need: str
    patient: str
    type: str
    practitioner: str | None
    """Null where whoever takes the type will do."""
    minutes: int
    week: str
    """An ISO week, `2026-W49`."""
    state: NeedStatus
    person: Annotated[str, Seals(Person)]
    """Of the patient at that moment."""


@dataclass(frozen=True, kw_only=True)
class PatientEnd:
    """A record that was erased. Subject: the patient's id; version: one more than the record's last."""

    needs: tuple[str, ...]
    """The ids of the needs that they had; they are gone, too."""


EVENTS: Mapping[str, type] = {
    PATIENT_CREATED: PatientState,
    PATIENT_UPDATED: PatientState,
    NEED_ADDED: NeedState,
    NEED_CLOSED: NeedState,
    PATIENT_ERASED: PatientEnd,
}
"""What each event's `data` holds."""
