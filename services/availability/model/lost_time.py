"""Which working time a changed document takes away, so that staff see the bookings in it before they save (C3, S8)."""

from collections.abc import Iterable, Iterator
from datetime import date, datetime, time, timedelta
from typing import NamedTuple

from shared.clinic.plan.values import NO_WORK, ClinicPlan, DayPlan
from shared.clinic.times.wall_clock import end_moment, start_moment

WEEKS_AHEAD = 26
"""So far is looked: further ahead hardly anybody has booked."""

_DAY = timedelta(days=1)

Minutes = tuple[int, int]
"""A stretch of a day on the wall clock, in minutes since midnight."""


class LostTime(NamedTuple):
    """Working time of a practitioner that is none any more; moments are UTC."""

    practitioner: str
    start: datetime
    end: datetime


def lost_time(before: ClinicPlan, after: ClinicPlan, first: date) -> Iterator[LostTime]:
    """Yield what practitioners would work by `before` and not by `after`, day by day from `first` on."""
    for distance in range(WEEKS_AHEAD * 7):
        day = first + distance * _DAY
        for key in before.practitioners:
            worked = before.day_plan(key, day)
            works = after.day_plan(key, day) if key in after.practitioners else NO_WORK
            for start, end in _without(_stretches(worked), _stretches(works)):
                zone = after.zone
                yield LostTime(key, start_moment(_wall(day, start), zone), end_moment(_wall(day, end), zone))


def _stretches(day: DayPlan) -> list[Minutes]:
    """Return a day's blocks of any kind, those that touch as one: staff book in all of them (S2)."""
    found: list[Minutes] = []
    for block in day.blocks:
        if found and found[-1][1] == block.start:
            found[-1] = (found[-1][0], block.end)
        else:
            found.append((block.start, block.end))
    return found


def _without(stretches: Iterable[Minutes], others: list[Minutes]) -> Iterator[Minutes]:
    """Yield of stretches the parts that lie in none of the others; all are in order."""
    for start, end in stretches:
        for other_start, other_end in others:
            if other_end <= start or end <= other_start:
                continue
            if start < other_start:
                yield start, other_start
            start = other_end
        if start < end:
            yield start, end


def _wall(day: date, minutes: int) -> datetime:
    return datetime.combine(day, time()) + timedelta(minutes=minutes)
