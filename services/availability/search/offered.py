"""The slot search: which times a patient is offered, and how full each day is (PRODUCT S).

Pure: everything that it knows is given, the present moment too. Time is handled as bits (`bits`), one integer
per resource over the range that is asked for.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from datetime import date, datetime, timedelta
from functools import reduce
from operator import or_
from typing import NamedTuple

from services.availability.model.occupancy import Busy
from services.availability.search.finding import Search, free_starts
from shared.clinic.levels import level_of
from shared.clinic.plan.values import ClinicPlan
from shared.clinic.starts.asked import AskedDates
from shared.clinic.starts.bits import positions, spaced, span
from shared.clinic.starts.frame import Day, Frame, cells, frame_of
from shared.clinic.starts.masks import PlannedStarts
from shared.clinic.starts.takers import Taker, takers
from shared.clinic.starts.window import window

_DAY = timedelta(days=1)
_HOUR = 60
"""Minutes."""


class Slot(NamedTuple):
    """An offered time in the clinic's zone, with all practitioners that can take it, in document order.

    `new_patients` are those of them who take patients that the clinic does not know (PRODUCT S13).
    """

    start: datetime
    end: datetime
    practitioners: tuple[str, ...]
    new_patients: tuple[str, ...]


class DayLevel(NamedTuple):
    """How many slots a date has (PRODUCT S15) and the name of its holiday, if that is shown (S9)."""

    date: date
    level: str
    """`many`, `few` or `none`."""
    free: int
    holiday: str | None
    holiday_names: Mapping[str, str] = {}
    """By language."""


def offered(plan: ClinicPlan, asked: AskedDates, busy: Iterable[Busy], now: datetime) -> list[Slot]:
    """Return the slots of the asked dates, earliest first.

    `busy` is what bookings and holds occupy; the caller leaves out what belongs to a booking that is to be moved.
    Raises KeyError for a type that the plan does not have.
    """
    search = _search(plan, asked, now)
    return [] if search is None else _slots(search, list(_found(search, busy)))


def offered_by_hours(plan: ClinicPlan, asked: AskedDates, busy: Iterable[Busy], now: datetime) -> list[Slot]:
    """Return of the slots as `offered` lists them those that stand for the others: of each date and practitioner the
    first, and from it on each that is an hour or more after the last one (PRODUCT B20). Raises KeyError likewise.
    """
    search = _search(plan, asked, now)
    if search is None:
        return []
    found = list(_found(search, busy))
    apart = cells(_HOUR, plan.grid)
    hourly = 0
    for day in search.frame.days:
        firsts = (spaced(_of(day, starts), apart) for _, starts in found)
        hourly |= reduce(or_, firsts, 0) << day.offset
    return _slots(search, [(taker, starts & hourly) for taker, starts in found])


def _slots(search: Search, found: Iterable[tuple[Taker, int]]) -> list[Slot]:
    """Return the starts of all who take the appointment as slots, earliest first."""
    plan = search.plan
    able: defaultdict[tuple[int, int], list[str]] = defaultdict(list)
    for taker, starts in found:
        for cell in positions(starts):
            able[cell, taker.rule.minutes].append(taker.practitioner)
    welcoming = frozenset(key for key in plan.practitioners if plan.takes_new_patients(key))
    return [_slot(search.frame, cell, minutes, able[cell, minutes], welcoming) for cell, minutes in sorted(able)]


def _slot(frame: Frame, cell: int, minutes: int, practitioners: Iterable[str], welcoming: frozenset[str]) -> Slot:
    start = frame.utc(cell)
    end = start + timedelta(minutes=minutes)
    able = tuple(practitioners)
    new = tuple([key for key in able if key in welcoming])
    return Slot(start.astimezone(frame.zone), end.astimezone(frame.zone), able, new)


def day_levels(plan: ClinicPlan, asked: AskedDates, busy: Iterable[Busy], now: datetime) -> list[DayLevel]:
    """Return the level of each asked date; nothing while the clinic takes no new bookings.

    `free` is the number of slots that `offered` lists for the date. Raises KeyError for an unknown type.
    """
    if not plan.booking.new:
        return []
    search = _search(plan, asked, now)
    free = _counts(search, busy) if search else {}
    dates = (asked.first + index * _DAY for index in range((asked.last - asked.first).days + 1))
    return [_level(plan, day, free.get(day, 0)) for day in dates]


def _level(plan: ClinicPlan, day: date, free: int) -> DayLevel:
    holidays = plan.holidays
    return DayLevel(day, level_of(free, plan.booking.few), free, holidays.shown_name(day), holidays.shown_names(day))


def _counts(search: Search, busy: Iterable[Busy]) -> dict[date, int]:
    """Return how many different (start, end) each date has."""
    by_length: defaultdict[int, int] = defaultdict(int)
    for taker, starts in _found(search, busy):
        by_length[taker.rule.minutes] |= starts
    return {day.on: sum(_of(day, starts).bit_count() for starts in by_length.values()) for day in search.frame.days}


def _of(day: Day, starts: int) -> int:
    """Return the part of a frame's mask that is of `day`, bit 0 its midnight."""
    return starts >> day.offset & day.mask


def _search(plan: ClinicPlan, asked: AskedDates, now: datetime) -> Search | None:
    """Return what of the question can be answered with slots, None where nothing can.

    Of the starts notice leaves some, and of a booking to be moved its present one is none.
    """
    opened = window(plan, asked, now)
    if opened is None or max(asked.first, opened.first) > min(asked.last, opened.last):
        return None
    frame = frame_of(plan, max(asked.first, opened.first), min(asked.last, opened.last))
    allowed = span(max(frame.ceil(opened.not_before), 0), frame.cells)
    if asked.moving and asked.moving.practitioner and frame.is_start(asked.moving.start):
        allowed &= ~(1 << frame.floor(asked.moving.start))
    return Search(plan, plan.types[asked.type], takers(plan, asked), frame, allowed)


def _found(search: Search, busy: Iterable[Busy]) -> Iterator[tuple[Taker, int]]:
    """Yield each practitioner who can take the appointment, in document order, with the mask of starts to offer."""
    for taker, planned, free in free_starts(search, busy):
        yield taker, _walked(planned, free) & search.allowed


def _walked(planned: PlannedStarts, free: int) -> int:
    """Return the free starts that are offered: all, or in spaced mode those that the walk of each day takes (S6)."""
    if not planned.walks:
        return free
    taken = 0
    for day, walks in planned.walks:
        free_of_day = _of(day, free)
        taken_of_day = 0
        for walk in walks:
            taken_of_day = spaced(free_of_day & walk.cells, walk.apart, taken_of_day)
        taken |= taken_of_day << day.offset
    return taken
