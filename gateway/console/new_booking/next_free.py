"""The next times that staff may give, over all practitioners who are chosen (PRODUCT C7)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import groupby
from typing import Any

from gateway.console.frame.here import Here
from gateway.console.new_booking.wish import Wish
from gateway.views.rendering import moment

SHOWN_DAYS = 3
SHOWN_A_DAY = 6
_DAY = timedelta(days=1)

Rows = Sequence[Mapping[str, Any]]


@dataclass(frozen=True)
class Time:
    """A time that can be taken: with whom, the first of those who can; `is_outside_online` where patients may not."""

    start: datetime
    end: datetime
    practitioner: str
    others: int
    is_outside_online: bool


@dataclass(frozen=True)
class Day:
    """The times of one date that are shown; `more` are left out."""

    on: date
    times: Sequence[Time]
    more: int


@dataclass(frozen=True)
class Found:
    """The next days with times; `later` is the date from which one looks on, None where nothing was found."""

    days: Sequence[Day]
    later: date | None


def next_free(here: Here, wish: Wish) -> Found:
    """Return the first times of the next days that have any, or all of the wanted day's."""
    if wish.day is not None:
        times = _times(wish, _of_day(here, wish, wish.day))
        return Found([Day(wish.day, times, 0)] if times else [], wish.day + _DAY)
    by_day = groupby(_times(wish, _next(here, wish)), key=lambda time: time.start.date())
    days = [_shortened(on, list(times)) for on, times in by_day]
    return Found(days, days[-1].on + _DAY if days else None)


def _shortened(on: date, times: Sequence[Time]) -> Day:
    """Return a day by what stands for it: its first times, none of which begins before the one before has ended."""
    shown: list[Time] = []
    for time in times:
        if not shown or time.start >= shown[-1].end:
            shown.append(time)
    return Day(on, shown[:SHOWN_A_DAY], len(times) - len(shown[:SHOWN_A_DAY]))


def _next(here: Here, wish: Wish) -> Rows:
    """Return the times of the next days that have any, from the wanted date on."""
    asked: dict[str, Any] = {"from": wish.first.isoformat(), "days": SHOWN_DAYS, "practitioners": _wanted(here, wish)}
    if wish.part:
        asked["part"] = wish.part
    rows: Rows = here.services.availability.next_free(here.clinic, **_wished(wish), **asked)["slots"]
    return rows


def _of_day(here: Here, wish: Wish, day: date) -> Rows:
    asked = {"from": day.isoformat(), "to": day.isoformat()}
    if len(wanted := _wanted(here, wish)) == 1:
        asked["practitioner"] = wanted[0]
    rows: Rows = here.services.availability.free_slots(here.clinic, **_wished(wish), **asked)["slots"]
    return rows


def _wished(wish: Wish) -> dict[str, Any]:
    return {"type": wish.type_key, **({"minutes": wish.minutes} if wish.minutes else {})}


def _wanted(here: Here, wish: Wish) -> list[str]:
    return [here.practitioner] if here.practitioner else list(wish.chosen)


def _times(wish: Wish, rows: Rows) -> list[Time]:
    return [time for row in rows if (time := _time(row, wish)) is not None]


def _time(row: Mapping[str, Any], wish: Wish) -> Time | None:
    """Return the time with the first practitioner of those who are chosen, whose own hours come first."""
    start = moment(row["start"])
    able = [key for key in row["practitioners"] if wish.is_wanted(key)]
    if not able or not wish.suits(start):
        return None
    outside = set(row["outside_online"])
    able.sort(key=outside.__contains__)
    return Time(start, moment(row["end"]), able[0], len(able) - 1, able[0] in outside)
