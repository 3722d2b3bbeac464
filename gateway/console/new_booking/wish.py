"""What is wished for so far, as the address of the panel has it; what cannot be is left out."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from gateway.console.frame.here import Here
from gateway.console.frame.typed import Typed
from shared.clinic.document import item
from shared.clinic.practitioners import length_with, takers_of
from shared.ids import is_id
from shared.incoming.fields import MOST_MINUTES

WITH = "with."
"""Before the key of each practitioner who is chosen, as a box that is ticked."""
PARTS = ("morning", "afternoon")
NOON = time(12)
_DATES = tuple(f"{name}{part}" for name in ("from", "day") for part in ("", ".year", ".month", ".day"))
_NAMES = ("patient", "type", "practitioner", "minutes", "start", "need", "part", "replaces", *_DATES)


@dataclass(frozen=True)
class Wish:
    """A booking that is being made.

    `first` is the date from which times are looked for, `day` the only one; `chosen` are the practitioners among whom,
    nobody: all who take the type. `practitioner` goes with `start`.
    """

    patient: str | None
    type: Mapping[str, Any]
    practitioner: str | None
    minutes: int | None
    start: datetime | None
    need: str | None
    part: str
    first: date
    day: date | None
    chosen: tuple[str, ...]
    takers: Sequence[str]
    replaces: str = ""

    @property
    def type_key(self) -> str:
        """The type's key."""
        return str(self.type["key"])

    @property
    def wanted_minutes(self) -> int:
        """How long it takes, with whom is named or whoever it may be."""
        return self.minutes or length_with(self.type, self.practitioner)

    @property
    def end(self) -> datetime | None:
        """When it ends, if it begins."""
        return None if self.start is None else self.start + timedelta(minutes=self.wanted_minutes)

    def is_wanted(self, practitioner: str) -> bool:
        """Tell whether a practitioner is among those who are chosen."""
        return not self.chosen or practitioner in self.chosen

    def suits(self, start: datetime) -> bool:
        """Tell whether a time lies in the wanted part of its day."""
        return not self.part or (start.time() < NOON) == (self.part == PARTS[0])

    def query(self, **changes: Any) -> dict[str, str]:
        """Return the address's parameters for this with changes; None leaves one out."""
        told: dict[str, Any] = {
            "patient": self.patient,
            "type": self.type_key,
            "need": self.need,
            "minutes": self.minutes,
            "practitioner": self.practitioner,
            "start": self.start and self.start.isoformat(),
            "part": self.part,
            **{f"{WITH}{key}": "yes" for key in self.chosen},
            **changes,
        }
        return {name: str(value) for name, value in told.items() if value}


def wish_of(here: Here, given: Mapping[str, str], usual_type: str | None = None) -> Wish:
    """Return what an address, or a form, asks for; without a type it is the `usual_type`, else the clinic's first.

    A therapist books in their own calendar.
    """
    types = here.document["types"]
    type = item(here.document, "types", given.get("type", "")) or item(here.document, "types", usual_type or "")
    type = type or types[0]
    able = takers_of(type, here.document)
    practitioner = here.practitioner or _known(here, given.get("practitioner"))
    return Wish(
        patient=given.get("patient") if is_id(given.get("patient")) else None,
        type=type,
        practitioner=practitioner,
        minutes=_minutes(given.get("minutes", "")),
        start=_moment(given.get("start", ""), here),
        need=given.get("need") if is_id(given.get("need")) else None,
        part=given.get("part", "") if given.get("part") in PARTS else "",
        first=max(_date(given, "from", here) or here.today, here.today),
        day=_date(given, "day", here),
        chosen=() if here.practitioner else tuple(key for key in able if given.get(f"{WITH}{key}") == "yes"),
        takers=able,
        replaces=given.get("replaces", ""),
    )


def asked_of(here: Here) -> dict[str, str]:
    """Return the parameters of a booking that the address has."""
    chosen = [f"{WITH}{entry['key']}" for entry in here.document["practitioners"]]
    return here.asked(*_NAMES, *chosen)


def _known(here: Here, key: str | None) -> str | None:
    return key if key and item(here.document, "practitioners", key) is not None else None


def _minutes(text: str) -> int | None:
    return int(text) if text.isascii() and text.isdecimal() and 0 < int(text[:6]) <= MOST_MINUTES else None


def _moment(text: str, here: Here) -> datetime | None:
    """Return a moment in the clinic's zone; a wall clock's is the clinic's, and a + may have come as a space."""
    try:
        found = datetime.fromisoformat(text.replace(" ", "+"))
    except ValueError:
        return None
    return found.replace(tzinfo=here.zone) if found.tzinfo is None else found.astimezone(here.zone)


def _date(given: Mapping[str, str], name: str, here: Here) -> date | None:
    try:
        return Typed(given).date(name, here.language)
    except ValueError:
        return None
