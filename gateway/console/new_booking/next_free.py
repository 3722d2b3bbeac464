"""The next times that staff may give, over all practitioners who are chosen (PRODUCT C7)."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import groupby, islice
from typing import Any

from gateway.console.frame.here import Here
from gateway.console.new_booking.wish import Wish
from gateway.views.rendering import moment

DAYS_AT_A_TIME = 14
MOST_DAYS = 84
"""Twelve weeks are looked through: who finds nothing in them names a day."""
SHOWN_DAYS = 3
SHOWN_A_DAY = 6
_DAY = timedelta(days=1)


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
        times = list(_times(here, wish, wish.day, wish.day))
        return Found([Day(wish.day, times, 0)] if times else [], wish.day + _DAY)
    by_day = groupby(_searched(here, wish), key=lambda time: time.start.date())
    days = [_shortened(on, list(times)) for on, times in islice(by_day, SHOWN_DAYS)]
    return Found(days, days[-1].on + _DAY if days else None)


def _shortened(on: date, times: Sequence[Time]) -> Day:
    """Return a day by what stands for it: its first times, none of which begins before the one before has ended."""
    shown: list[Time] = []
    for time in times:
        if not shown or time.start >= shown[-1].end:
            shown.append(time)
    return Day(on, shown[:SHOWN_A_DAY], len(times) - len(shown[:SHOWN_A_DAY]))


def _searched(here: Here, wish: Wish) -> Iterator[Time]:
    """Yield the times from the wanted date on; two weeks are asked for at a time, no more than are needed."""
    for offset in range(0, MOST_DAYS, DAYS_AT_A_TIME):
        first = wish.first + offset * _DAY
        yield from _times(here, wish, first, first + (DAYS_AT_A_TIME - 1) * _DAY)


def _times(here: Here, wish: Wish, first: date, last: date) -> Iterator[Time]:
    asked: dict[str, Any] = {"type": wish.type_key, "from": first.isoformat(), "to": last.isoformat()}
    if wish.minutes:
        asked["minutes"] = wish.minutes
    if here.practitioner:
        asked["practitioner"] = here.practitioner
    elif len(wish.chosen) == 1:
        asked["practitioner"] = wish.chosen[0]
    for row in here.services.availability.free_slots(here.clinic, **asked)["slots"]:
        time = _time(row, wish)
        if time is not None:
            yield time


def _time(row: Mapping[str, Any], wish: Wish) -> Time | None:
    """Return the time with the first practitioner of those who are chosen, whose own hours come first."""
    start = moment(row["start"])
    able = [key for key in row["practitioners"] if wish.is_wanted(key)]
    if not able or not wish.suits(start):
        return None
    outside = set(row["outside_online"])
    able.sort(key=outside.__contains__)
    return Time(start, moment(row["end"]), able[0], len(able) - 1, able[0] in outside)
