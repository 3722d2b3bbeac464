"""A personal link that opens a booking, and requests to its page."""

from typing import Any

from werkzeug.test import TestResponse

from tests.builders.gateway.bookings import a_booking
from tests.builders.gateway.clinics import open_clinic
from tests.builders.gateway.world import World

LINK = "/m/7K3M9QX2VTsecret"
ALLOWED = {"allowed": True, "until": "2026-11-30T14:00:00+01:00", "reason": None}
NEW_START = "2026-12-02T09:00:00+01:00"


def refused(reason: str) -> dict[str, Any]:
    return {"allowed": False, "until": None, "reason": reason}


def open_link(world: World, may: dict[str, Any] | None = None, **booking: Any) -> None:
    """Let the personal link open a booking that may be changed unless `may` says otherwise."""
    open_clinic(world, booking={"few": 1})
    world.booking.answers |= {
        "open_link": {
            "clinic": "solna",
            "booking": a_booking(**{"language": "en", **booking}),
            "may": {"rebook": ALLOWED, "cancel": ALLOWED} | (may or {}),
            "reached_by": ["sms", "email"],
        },
        "slots_for": {
            "slots": [
                {"start": start, "end": start, "practitioners": ["anna"]}
                for start in (NEW_START, "2026-12-02T10:00:00+01:00", "2026-12-03T09:00:00+01:00")
            ]
        },
    }


def get(world: World, **query: str) -> TestResponse:
    return world.get(LINK, query_string=query, headers={"Accept-Language": "en"})


def called(world: World, name: str) -> list[dict[str, Any]]:
    return [call.fields for call in world.booking.calls if call.name == name]
