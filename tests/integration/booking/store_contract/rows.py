"""How the contract writes rows into the store, and what they are where nothing else is said."""

from typing import Any

from services.booking.model.history import Entry
from services.booking.model.holds import Hold
from services.booking.model.needs import Need
from services.booking.store import BookingStore
from shared.bus.events.unit_of_work import UnitOfWork
from tests.builders.booking.bookings import HOUR, a_booking
from tests.builders.booking.world import CLINIC, NOW, START

Work = UnitOfWork[BookingStore]

WEEK = "2026-W49"


def an_entry(position: int = 1, booking: str = "A", **changes: Any) -> Entry:
    """Return an entry of a booking's history."""
    known = {
        "booking": booking, "clinic": CLINIC, "position": position, "at": NOW, "type": "BookingCreated",
        "actor": {"kind": "patient", "id": None}, "source": None, "changes": {}, "version": 1, "previous_hash": "",
        "hash": "f" * 64,
    }  # fmt: skip
    return Entry(**{**known, **changes})


def book(work: Work, *references: str, **changes: Any) -> None:
    """Write bookings."""
    with work() as store:
        for reference in references:
            store.add_booking(a_booking(reference=reference, **changes))


def a_need(id: str = "n1", **changes: Any) -> Need:
    """Return a need of Eva's that is open, with whoever it is."""
    known = {"clinic": CLINIC, "patient": "eva", "type": "visit", "practitioner": None, "minutes": 30, "week": WEEK}
    return Need(id=id, **{**known, "state": "open", "version": 1, "person": "sealed", **changes})


def keep(work: Work, *needs: Need) -> None:
    """Write needs."""
    with work() as store:
        store.keep_needs(needs)


def a_hold(id: str = "h", **changes: Any) -> Hold:
    """Return a hold of an hour of Anna's that is given back at NOW."""
    known = {
        "clinic": CLINIC, "state": "held", "type": "visit", "practitioner": "anna", "any_practitioner": False,
        "resources": (), "starts_at": START, "ends_at": START + HOUR, "busy_from": START, "busy_to": START + HOUR,
        "minutes": 60, "revision": 1, "expires_at": NOW,
    }  # fmt: skip
    return Hold(id=id, **{**known, **changes})
