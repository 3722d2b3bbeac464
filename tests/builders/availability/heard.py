"""What availability hears of booking in the tests of its database: time of Anna's and of room 1."""

from datetime import UTC, datetime, timedelta
from typing import Any

from services.availability.document import check
from services.availability.store import AvailabilityStore
from shared.bus.events.unit_of_work import UnitOfWork
from shared.contracts.envelope import Event
from tests.builders.clinics.written import a_written_document

NOW = datetime(2026, 11, 30, 8, 0, tzinfo=UTC)
NINE = datetime(2026, 12, 7, 9, 0, tzinfo=UTC)
HALF_HOUR = timedelta(minutes=30)


def an_event(type: str, subject: str, version: int = 1, start: datetime = NINE, **data: Any) -> Event:
    """Return an event of booking that concerns half an hour of Anna's and room 1."""
    state = {
        "practitioner": "anna",
        "resources": ["room-1"],
        "status": "cancelled" if type == "BookingCancelled" else "booked",
        "hold": None,
        "busy_from": start.isoformat(),
        "busy_to": (start + HALF_HOUR).isoformat(),
        "expires_at": (NOW + timedelta(minutes=10)).isoformat(),
    }
    return Event("id", type, "booking", NOW.isoformat(), "solna", subject, version, {}, "c", state | data)


def a_clinic(work: UnitOfWork[AvailabilityStore]) -> None:
    """Store the clinic solna."""
    document = check(a_written_document(booking={"active": True})).document
    with work() as store:
        store.add_clinic("solna", document, NOW)
