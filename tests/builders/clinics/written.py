"""Clinic documents as people write them, for the tests of reading and checking them."""

import copy
from typing import Any

Written = dict[str, Any]

_CLINIC: Written = {
    "clinic": "solna",
    "name": "Solna Tandvård",
    "time_zone": "Europe/Stockholm",
    "country": "SE",
    "languages": ["sv", "en"],
    "currency": "SEK",
    "practitioners": [{"key": "anna", "name": "Anna Berg"}, {"key": "erik", "name": "Erik Lund"}],
    "resources": [
        {"key": "room-1", "name": "Rum 1", "pool": "room"},
        {"key": "room-2", "name": "Rum 2", "pool": "room"},
        {"key": "laser", "name": "Laser"},
    ],
    "block_kinds": [{"key": "exam", "name": "Undersökning", "online": True}, {"key": "lunch", "name": "Lunch"}],
    "types": [
        {"key": "exam", "name": "US", "length": "30m", "price": "995.00", "lengths": {"anna": "45m"}},
        {"key": "acute", "name": "Akut", "length": "1h15m", "uses": ["room", ["laser"]]},
    ],
    "templates": [
        {
            "key": "normal",
            "week": {
                "mon": [
                    {"kind": "exam", "from": "08:00", "to": "12:00"},
                    {"kind": "lunch", "from": "12:00", "to": "13:00"},
                    {"kind": "exam", "from": "13:00", "to": "24:00", "step": "20m"},
                ]
            },
        }
    ],
    "plans": [{"practitioner": "anna", "template": "normal", "from": "2026-01-01"}],
    "days": [{"practitioner": "anna", "date": "2026-12-23", "blocks": []}],
    "absences": [{"practitioner": "anna", "from": "2026-12-24", "to": "2026-12-31", "reason": "Semester"}],
}


def a_written_document(**changes: Any) -> Written:
    """Return a document without mistakes; `changes` replaces top-level keys."""
    return copy.deepcopy(_CLINIC) | changes


def changed(path: list[str | int], value: Any) -> Written:
    """Return a document without mistakes but for what now stands at `path`; sections on the way are made."""
    document = a_written_document()
    place: Any = document
    for step in path[:-1]:
        place = place.setdefault(step, {}) if isinstance(place, dict) else place[step]
    if isinstance(place, list) and path[-1] == len(place):
        place.append(value)
    else:
        place[path[-1]] = value
    return document
