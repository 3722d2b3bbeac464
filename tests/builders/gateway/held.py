"""What the services hold of Eva, as they answer who hands it out."""

from copy import deepcopy
from typing import Any

from tests.builders.gateway.patients import EVA, NEEDS, RECORD, a_booking
from tests.builders.gateway.world import World

ASKED = {"export", "needs", "access_log"}
"""What is asked for it."""


def a_held_booking(reference: str, start: str, status: str = "booked") -> dict[str, Any]:
    """Return one of her bookings as it is handed out: made on the web, and its note."""
    created = {
        "at": "2026-01-02T09:00:00+01:00", "type": "BookingCreated", "actor": {"kind": "patient", "id": None},
        "source": "192.0.2.7", "changes": {"start": [None, start]}, "version": 1,
    }  # fmt: skip
    patient = {name: RECORD[name] for name in ("id", "first_name", "last_name", "mobile", "email")}
    told = {
        "language": "en",
        "sms_ok": True,
        "email_ok": False,
        "patient": patient,
        "message": "Ring the bell.",
        "answers": {},
        "note": "Came late.",
        "history": [created],
    }
    return a_booking(reference, start, status, **told)


def answers_of_eva(world: World) -> None:
    """Let every service answer what it holds of her: two pages of bookings, and one of everything else."""
    message = {
        "id": "a" * 32, "clinic": "solna", "channel": "sms", "event": "reminder", "audience": "patient",
        "to": RECORD["mobile"], "state": "sent", "subject": None, "text": "Welcome on Monday.", "booking": "PAST000001",
        "at": "2026-01-10T10:00:00+01:00", "reason": None,
    }  # fmt: skip
    recall = {
        "reference": "PAST000001", "need": None, "created_at": "2026-01-02T09:00:00+01:00", "issued": 1,
        "issued_at": "2026-01-03T09:00:00+01:00", "channels": ["card"],
    }  # fmt: skip
    opened = {
        "at": "2026-11-20T10:00:00+01:00", "actor": {"kind": "staff", "id": "ann@solna.example"}, "patient": EVA,
        "what": "exported", "booking": None,
    }  # fmt: skip
    past = a_held_booking("PAST000001", "2026-01-12T09:00:00+01:00", "done")
    coming = a_held_booking("COMING0001", "2026-12-12T09:00:00+01:00")
    pages = {
        None: {"bookings": [past], "recalls": [recall], "next": "n"},
        "n": {"bookings": [coming], "recalls": [], "next": None},
    }

    def bookings(_clinic: str, *, patient: str, cursor: str | None = None) -> Any:
        return deepcopy(pages[cursor])

    world.patient.answers |= deepcopy(
        {
            "export": {"patient": RECORD, "imported_at": None},
            "needs": {"needs": NEEDS, "next": None},
            "access_log": {"access_log": [opened], "next": None},
        }
    )
    world.booking.answers["export"] = bookings
    world.notification.answers["export"] = {"messages": [message], "next": None}
