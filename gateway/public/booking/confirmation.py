"""The last step of a booking: it is made once, and the page says what happens next (B2, B13, M1)."""

import json
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from gateway.access.rush import taking
from gateway.clients.late_holds import book_also_late
from gateway.clients.services import Services
from gateway.public.draft import Draft
from gateway.public.own_calendar import entry_of
from gateway.public.reminding import reminded
from gateway.views.clinic_view import ClinicView
from gateway.views.rendering import moment


def book_once(
    services: Services, address: str, clinic: str, fields: Mapping[str, Any], held: Draft, key: str
) -> dict[str, Any]:
    """Return what was booked, whatever is pressed how often (B13).

    A time whose hold ran out is taken if it is free, with the practitioner who was held and nobody else.
    Raises Busy, RateLimited where too much was booked or tried from `address`, and what booking refuses.
    """
    hold = held["hold"] or None
    entered = services.door.rush.entered(taking(clinic, hold), address)
    with entered, services.door.limits.booking(clinic, address):
        booked = book_also_late(services, clinic, fields, hold=hold, key=key or None, held_by=held["held_by"])
    if hold:
        services.door.holds.is_over(hold)
    return booked


_ADDRESSES = {"sms": "mobile", "email": "email"}


def receipt_of(booked: Mapping[str, Any], patient: Mapping[str, Any], hold: str) -> dict[str, str]:
    """Return what is kept of a booking that was made, to be shown once more: itself, and where its messages go.

    `hold` is that which became the booking: whoever comes with it again has booked already (B13).
    """
    told = {name: patient[name] for name in _ADDRESSES.values() if name in patient}
    return {"booked": json.dumps(booked), "patient": json.dumps(told), "hold": hold}


def booked_by(receipt: Mapping[str, str]) -> tuple[dict[str, Any], dict[str, Any]]:
    """Return the booking of a receipt, and where its messages go."""
    return json.loads(receipt["booked"]), json.loads(receipt["patient"])


def confirmed_context(
    booked: Mapping[str, Any], clinic: ClinicView, told: list[str], patient: Mapping[str, Any], now: datetime
) -> dict[str, Any]:
    """Return what the confirmation shows; `told` are the channels of the clinic, `patient` the details as sent.

    Where it goes is shown to who has typed or proven it. Of whom the clinic has the rest it is said by what alone; a
    booking service of the version before tells of no way.
    """
    ways = [channel for channel in booked.get("reached_by", ()) if channel in told]
    start, end = moment(booked["start"], clinic.zone), moment(booked["end"], clinic.zone)
    changeable = clinic.functions["rebook"] or clinic.functions["cancel"]
    entry = entry_of(clinic, booked["type"], booked["practitioner"], start, end)
    return {
        "booked": booked,
        "start": start,
        "end": end,
        "practitioner": clinic.practitioners.get(booked["practitioner"]),
        "confirmed_to": {channel: patient.get(_ADDRESSES[channel]) for channel in ways},
        "changeable": changeable,
        "entry": entry,
        "file": f"/m/{booked['manage_token']}/calendar.ics",
        "reminders": reminded(clinic, start, now, booked.get("reached_by", ())),
    }
