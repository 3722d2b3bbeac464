"""Bookings as their rows hold them, and what was found free for them."""

from datetime import timedelta
from typing import Any

from services.booking.model.bookings import Booking
from services.booking.model.choosing import Taken
from shared.clinic.starts.candidates import Candidate
from tests.builders.booking.world import CLINIC, NOW, START

HOUR = timedelta(hours=1)


def a_booking(**changes: Any) -> Booking:
    """Return a booking of one hour with Anna, at START unless another start is given."""
    start = changes.get("starts_at", START)
    known = {
        "reference": "7K3M9PQR2T",
        "clinic": CLINIC,
        "status": "booked",
        "origin": "web",
        "type": "visit",
        "practitioner": "anna",
        "starts_at": start,
        "ends_at": start + HOUR,
        "busy_from": start,
        "busy_to": start + HOUR,
        "minutes": 60,
        "resources": (),
        "hold": None,
        "patient_id": None,
        "need": None,
        "person": "sealed",
        "language": "sv",
        "sms_reminder": True,
        "epoch": 1,
        "version": 1,
        "revision": 1,
        "created_at": NOW,
        "history_length": 0,
        "history_head": "",
    }
    return Booking(**{**known, **changes})


def found_free(booking: Booking, *, later: timedelta = timedelta(0), **changes: Any) -> Taken:
    """Return the booking's own time, moved and changed, as one that is free."""
    time = {
        "practitioner": booking.practitioner,
        "start": booking.starts_at + later,
        "end": booking.ends_at + later,
        "busy_from": booking.busy_from + later,
        "busy_to": booking.busy_to + later,
        "minutes": booking.minutes,
        "accepts_new": True,
        "uses": (),
    }
    return Taken(Candidate(**{**time, **changes}), booking.resources)
