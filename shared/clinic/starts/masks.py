"""Masks of an asked range: where appointments may start by the plan, and where time is free.

Start masks count from the frame's first midnight. So do the masks that `free_runs` returns: their bit i says
that the whole occupied time, buffers included, of an appointment starting in cell i is free.
"""

from collections.abc import Iterable, Mapping
from typing import NamedTuple

from shared.clinic.occupancy import practitioner_key, resource_key
from shared.clinic.plan.values import AppointmentType, ClinicPlan, DayPlan
from shared.clinic.starts.bits import at_least, runs, span, union
from shared.clinic.starts.day_starts import DayStarts, Walk, day_starts
from shared.clinic.starts.frame import Day, Frame, cells
from shared.clinic.starts.takers import Taker

Spans = Mapping[str, list[tuple[int, int]]]


class Reach(NamedTuple):
    """How many cells an appointment occupies: before its start, and from its start on."""

    before: int
    onward: int


class DayWalk(NamedTuple):
    """The walks of one day in spaced mode."""

    day: Day
    walks: tuple[Walk, ...]


class PlannedStarts(NamedTuple):
    """Where the plan, holidays and absences let one practitioner's appointments start."""

    starts: int
    walks: tuple[DayWalk, ...]


def reach(kind: AppointmentType, minutes: int, grid: int) -> Reach:
    """Return what an appointment of `minutes` occupies with the buffers of its type (CONTRACTS 1, Buffers)."""
    return Reach(cells(kind.buffer_before, grid), cells(minutes + kind.buffer_after, grid))


def planned_starts(plan: ClinicPlan, kind: AppointmentType, taker: Taker, frame: Frame) -> PlannedStarts:
    """Return the starts of `taker` in the frame with no booking in the way."""
    needed = reach(kind, taker.rule.minutes, plan.grid)
    planned: PlannedStarts = plan.memory.recall(
        (taker, needed, frame), lambda: _planned_starts(plan, taker, needed, frame)
    )
    return planned


def _planned_starts(plan: ClinicPlan, taker: Taker, needed: Reach, frame: Frame) -> PlannedStarts:
    starts = 0
    walks: list[DayWalk] = []
    for day in frame.days:
        day_plan = plan.day_plan(taker.practitioner, day.on)
        if not day_plan.blocks or plan.holidays.closes(day.on):
            continue
        found = _day_starts(plan, day_plan, taker, day)
        starts |= found.starts << day.offset
        if found.walks:
            walks.append(DayWalk(day, found.walks))
    absent = absent_spans(plan, frame, practitioner_key(taker.practitioner), needed.before)
    return PlannedStarts(starts & free_runs(frame, needed, absent), tuple(walks))


def _day_starts(plan: ClinicPlan, day_plan: DayPlan, taker: Taker, day: Day) -> DayStarts:
    """Return the starts of one day; all days without a change of offset share what is worked out for one of them."""
    key = (day_plan, taker.rule, None if day.plain else day.on)
    found: DayStarts = plan.memory.recall(key, lambda: day_starts(day_plan, taker.rule, day, plan.zone, plan.grid))
    return found


def free_runs(frame: Frame, needed: Reach, busy: Iterable[tuple[int, int]]) -> int:
    """Return the starts in the frame whose whole occupied time lies outside the busy spans.

    The spans count from `needed.before` cells ahead of the frame, where the first possible occupied time begins.
    """
    width = needed.before + frame.cells + needed.onward
    taken = union(busy, width)
    return runs(span(0, width) ^ taken, needed.before + needed.onward) if taken else span(0, frame.cells)


def met_demands(plan: ClinicPlan, kind: AppointmentType, needed: Reach, frame: Frame, busy: Spans) -> int:
    """Return the starts in the frame for which every needed resource can be had at once (PRODUCT S12, S14)."""
    names = {resource_key(key) for use in kind.uses for key in use}
    free = {
        name: free_runs(frame, needed, [*absent_spans(plan, frame, name, needed.before), *busy.get(name, ())])
        for name in names
    }
    met = span(0, frame.cells)
    for demand in kind.demands:
        met &= at_least((free[resource_key(key)] for key in demand.resources), demand.number)
    return met


def absent_spans(plan: ClinicPlan, frame: Frame, name: str, lead: int) -> list[tuple[int, int]]:
    """Return when a practitioner or resource is absent (PRODUCT S8), in cells from `lead` ahead of the frame."""
    found: list[tuple[int, int]] = plan.memory.recall(
        (name, frame, lead), lambda: frame.spans(plan.absences.get(name, ()), lead)
    )
    return found
