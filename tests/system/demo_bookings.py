"""Bookings at the demo clinics, each for somebody new."""

from datetime import UTC, date, datetime, timedelta
from itertools import count
from pathlib import Path
from typing import Any

import yaml

from tests.system.people import a_patient

CLINICS = {path.stem: yaml.safe_load(path.read_text()) for path in Path("demo").glob("*.yaml")}
BOOKABLE = {"frenda": "exam", "optamed": "osteopathy", "aldente": "toothache", "norsk": "consultation", "exir": "visit"}
_seeds = count(1)


def a_booking(clinic: str, slot: dict[str, Any], **changes: Any) -> dict[str, Any]:
    """Return the body of a booking call for `slot`, with all that the clinic asks for."""
    document = CLINICS[clinic]
    person = a_patient(document["identity"], document["country"], next(_seeds))
    for name, key in (("name", "first_name"), ("name", "last_name"), ("email", "email")):
        if document["details"].get(name) == "hidden":
            person.pop(key, None)
    answers = {"insurance": "سلامت"} if clinic == "exir" else {}
    return {"type": BOOKABLE[clinic], "start": slot["start"], "patient": person, "answers": answers, **changes}


def in_a_week() -> date:
    """Return a day far enough from now that every deadline still lies ahead."""
    return datetime.now(UTC).date() + timedelta(days=7)


def day_of_its_own(slots: list[dict[str, Any]], turn: int) -> dict[str, Any]:
    """Return the first slot of the `turn`-th day: one booking a day leaves the list of days as it is, however late."""
    firsts = {slot["start"][:10]: slot for slot in reversed(slots)}
    return firsts[sorted(firsts)[turn % len(firsts)]]
