"""Moments on a clinic's wall clock, and a booking that is to be moved."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from shared.clinic.starts.asked import Moving
from tests.builders.clinics.documents import Document

TUESDAY = "2026-12-01"
NOW = datetime(2026, 11, 2, 12, tzinfo=UTC)


def moment(document: Document, wall: str) -> datetime:
    """Return the moment `YYYY-MM-DDTHH:MM`, or `HH:MM` of TUESDAY, on the clinic's clock."""
    text = wall if "T" in wall else f"{TUESDAY}T{wall}"
    return datetime.fromisoformat(text).replace(tzinfo=ZoneInfo(document["time_zone"]))


def a_move(document: Document, start: str, minutes: int = 30, practitioner: str | None = "anna") -> Moving:
    """Return a booking that is to be moved."""
    begins = moment(document, start)
    return Moving(practitioner, minutes, begins.astimezone(UTC), "REFERENCE0", begins.date())
