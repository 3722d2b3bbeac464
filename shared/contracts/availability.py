"""What availability shows others: its RPC methods and its events."""

SERVICE = "availability"

METHODS = (
    "profile", "days", "slots", "check_slot", "document", "check_document", "apply_document", "absences",
    "add_absence", "update_absence", "remove_absence", "links", "clinics", "ping",
)  # fmt: skip

CLINIC_CHANGED = "ClinicChanged"
"""The document was applied. Subject: the clinic; version: the revision; data: `{revision, document}` (normal form)."""

SCHEDULE_CHANGED = "ScheduleChanged"
"""An absence was entered, changed or removed. Same subject, version and data as `ClinicChanged`."""

EVENTS = (CLINIC_CHANGED, SCHEDULE_CHANGED)
