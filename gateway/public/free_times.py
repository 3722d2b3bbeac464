"""The calendar and its times: which month is shown, which days in it are free, which times the chosen day has."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, Protocol

from gateway.clients.holidays import holiday_name
from gateway.clients.search import Kind, Search
from gateway.http.wording import N_
from gateway.public.draft import Draft
from gateway.views.clinic_view import ClinicView
from gateway.views.day_grid import Day, MonthGrid, month_grid
from gateway.views.rendering import moment
from shared.clinic.levels import NONE, level_of
from shared.texts.language import month_of

_LOOK_AHEAD = timedelta(days=91)
_LONGEST_SEARCH = timedelta(days=30)
_AT_A_GLANCE = 36
"""How many times of a day are shown at once: a start every quarter of an hour from eight to five."""

_PARTS_OF_DAY = ((12, N_("Morning")), (17, N_("Afternoon")), (24, N_("Evening")))


class Source(Protocol):
    """Somebody who knows free times."""

    def days(self, first: date, last: date) -> Mapping[date, Day]:
        """Return what is known of the days from `first` to `last`, at most 92."""
        ...

    def starts(self, day: date) -> list[str]:
        """Return the free times of a day, as the API writes them, in order."""
        ...


@dataclass(frozen=True)
class Time:
    """One free time: as it is sent back, and as it is shown."""

    value: str
    start: datetime

    @property
    def hour(self) -> int:
        """The hour that it begins in."""
        return self.start.hour


@dataclass(frozen=True)
class Times:
    """What the step shows. `parts` are (title, times) of the chosen day; `next_free` the next day with a free time."""

    grid: MonthGrid
    day: date | None
    parts: list[tuple[str, list[Time]]]
    next_free: date | None

    @property
    def are_many(self) -> bool:
        """Whether there are so many that the day is shown by its hours."""
        return sum(len(starts) for _, starts in self.parts) > _AT_A_GLANCE


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

    def starts(self, day: date) -> list[str]:
        """Return the day's times, each once."""
        return _starts(self._found("slots", day, day))

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

    def starts(self, day: date) -> list[str]:
        """Return the day's times, each once."""
        found = self.booking.slots_for_need(self.clinic.key, **self.wanted, **_dates(day, day))
        return _starts(found["slots"])


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
            start = end + timedelta(days=1)
        return {day: Day(level_of(free, self.clinic.few)) for day, free in counts.items()}

    def starts(self, day: date) -> list[str]:
        """Return the day's times."""
        return [slot["start"] for slot in self._slots(day, day)]

    def _slots(self, first: date, last: date) -> list[dict[str, Any]]:
        answer = self.booking.slots_for(self.token, **_dates(first, last))
        return list(answer["slots"])


def free_times(search: Source, clinic: ClinicView, draft: Draft, now: datetime, opens: date | None = None) -> Times:
    """Return the month that is asked for, and the times of the chosen day.

    Where none is asked for it is the first from `opens` on that has a free day; of a month its first free day is open.
    """
    window = clinic.bookable_months(now)
    asked = draft.month or draft.day
    shown = min(max(asked or opens or window[0], window[0]), window[1])
    first, last = month_of(shown, clinic.language)
    days = _searched(search, max(first, window[0]), last)
    next_free = None
    if not _free_days(days):
        known_until = min(last + _LOOK_AHEAD, window[1])
        ahead = _searched(search, last + timedelta(days=1), known_until)
        next_free = min(_free_days(ahead), default=None)
        if next_free and asked is None:
            shown, next_free = next_free, None
            first, last = month_of(shown, clinic.language)
            days = ahead if last <= known_until else _searched(search, first, last)
    day = draft.day if draft.day and days.get(draft.day, Day()).level != NONE else None
    if day is None and draft.day is None:
        day = min((each for each in _free_days(days) if first <= each <= last), default=None)
    return Times(
        grid=month_grid(
            shown, days, clinic.language, today=now.astimezone(clinic.zone).date(), window=window, chosen=day
        ),
        day=day,
        parts=_parts([Time(start, moment(start, clinic.zone)) for start in search.starts(day)]) if day else [],
        next_free=next_free,
    )


def _levels(rows: Sequence[Mapping[str, Any]], language: str) -> dict[date, Day]:
    return {date.fromisoformat(row["date"]): Day(row["level"], holiday_name(row, language)) for row in rows}


def _starts(slots: Sequence[Mapping[str, Any]]) -> list[str]:
    """Return the times, each once: one that ends differently with different practitioners is one to a patient."""
    return list(dict.fromkeys(slot["start"] for slot in slots))


def _dates(first: date, last: date) -> dict[str, str]:
    return {"from": first.isoformat(), "to": last.isoformat()}


def _searched(search: Source, first: date, last: date) -> Mapping[date, Day]:
    return search.days(first, last) if first <= last else {}


def _free_days(days: Mapping[date, Day]) -> list[date]:
    return [day for day, known in days.items() if known.level != NONE]


def _parts(times: list[Time]) -> list[tuple[str, list[Time]]]:
    """Return the times by part of the day, without the parts that have none."""
    found = []
    begins = 0
    for ends, title in _PARTS_OF_DAY:
        if inside := [time for time in times if begins <= time.start.hour < ends]:
            found.append((title, inside))
        begins = ends
    return found
