"""Clinic documents in normal form for the tests of availability: a small clinic, open for everything."""

from collections.abc import Iterable
from typing import Any

WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")

Document = dict[str, Any]


def a_block(start: str, end: str, kind: str = "exam", step: str | None = None) -> Document:
    """Return a schedule block; `exam` and `acute` are bookable on the web, `lunch` is not."""
    return {"kind": kind, "from": start, "to": end, "step": step}


def a_practitioner(key: str = "anna", **changes: Any) -> Document:
    """Return a practitioner who is online and accepts new patients."""
    row = {"key": key, "name": key.title(), "title": None, "email": None, "phone": None, "colour": None}
    row |= {"picture": None, "about": None, "languages": []}
    return row | {"online": True, "new_patients": True} | changes


def a_resource(key: str, pool: str | None = "room") -> Document:
    """Return a room of the pool `room`."""
    return {"key": key, "name": key, "pool": pool}


def a_kind(key: str, *, online: bool = True) -> Document:
    """Return a block kind that is bookable on the web."""
    return {"key": key, "name": key.title(), "online": online, "colour": None}


def a_type(key: str = "visit", slots: Document | None = None, **changes: Any) -> Document:
    """Return a type of 30 minutes in fixed mode that every online practitioner takes and that needs no room."""
    row = {
        "key": key,
        "name": key.title(),
        "alias": {"en": key.title()},
        "description": None,
        "info": None,
        "bring": None,
        "price": None,
        "colour": None,
        "length": "30m",
        "lengths": {},
        "online": True,
        "practitioners": [],
        "uses": [],
        "buffer_before": "0m",
        "buffer_after": "0m",
        "slots": {"mode": "fixed", "step": "15m", "end": None} | (slots or {}),
        "blocks": [],
        "min_age": None,
        "needs": {"controlled": False, "choose_practitioner": False, "days_after_week": None, "without": []},
        "days_after_today": None,
        "rebook_deadline": None,
        "cancel_deadline": None,
    }
    return row | changes


def a_plan(practitioner: str | None = None, template: str = "normal", **changes: Any) -> Document:
    """Return a plan that is always in force; `first` and `last` stand for `from` and `to`."""
    dates = {"from": changes.pop("first", None), "to": changes.pop("last", None)}
    return {"practitioner": practitioner, "template": template, "weeks": "all"} | dates | changes


def a_template(key: str = "normal", every_day: Iterable[Document] = (), **weekdays: list[Document]) -> Document:
    """Return a week template with the same blocks every day, but for the weekdays that are given."""
    return {"key": key, "week": {day: weekdays.get(day, list(every_day)) for day in WEEKDAYS}}


def a_day(date: str, blocks: list[Document], practitioner: str | None = "anna") -> Document:
    """Return a one-off plan."""
    return {"practitioner": practitioner, "date": date, "blocks": blocks}


def an_absence(start: str, end: str, practitioner: str | None = None, resource: str | None = None) -> Document:
    """Return an absence of a practitioner, a resource, or the clinic."""
    identity = f"{practitioner}-{resource}-{start}".lower().replace(":", "-")
    row = {"id": identity, "practitioner": practitioner, "resource": resource, "reason": None}
    return row | {"from": start, "to": end}


def a_booking_section(**changes: Any) -> Document:
    """Return the booking rules of a clinic that is open to everybody at once; holidays change nothing."""
    holidays = {"closed": False, "shown": False, "open_dates": [], "closed_dates": []}
    section = {
        "active": True,
        "new": True,
        "rebook": True,
        "cancel": True,
        "without_login": True,
        "new_patients": True,
        "changeable": ["web", "recall"],
        "first_date": None,
        "last_date": None,
        "opens_at": None,
        "closes_at": None,
        "horizon": None,
        "days_after_today": None,
        "notice": "0m",
        "rebook_deadline": "24h",
        "cancel_deadline": "24h",
        "hold": "10m",
        "few": 3,
        "calendar": "week",
        "holidays": holidays | changes.pop("holidays", {}),
        "tracking": {"visit": None, "completed": None},
        "embed_origins": [],
    }
    return section | changes


def a_document(*blocks: Document, **changes: Any) -> Document:
    """Return the document of a clinic in Stockholm where Anna works `blocks` every day.

    `booking` changes single rules; any other key replaces what stands there.
    """
    document = {
        "clinic": "solna",
        "name": "Solna",
        "time_zone": "Europe/Stockholm",
        "country": None,
        "region": None,
        "languages": ["en"],
        "grid": "5m",
        "booking": a_booking_section(**changes.pop("booking", {})),
        "practitioners": [a_practitioner()],
        "resources": [],
        "block_kinds": [a_kind("exam"), a_kind("acute"), a_kind("lunch", online=False)],
        "types": [a_type()],
        "templates": [a_template(every_day=blocks)],
        "plans": [a_plan()],
        "days": [],
        "absences": [],
    }
    return document | changes
