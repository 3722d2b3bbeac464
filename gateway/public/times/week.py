"""The free times of a week at a glance: its days side by side (B20)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import groupby

from gateway.public.draft import Draft
from gateway.public.times.sources import Source, free_days, holidays_in, looked_ahead
from gateway.public.times.time import Time, times_of
from gateway.views.clinic_view import ClinicView
from gateway.views.day_grid import Day
from shared.texts.language import first_weekday

_WEEK = timedelta(days=7)
_DAY = timedelta(days=1)
_MONTH = timedelta(days=31)
_MOST_OF_A_DAY = 8
"""How many times of a day are shown; the day itself has them all."""


@dataclass(frozen=True)
class WeekDay:
    """A day that has free times: some of them, or all. `begins_week` tells that a week of the language begins there.

    `holiday` is the name of its holiday, where that is shown and known (S9).
    """

    day: date
    times: list[Time]
    has_more: bool
    begins_week: bool
    holiday: str | None


@dataclass(frozen=True)
class Week:
    """Seven days from `first` on, of which those are shown that have free times.

    `before` and `after` are where the weeks beside it begin, None where nothing can be booked there; `next_free` is the
    next day with a free time, where this week has none. `is_first` tells that no time comes before it. `holidays` are
    the names of holidays on which nothing is free (S9).
    """

    first: date
    days: list[WeekDay]
    before: date | None
    after: date | None
    next_free: date | None
    is_first: bool
    holidays: Mapping[date, str]


def free_week(source: Source, clinic: ClinicView, draft: Draft, now: datetime, opens: date | None = None) -> Week:
    """Return the week that is asked for, else the first from `opens` on, which begins with the first free day.

    What is asked to find the first one tells its holidays, too; those of a later one are named where they are kept.
    """
    earliest, latest = clinic.bookable_months(now)
    start = min(max(draft.week or opens or earliest, earliest), latest)
    known = {} if draft.week else _days_ahead(source, start, latest)
    first = _first_free(known) or start
    last = min(first + _WEEK - _DAY, latest)
    named = source.holidays(first, last) if draft.week else holidays_in(known, first, last)
    days = _days_of(times_of(source.starts(first, last), clinic.zone), clinic.language, named)
    goes_back = first > earliest and bool(draft.week or opens)
    return Week(
        first=first,
        days=days,
        before=max(first - _WEEK, earliest) if goes_back else None,
        after=first + _WEEK if first + _WEEK <= latest else None,
        next_free=None if days or not draft.week else _first_free(_days_ahead(source, last + _DAY, latest)),
        is_first=draft.week is None and not goes_back,
        holidays={day: name for day, name in named.items() if day not in {each.day for each in days}},
    )


def _days_ahead(source: Source, first: date, latest: date) -> Mapping[date, Day]:
    """Return what is known of a month's days; where none is free, of those behind it, too."""
    return looked_ahead(source, first, latest, _MONTH)[0]


def _first_free(days: Mapping[date, Day]) -> date | None:
    return min(free_days(days), default=None)


def _days_of(times: Sequence[Time], language: str, holidays: Mapping[date, str]) -> list[WeekDay]:
    found: list[WeekDay] = []
    for day, its in groupby(times, key=lambda time: time.start.date()):
        all_of_it = list(its)
        shown = _at_a_glance(all_of_it)
        begins_week = bool(found) and _week_of(day, language) != _week_of(found[-1].day, language)
        has_more, holiday = len(shown) < len(all_of_it), holidays.get(day)
        found.append(WeekDay(day, shown, has_more=has_more, begins_week=begins_week, holiday=holiday))
    return found


def _week_of(day: date, language: str) -> date:
    """Return the day that begins the week in which a day lies: a Saturday in Persian."""
    return day - timedelta(days=(day.weekday() - first_weekday(language)) % 7)


def _at_a_glance(times: list[Time]) -> list[Time]:
    """Return all of a few times; of many the first of each hour, and of many hours some from morning to evening."""
    if len(times) <= _MOST_OF_A_DAY:
        return times
    of_hours = [next(its) for _, its in groupby(times, key=lambda time: time.hour)]
    if len(of_hours) <= _MOST_OF_A_DAY:
        return of_hours
    return [of_hours[index * (len(of_hours) - 1) // (_MOST_OF_A_DAY - 1)] for index in range(_MOST_OF_A_DAY)]
