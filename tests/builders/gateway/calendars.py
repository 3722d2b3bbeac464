"""A clinic's calendar as the services answer it, for tests of what shows it."""

from typing import Any

from services.availability.document import check
from tests.builders.gateway.clinics import DOCUMENT

DAY = "2026-12-01"


def a_clinic(**changes: Any) -> dict[str, Any]:
    """Return the document, in normal form, of a clinic with colours, block kinds and rooms."""
    own = {
        "practitioners": [
            {"key": "anna", "name": "Anna Berg", "title": "Dentist", "colour": "#2f7d5b"},
            {"key": "erik", "name": "Erik Lund"},
        ],
        "resources": [{"key": "room-1", "name": "Rum 1"}, {"key": "room-2", "name": "Rum 2"}],
        "block_kinds": [
            {"key": "exam", "name": "Undersökning", "online": True, "colour": "#dff0e6"},
            {"key": "lunch", "name": "Lunch"},
        ],
        "types": [{**DOCUMENT["types"][0], "colour": "#aa0000"}, *DOCUMENT["types"][1:]],
    }
    read = check({**DOCUMENT, **own, **changes})
    assert not read.problems, read.problems
    return read.document


def a_booking(reference: str = "A", start: str = "14:30", end: str = "15:00", **changes: Any) -> dict[str, Any]:
    """Return a booking of Eva's with Anna as `booking.calendar` tells it."""
    known = {
        "reference": reference, "start": _at(start), "end": _at(end), "practitioner": "anna", "resources": [],
        "type": "exam", "status": "booked", "origin": "web", "first_name": "Eva", "last_name": "Lind", "message": None,
        "has_note": False, "arrived_at": None, "failed_message": False, "not_told": False, "version": 1,
    }  # fmt: skip
    return {**known, **changes}


def a_calendar(*bookings: dict[str, Any], holiday: str | None = None) -> dict[str, Any]:
    """Return Tuesday 1 December 2026: both work from 8 to 13, Anna is on a course from 15 to 17."""
    course = {"id": "c1", "start": _at("15:00"), "end": _at("17:00"), "reason": "Kurs"}
    blocks = [a_block("exam", "08:00", "12:00"), a_block("lunch", "12:00", "13:00", online=False)]
    closed = {"id": "r1", "start": _at("08:00"), "end": _at("09:00"), "reason": None}
    day = {
        "date": DAY, "holiday": holiday, "closed": holiday is not None,
        "practitioners": [
            {"key": "anna", "blocks": blocks, "absences": [course]}, {"key": "erik", "blocks": blocks, "absences": []},
        ],
        "resources": [{"key": "room-1", "absences": [closed]}, {"key": "room-2", "absences": []}],
    }  # fmt: skip
    return {"days": [day], "bookings": list(bookings)}


def a_block(kind: str, start: str, end: str, *, online: bool = True) -> dict[str, Any]:
    """Return a block of the day."""
    return {"kind": kind, "start": _at(start), "end": _at(end), "online": online}


def _at(clock: str) -> str:
    return f"{DAY}T{clock}:00+01:00"
