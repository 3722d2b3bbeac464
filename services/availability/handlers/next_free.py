"""The next times that staff may give, over all whom a patient may come to (PRODUCT C7): one question, which ends."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

from services.availability.handlers.searching import busy_times, free_time_told, require_own_calendar, require_there_is
from services.availability.model.asked_next import AskedNext
from services.availability.search.at_desk import FreeTime, free_times
from shared.clinic.plan.values import ClinicPlan
from shared.clinic.starts.asked import AskedDates

if TYPE_CHECKING:
    from services.availability.handlers.desk import Desk
    from services.availability.store import AvailabilityStore

DAYS_AT_A_TIME = 14
MOST_DAYS = 84
"""Twelve weeks are looked through: who finds nothing in them names a day."""
_DAY = timedelta(days=1)


def next_free(desk: Desk, clinic: str, asked: AskedNext) -> dict[str, Any]:
    """Return `{slots}` as `free_slots` does: those of the next days that have any, with those who are wanted.

    Two weeks are searched at a time, each by one statement, until there are enough days. Raises NotFound, Invalid, or
    Forbidden for another's calendar.
    """
    each = [require_own_calendar(desk, replace(asked, practitioner=key)) for key in asked.practitioners or (None,)]
    asked = replace(asked, practitioners=tuple(one.practitioner for one in each if one.practitioner))
    with desk.work.reading() as store:
        plan = desk.documents.get(store, clinic).plan
        for one in each:
            require_there_is(plan, one, desk.actor)
        return {"slots": [free_time_told(time) for time in _of_next_days(desk, store, clinic, plan, asked)]}


def _of_next_days(
    desk: Desk, store: AvailabilityStore, clinic: str, plan: ClinicPlan, asked: AskedNext
) -> Iterator[FreeTime]:
    days: set[date] = set()
    for each in _from_now_on(desk, store, clinic, plan, asked):
        days.add(each.start.date())
        if len(days) > asked.days:
            return
        yield each


def _from_now_on(
    desk: Desk, store: AvailabilityStore, clinic: str, plan: ClinicPlan, asked: AskedNext
) -> Iterator[FreeTime]:
    """Yield the times that are wanted, the earliest first; no more is searched than is taken of them."""
    alone = next(iter(asked.practitioners)) if len(asked.practitioners) == 1 else None
    first = max(asked.first, desk.now.astimezone(plan.zone).date())
    for offset in range(0, MOST_DAYS, DAYS_AT_A_TIME):
        begin = first + offset * _DAY
        dates = AskedDates(
            type=asked.type,
            practitioner=alone,
            minutes=asked.minutes,
            first=begin,
            last=begin + (DAYS_AT_A_TIME - 1) * _DAY,
        )
        busy = busy_times(store, clinic, plan, [dates], desk.now)
        for each in free_times(plan, dates, busy, desk.now):
            if asked.suits(each.start) and (able := _wanted(each.practitioners, asked)):
                yield each._replace(practitioners=able, outside_online=_wanted(each.outside_online, asked))


def _wanted(keys: tuple[str, ...], asked: AskedNext) -> tuple[str, ...]:
    return tuple(key for key in keys if not asked.practitioners or key in asked.practitioners)
