"""What availability shows others: its RPC methods and its events."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

SERVICE = "availability"

METHODS = (
    "profile", "days", "slots", "next_slots", "free_slots", "next_free", "check_slot", "document",
    "document_shape", "check_document", "preview_document", "apply_document", "document_history", "document_state",
    "document_without", "merge_document", "absences", "add_absence", "update_absence", "remove_absence",
    "check_absence", "links", "clinics", "schedule", "picture", "put_picture", "remove_picture", "former_picture",
    "restore_picture", "reconcile", "reconcile_unknown", "ping",
)  # fmt: skip

MOST_DAYS_OF_LEVELS = 92
MOST_DAYS_OF_SLOTS = 31
"""How many days one call of `days` and of `slots` may ask for, and what booking asks them in turn."""

MOST_DAYS_OF_CALENDAR = 14
"""How many dates of the staff's calendar one call may ask for: of `schedule` here, of `calendar` in booking."""

MOST_DAYS_OF_FEED = 400
"""How many dates of a practitioner's calendar a calendar program is given: of `calendar_feed` in booking (C16)."""

CLINIC_CHANGED = "ClinicChanged"
"""The document was applied, or a picture of the clinic's was put or removed: then it is the same document."""

SCHEDULE_CHANGED = "ScheduleChanged"
"""An absence was entered, changed or removed."""


@dataclass(frozen=True, kw_only=True)
class ClinicState:
    """A clinic's document from now on. Subject: the clinic; version: the revision."""

    revision: int
    document: Mapping[str, Any]
    """In normal form (docs/clinic-document.md)."""


@dataclass(frozen=True, kw_only=True)
class AbsenceState:
    """An absence from now on. Subject: the clinic; version: the revision. `document` has the rest of the clinic."""

    revision: int
    absence: str
    """Its id."""
    practitioner: str | None
    """Whose it is; where neither is named, the whole clinic's."""
    resource: str | None
    start: datetime
    end: datetime
    removed: bool
    """Whether it was taken back: then its times are those that it had."""


EVENTS: Mapping[str, type] = {CLINIC_CHANGED: ClinicState, SCHEDULE_CHANGED: AbsenceState}
"""What each event's `data` holds."""
