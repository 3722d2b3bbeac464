"""Needs: the clinic's word that a patient is to come, for what, how long, with whom, in which week (B9, B10)."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from shared.clinic.document import Document, item
from shared.clinic.needs import first_weeks, has_expired, last_day
from shared.clinic.practitioners import length_with, takers_of
from shared.clinic.times.durations import parse_minutes
from shared.clinic.times.weeks import week_of
from shared.contracts.errors import Invalid

OPEN = "open"
USED = "used"
EXPIRED = "expired"
CLOSED = "closed"

DUE, OVERDUE, BOOKED = "due", "overdue", "booked"
LISTS = (DUE, OVERDUE, BOOKED, EXPIRED, CLOSED)
"""The lists of PRODUCT R3, and those that were taken back."""


@dataclass(frozen=True)
class Need:
    """A need as it was given. `practitioner` is None where anybody who takes the type will do; `week` is an ISO week.

    Which booking uses it is told by that booking's events and is not here. `version` grows with each of its events.
    """

    id: str
    clinic: str
    patient: str
    type: str
    practitioner: str | None
    minutes: int
    week: str
    closed: bool
    created_at: datetime
    version: int = 1

    def close(self) -> "Need":
        """Return the need taken back."""
        return replace(self, closed=True, version=self.version + 1)


@dataclass(frozen=True)
class ClinicNeeds:
    """What a clinic's document says of needs, on the clinic's date `today`."""

    document: Document
    today: date

    @classmethod
    def at(cls, document: Document, now: datetime) -> "ClinicNeeds":
        """Return the rules at a moment."""
        return cls(document, now.astimezone(ZoneInfo(document["time_zone"])).date())

    @property
    def this_week(self) -> str:
        """The week of today."""
        return week_of(self.today)

    @property
    def bookable_types(self) -> list[str]:
        """The types that patients can book at all."""
        return [entry["key"] for entry in self.document["types"] if entry["online"]]

    def first_weeks(self) -> dict[str, str]:
        """Return the earliest week whose needs can still be used, for each type that has a limit."""
        return first_weeks(self.document, self.today)

    def last_day(self, need: Need) -> date | None:
        """Return the last date on which it can be used; None without a limit, or where the type is gone (B10)."""
        return last_day(self.document, need.type, need.week)

    def state(self, need: Need, booking: str | None) -> str:
        """Return `closed`, `used` (by `booking`), `expired` or `open`, the first that is true."""
        if need.closed:
            return CLOSED
        if booking is not None:
            return USED
        return EXPIRED if has_expired(self.document, need.type, need.week, self.today) else OPEN

    def minutes_of(self, wish: Mapping[str, Any]) -> int:
        """Return how long the need of `wish` is: as asked, or what the type takes with that practitioner.

        Raises Invalid with `errors` by field where the clinic has no such type, where the practitioner does not take
        it, or where the minutes are off the clinic's grid.
        """
        entry = item(self.document, "types", wish["type"])
        if entry is None:
            raise _wrong(type="The clinic has no such type of appointment.")
        practitioner, minutes = wish.get("practitioner"), wish.get("minutes")
        errors = {}
        if practitioner is not None and practitioner not in takers_of(entry, self.document):
            errors["practitioner"] = "This practitioner does not offer this type of appointment."
        grid = parse_minutes(self.document["grid"])
        if minutes is not None and minutes % grid:
            errors["minutes"] = f"Enter a multiple of {grid} minutes."
        if errors:
            raise _wrong(**errors)
        return minutes or length_with(entry, practitioner)


def _wrong(**errors: str) -> Exception:
    by_field = {field: [sentence] for field, sentence in errors.items()}
    return Invalid.because("Some fields are wrong; see errors.", errors=by_field)
