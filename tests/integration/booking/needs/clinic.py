"""A clinic whose visits are controlled by needs, and what is known of its patients."""

from datetime import timedelta
from typing import Any

from tests.builders.booking.world import PATIENT
from tests.integration.booking.calls import Calls

FIRST, SECOND, THIRD = ("1" * 32, "2" * 32, "3" * 32)
CHILD = "b" * 32
HALF_HOUR = timedelta(minutes=30)
NUMBER, OTHER_NUMBER = "191212121212", "201001012390"


def controlled(**needs: Any) -> dict[str, Any]:
    """Return the type of visits, controlled by needs."""
    return {"key": "visit", "name": "B", "length": "30m", "needs": {"controlled": True, **needs}}


def numbered(calls: Calls, **changes: Any) -> None:
    """Let the clinic ask for Swedish numbers."""
    calls.world.change_document(identity="se.personnummer", types=[controlled()], **changes)


def person_with(number: str | None, **changes: Any) -> dict[str, Any]:
    """Return what a need knows of a patient with this number."""
    return {"identity": number and {"scheme": "se.personnummer", "number": number}, **changes}


def typed(number: str = NUMBER, **changes: Any) -> dict[str, Any]:
    """Return what the patient with this number types."""
    return {**PATIENT, "birth_date": None, "national_id": number, **changes}
