"""A patient of the clinic solna with what belongs to them, as the services answer."""

from copy import deepcopy
from typing import Any

from tests.builders.gateway.console import Browser

EVA = "e" * 32
NEED = "d" * 32

RECORD: dict[str, Any] = {
    "id": EVA,
    "first_name": "Eva",
    "last_name": "Lind",
    "mobile": "+46701740605",
    "email": "eva@example.org",
    "sms_ok": True,
    "email_ok": None,
    "sms_reminder": True,
    "sms_ok_said": {"at": "2026-11-20T10:00:00+01:00", "actor": {"kind": "staff", "id": "ann@solna.example"}},
    "email_ok_said": None,
    "mobile_confirmed": True,
    "email_confirmed": False,
    "mobile_unconfirmed": False,
    "birth_date": "1985-04-12",
    "identity": {"scheme": "se.personnummer", "number": "198504121230"},
    "origin": "web",
    "created_at": "2026-11-20T10:00:00+01:00",
    "version": 4,
    "note": "Afraid of needles.\nRings first.",
}
LISTED = {
    **{name: value for name, value in RECORD.items() if name not in {"note", "sms_ok_said", "email_ok_said"}},
    "identity": {"scheme": "se.personnummer", "number": "19850412••••"},
}


def a_booking(reference: str, start: str, status: str = "booked", **changes: Any) -> dict[str, Any]:
    """Return one of her bookings, an examination by Anna, as staff see it."""
    end = f"{start[:14]}30{start[16:]}"
    return {
        "reference": reference,
        "status": status,
        "origin": "web",
        "type": "exam",
        "practitioner": "anna",
        "resources": [],
        "start": start,
        "end": end,
        **changes,
    }


BOOKINGS = [
    a_booking("PAST000001", "2026-01-12T09:00:00+01:00", "done", type="acute"),
    a_booking("MISSED0001", "2026-05-12T09:00:00+02:00", "missed", origin="staff"),
    a_booking("COMING0001", "2026-12-12T09:00:00+01:00"),
]
NEEDS = [
    {
        "id": NEED,
        "patient": EVA,
        "type": "acute",
        "practitioner": "anna",
        "minutes": 45,
        "week": "2026-W49",
        "state": "open",
        "usable_until": None,
        "booking": None,
    }
]


def with_eva(browser: Browser) -> Browser:
    """Return the browser at a clinic whose one patient is Eva, who is called in and has bookings."""
    world = browser.world
    world.patient.answers |= deepcopy(
        {
            "find": {"patients": [LISTED], "next": None},
            "get": RECORD,
            "update": RECORD,
            "add": RECORD,
            "needs": {"needs": NEEDS, "next": None},
        }
    )
    world.notification.answers |= deepcopy({"messages": {"messages": [], "next": None}})
    world.booking.answers |= deepcopy({"find": {"bookings": BOOKINGS, "next": None}})
    return browser
