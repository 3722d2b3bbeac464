"""What was typed, read as a booking's reference: as people read one out, copy or misspell it (PRODUCT C8)."""

from typing import Any

from gateway.clients.services import Services
from shared.contracts.errors import Forbidden
from shared.ids import SIGNS

_LENGTH = 10
_BETWEEN = str.maketrans("", "", " -\u00a0\u2011")
_MISREAD = str.maketrans("OIL", "011")
"""Letters that no reference has, for what they look like."""


def reference_in(text: str) -> str | None:
    """Return the reference that `text` could be, None where it is none; ten digits alone are a telephone number."""
    signs = text.translate(_BETWEEN).upper().translate(_MISREAD)
    could_be = len(signs) == _LENGTH and all(sign in SIGNS for sign in signs)
    return signs if could_be and not signs.isdigit() else None


def booking_named(services: Services, clinic: str, text: str) -> dict[str, Any] | None:
    """Return the clinic's booking whose reference was typed, None where there is none, or none for whoever acts."""
    reference = reference_in(text)
    if reference is None:
        return None
    try:
        found: list[dict[str, Any]] = services.booking.find(clinic, reference=reference)["bookings"]
    except Forbidden:
        return None
    return next(iter(found), None)


def found_patients(services: Services, clinic: str, **asked: Any) -> dict[str, Any]:
    """Return a page of the patients that `q` finds, by the reference of a booking too."""
    booking = booking_named(services, clinic, asked.get("q", ""))
    if booking is not None and booking["patient"]["id"]:
        asked = {**asked, "q": booking["patient"]["id"]}
    found: dict[str, Any] = services.patient.find(clinic, **{"q": "", **asked})
    return found
