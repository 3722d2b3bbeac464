"""Who knows free times: for a new booking, for a need, for a booking that is moved."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, Protocol

from gateway.clients.holidays import holiday_name
from gateway.clients.search import Kind, Search
from gateway.views.clinic_view import ClinicView
from gateway.views.day_grid import Day
from gateway.views.rendering import moment
from shared.clinic.levels import NONE, level_of

LOOK_AHEAD = timedelta(days=91)
"""How far ahead it is looked at once for a day with free times."""

_LONGEST_SEARCH = timedelta(days=30)
_DAY = timedelta(days=1)


class Source(Protocol):
    """Somebody who knows free times."""

    def days(self, first: date, last: date) -> Mapping[date, Day]:
        """Return what is known of the days from `first` to `last`, at most 92."""
        ...

    def starts(self, first: date, last: date) -> list[str]:
        """Return the free times of the days from `first` to `last`, at most 31, as the API writes them, in order."""
        ...

    def holidays(self, first: date, last: date) -> Mapping[date, str]:
        """Return the names of the holidays from `first` to `last`, as far as they are known without a search (S9)."""
        ...


@dataclass(frozen=True)
class OfType:
    """The free times for a new booking of a type, by a practitioner or any, for a `patient` who is `new` or `known`."""

    search: Search
    availability: Any
    clinic: ClinicView
    type: str
    practitioner: str | None
    patient: str | None = None

    def days(self, first: date, last: date) -> dict[date, Day]:
        """Return the days' levels as availability counts them (S15)."""
        return _levels(self._found("days", first, last), self.clinic.language)

    def starts(self, first: date, last: date) -> list[str]:
        """Return the days' times, each once."""
        return _starts(self._found("slots", first, last))

    def holidays(self, first: date, last: date) -> Mapping[date, str]:
        """Return the names that are kept with the days' levels."""
        return holidays_in(self.days(first, last), first, last) if self.clinic.names_holidays else {}

    def _found(self, kind: Kind, first: date, last: date) -> list[dict[str, Any]]:
        chosen = {"practitioner": self.practitioner, "for": self.patient}
        query = {"type": self.type, **{key: text for key, text in chosen.items() if text}, **_dates(first, last)}
        return self.search.rows(self.availability, kind, self.clinic.key, query)


@dataclass(frozen=True)
class OfNeed:
    """The free times for a type controlled by needs: whose need it is, the actor proves (B9)."""

    booking: Any
    clinic: ClinicView
    wanted: Mapping[str, str]

    def days(self, first: date, last: date) -> dict[date, Day]:
        """Return the days' levels as they are for the need's length and practitioner."""
        found = self.booking.days_for_need(self.clinic.key, **self.wanted, **_dates(first, last))
        return _levels(found["days"], self.clinic.language)

    def starts(self, first: date, last: date) -> list[str]:
        """Return the days' times, each once."""
        found = self.booking.slots_for_need(self.clinic.key, **self.wanted, **_dates(first, last))
        return _starts(found["slots"])

    def holidays(self, first: date, last: date) -> Mapping[date, str]:
        """Return none: nothing is kept of a need's days."""
        return {}


@dataclass(frozen=True)
class OfBooking:
    """The free times that a booking may move to (M4)."""

    booking: Any
    clinic: ClinicView
    token: str

    def days(self, first: date, last: date) -> dict[date, Day]:
        """Return the days' levels, counted from their times."""
        counts: dict[date, int] = {}
        start = first
        while start <= last:
            end = min(start + _LONGEST_SEARCH, last)
            for slot in self._slots(start, end):
                day = moment(slot["start"], self.clinic.zone).date()
                counts[day] = counts.get(day, 0) + 1
            start = end + _DAY
        return {day: Day(level_of(free, self.clinic.few)) for day, free in counts.items()}

    def starts(self, first: date, last: date) -> list[str]:
        """Return the days' times."""
        return [slot["start"] for slot in self._slots(first, last)]

    def holidays(self, first: date, last: date) -> Mapping[date, str]:
        """Return none: nothing is kept of the days to which a booking may move."""
        return {}

    def _slots(self, first: date, last: date) -> list[dict[str, Any]]:
        answer = self.booking.slots_for(self.token, **_dates(first, last))
        return list(answer["slots"])


def searched(source: Source, first: date, last: date) -> Mapping[date, Day]:
    """Return what a source knows of the days from `first` to `last`, nothing where there are none."""
    return source.days(first, last) if first <= last else {}


def looked_ahead(
    source: Source, first: date, latest: date, at_first: timedelta = LOOK_AHEAD
) -> tuple[Mapping[date, Day], date]:
    """Return what is known of the days from `first` on, and until which day: on to those of which one is free.

    It is looked at few days at a time, `at_first` and then as many as one question reaches, to `latest` at the most.
    """
    known: dict[date, Day] = {}
    until, step = first - _DAY, at_first
    while until < latest and not free_days(known):
        begins, until = until + _DAY, min(until + step, latest)
        known.update(source.days(begins, until))
        step = LOOK_AHEAD
    return known, until


def holidays_in(days: Mapping[date, Day], first: date, last: date) -> dict[date, str]:
    """Return the names of those of the days that are holidays, from `first` to `last`."""
    return {day: its.holiday for day, its in days.items() if its.holiday and first <= day <= last}


def free_days(days: Mapping[date, Day]) -> list[date]:
    """Return those of the days that have free times."""
    return [day for day, known in days.items() if known.level != NONE]


def _levels(rows: Sequence[Mapping[str, Any]], language: str) -> dict[date, Day]:
    return {date.fromisoformat(row["date"]): Day(row["level"], holiday_name(row, language)) for row in rows}


def _starts(slots: Sequence[Mapping[str, Any]]) -> list[str]:
    """Return the times, each once: one that ends differently with different practitioners is one to a patient."""
    return list(dict.fromkeys(slot["start"] for slot in slots))


def _dates(first: date, last: date) -> dict[str, str]:
    return {"from": first.isoformat(), "to": last.isoformat()}
