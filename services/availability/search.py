"""The slot search: which times a patient is offered, and how full each day is (PRODUCT S).

Pure: everything that it knows is given, the present moment too. Time is handled as bits (`bits`), one integer
per resource over the range that is asked for.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from datetime import date, datetime, timedelta
from typing import NamedTuple

from services.availability.bits import positions, spaced, span
from services.availability.candidates import Taker, moving_takers, new_takers
from services.availability.frame import Frame, cells, frame
from services.availability.masks import (
    PlannedStarts,
    Reach,
    Spans,
    free_runs,
    met_demands,
    planned_starts,
    reach,
)
from services.availability.plan import AppointmentType, ClinicPlan, Interval, practitioner_resource
from services.availability.reading import clinic_plan
from services.availability.window import Moving, Window, switched_on, window

__all__ = ["Busy", "ClinicPlan", "DayLevel", "Moving", "Slot", "clinic_plan", "day_levels", "offered"]

_DAY = timedelta(days=1)


class Busy(NamedTuple):
    """Time that a booking or hold occupies, buffers included: aware UTC, half-open."""

    resource: str
    """`practitioner:anna` or `resource:room-1`."""
    starts_at: datetime
    ends_at: datetime


class Slot(NamedTuple):
    """An offered time in the clinic's zone, with all practitioners that can take it, in document order."""

    start: datetime
    end: datetime
    practitioners: tuple[str, ...]


class DayLevel(NamedTuple):
    """How many slots a date has (PRODUCT S15) and the name of its holiday, if that is shown (S9)."""

    date: date
    level: str
    """`many`, `few` or `none`."""
    free: int
    holiday: str | None


class Found(NamedTuple):
    """The offered starts of one practitioner, as a mask over the frame."""

    taker: Taker
    starts: int


def offered(
    plan: ClinicPlan,
    type_key: str,
    practitioner: str | None,
    first: date,
    last: date,
    busy: Iterable[Busy],
    now: datetime,
    moving: Moving | None = None,
) -> list[Slot]:
    """Return the slots of the dates from `first` to `last`, both included, earliest first.

    Without `practitioner`, any. `busy` is what bookings and holds occupy; the caller leaves out what belongs to
    the booking that `moving` describes. Raises KeyError for a type that the plan does not have.
    """
    kind = plan.types[type_key]
    opened = _opened(plan, kind, first, last, now, moving)
    if opened is None:
        return []
    laid_out = frame(plan, opened.first, opened.last)
    takers: defaultdict[tuple[int, int], list[str]] = defaultdict(list)
    for taker, starts in _found(plan, kind, practitioner, laid_out, busy, opened.not_before, moving):
        for cell in positions(starts):
            takers[cell, taker.rule.minutes].append(taker.practitioner)
    return [_slot(laid_out, cell, minutes, takers[cell, minutes]) for cell, minutes in sorted(takers)]


def _slot(laid_out: Frame, cell: int, minutes: int, practitioners: list[str]) -> Slot:
    start = laid_out.utc(cell)
    end = start + timedelta(minutes=minutes)
    return Slot(start.astimezone(laid_out.zone), end.astimezone(laid_out.zone), tuple(practitioners))


def day_levels(
    plan: ClinicPlan,
    type_key: str,
    practitioner: str | None,
    first: date,
    last: date,
    busy: Iterable[Busy],
    now: datetime,
) -> list[DayLevel]:
    """Return the level of each date from `first` to `last`, both included; nothing while booking is switched off.

    `free` is the number of slots that `offered` lists for the date. Raises KeyError for an unknown type.
    """
    if not switched_on(plan, moving=False):
        return []
    kind = plan.types[type_key]
    opened = _opened(plan, kind, first, last, now, None)
    free = _counts(plan, kind, practitioner, opened, busy) if opened else {}
    dates = (first + index * _DAY for index in range((last - first).days + 1))
    return [_level(plan, day, free.get(day, 0)) for day in dates]


def _level(plan: ClinicPlan, day: date, free: int) -> DayLevel:
    level = "many" if free > plan.booking.few else "few" if free else "none"
    return DayLevel(day, level, free, plan.holidays.shown_name(day))


def _counts(
    plan: ClinicPlan, kind: AppointmentType, practitioner: str | None, opened: Window, busy: Iterable[Busy]
) -> dict[date, int]:
    """Return how many different (start, end) each date has."""
    laid_out = frame(plan, opened.first, opened.last)
    by_length: defaultdict[int, int] = defaultdict(int)
    for taker, starts in _found(plan, kind, practitioner, laid_out, busy, opened.not_before, None):
        by_length[taker.rule.minutes] |= starts
    return {
        day.on: sum(
            (starts >> day.offset & span(0, day.minutes // plan.grid)).bit_count() for starts in by_length.values()
        )
        for day in laid_out.days
    }


def _opened(
    plan: ClinicPlan, kind: AppointmentType, first: date, last: date, now: datetime, moving: Moving | None
) -> Window | None:
    """Return what of the asked dates may be booked now, None where nothing may."""
    if not switched_on(plan, moving=moving is not None):
        return None
    opened = window(plan, kind, now, moving)
    if opened is None:
        return None
    opened = Window(max(first, opened.first), min(last, opened.last), opened.not_before)
    return opened if opened.first <= opened.last else None


def _found(
    plan: ClinicPlan,
    kind: AppointmentType,
    practitioner: str | None,
    laid_out: Frame,
    busy: Iterable[Busy],
    not_before: datetime,
    moving: Moving | None,
) -> Iterator[Found]:
    """Yield each practitioner who can take the appointment, in document order, with the starts to offer."""
    takers = (
        moving_takers(plan, kind, practitioner, moving.practitioner, moving.minutes)
        if moving
        else new_takers(plan, kind, practitioner)
    )
    spans = _spans(laid_out, busy, cells(kind.buffer_before, plan.grid))
    rooms: dict[Reach, int] = {}
    allowed = span(max(laid_out.ceil(not_before), 0), laid_out.cells)
    if moving and 0 <= laid_out.floor(moving.start) < laid_out.cells:
        allowed &= ~(1 << laid_out.floor(moving.start))
    for taker in takers:
        needed = reach(kind, taker.rule.minutes, plan.grid)
        if needed not in rooms:
            rooms[needed] = met_demands(plan, kind, needed, laid_out, spans)
        own = free_runs(laid_out, needed, spans.get(practitioner_resource(taker.practitioner), ()))
        planned = planned_starts(plan, kind, taker, laid_out)
        yield Found(taker, _walked(planned, planned.starts & rooms[needed] & own, plan.grid) & allowed)


def _walked(planned: PlannedStarts, free: int, grid: int) -> int:
    """Return the free starts that are offered: all, or in spaced mode those that the walk of each day takes (S6)."""
    if not planned.walks:
        return free
    taken = 0
    for day, walks in planned.walks:
        of_day = free >> day.offset & span(0, day.minutes // grid)
        taken_of_day = 0
        for walk in walks:
            taken_of_day = spaced(of_day & walk.cells, walk.apart, taken_of_day)
        taken |= taken_of_day << day.offset
    return taken


def _spans(laid_out: Frame, busy: Iterable[Busy], lead: int) -> Spans:
    """Return what is busy, by resource, in cells counted from `lead` ahead of the frame."""
    intervals: defaultdict[str, list[Interval]] = defaultdict(list)
    for resource, starts_at, ends_at in busy:
        intervals[resource].append((starts_at, ends_at))
    return {resource: laid_out.spans(found, lead) for resource, found in intervals.items()}
