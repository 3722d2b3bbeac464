"""A booking as it is asked for and answered."""

from typing import Any

DETAILS = {"first_name": "Maja", "last_name": "Ek", "mobile": "0701740605"}
BODY = {"type": "exam", "start": "2026-12-01T14:00:00+01:00", "patient": DETAILS}
SLOT = {"start": "2026-12-01T15:00:00+01:00", "end": "2026-12-01T15:45:00+01:00", "practitioners": ["anna"]}


def a_booking(**changes: Any) -> dict[str, Any]:
    """Return a booking as the booking service answers it."""
    return {
        "reference": "7K3M9QX2VT",
        "status": "booked",
        "origin": "web",
        "type": "exam",
        "practitioner": "anna",
        "resources": [],
        "start": "2026-12-01T14:00:00+01:00",
        "end": "2026-12-01T14:45:00+01:00",
        "patient": {
            "id": None,
            "first_name": "Maja",
            "last_name": "Ek",
            "mobile": "+46701740605",
            "email": "maja@example.com",
        },
        "message": None,
        "answers": {},
        "language": "sv",
        "sms_reminder": True,
        "version": 1,
    } | changes
