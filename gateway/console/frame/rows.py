"""Bookings as the lists of the console show them: when, who, for what, with whom, by names that people know."""

from collections.abc import Iterable, Mapping
from typing import Any

from gateway.console.frame.here import Here
from gateway.views.rendering import moment


def rows_of(here: Here, bookings: Iterable[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """Return the bookings as a list shows them."""
    return [row_of(here, booking) for booking in bookings]


def row_of(here: Here, booking: Mapping[str, Any]) -> dict[str, Any]:
    """Return one booking as a list shows it, by names that people know."""
    person = booking["patient"]
    return {
        "reference": booking["reference"],
        "version": booking["version"],
        "start": moment(booking["start"], here.zone),
        "end": moment(booking["end"], here.zone),
        "patient": f"{person['first_name'] or ''} {person['last_name'] or ''}".strip() or booking["reference"],
        "patient_id": person["id"],
        "mobile": person["mobile"],
        "email": person["email"],
        "type": here.names.type(booking["type"]),
        "practitioner": here.names.practitioner(booking["practitioner"]),
        "invited": bool(booking.get("invited")),
    }
