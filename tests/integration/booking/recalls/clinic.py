"""What a clinic knows of Maja, whom it calls in, and who else works there."""

from datetime import timedelta
from typing import Any

from shared.actor import Actor
from shared.contracts.envelope import Event
from tests.builders.booking.world import CLINIC, KEYS, MAJA
from tests.integration.booking.calls import Calls

FIRST, SECOND = "1" * 32, "2" * 32
HALF_HOUR = timedelta(minutes=30)
BO = Actor(kind="staff", id="bo@solna.example", role="therapist", clinic=CLINIC, practitioner="bo")
RECORD = {
    "id": MAJA,
    "identity": {"scheme": "se.personnummer", "number": "191212121212"},
    "birth_date": "1912-12-12",
    "first_name": "Maja",
    "last_name": "Lund",
    "mobile": "+46701234567",
    "email": "maja@example.org",
    "sms_ok": None,
    "email_ok": True,
}


def known(calls: Calls, **changes: Any) -> None:
    """Change what the clinic knows of Maja."""
    calls.world.patients.records[MAJA] |= changes


def person_of(event: Event) -> dict[str, Any]:
    """Return an event's person, opened."""
    found: dict[str, Any] = KEYS.people.open(event.data["person"])
    return found
