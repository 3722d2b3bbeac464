"""The times that staff may give a patient while they talk to them (PRODUCT S2, C7): all that is free in the plan.

None of the patients' rules counts but the hours in which people work: a block of any kind will do, on any date.
Pure, as the patients' search is.
"""

from collections import defaultdict
from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import NamedTuple

from services.availability.model.occupancy import Busy
from services.availability.search.finding import Search, free_starts
from shared.clinic.plan.values import AppointmentType, ClinicPlan, DayPlan
from shared.clinic.starts.asked import AskedDates
from shared.clinic.starts.bits import positions, span
from shared.clinic.starts.day_starts import StartRule, start_rule
from shared.clinic.starts.frame import Frame, frame_of
from shared.clinic.starts.masks import planned_starts
from shared.clinic.starts.takers import Taker


class FreeTime(NamedTuple):
    """A free time in the clinic's zone, with all practitioners who can take it, in document order.

    For those of `outside_online` it lies outside the blocks in which patients may book the type.
    """

    start: datetime
    end: datetime
    practitioners: tuple[str, ...]
    outside_online: tuple[str, ...]


def free_times(plan: ClinicPlan, asked: AskedDates, busy: Iterable[Busy], now: datetime) -> list[FreeTime]:
    """Return the free times of the asked dates from `now` on, the earliest first.

    A start is one that the type's own rule gives, in the blocks for patients and in the others each by themselves, or
    the first of a gap, so that no gap is overlooked. Raises KeyError for a type that the plan does not have.
    """
    first = max(asked.first, now.astimezone(plan.zone).date())
    if first > asked.last:
        return []
    kind, frame = plan.types[asked.type], frame_of(plan, first, asked.last)
    kinds = _kinds_of(plan)
    takers = [_anywhere(kind, key, asked.minutes, kinds) for key in _able(kind, asked)]
    search = Search(plan, kind, takers, frame, span(max(frame.ceil(now), 0), frame.cells))
    found: defaultdict[tuple[int, int], list[tuple[str, bool]]] = defaultdict(list)
    for taker, _, free in free_starts(search, busy):
        possible = free & search.allowed
        for_patients = _planned(search, taker, kind.kinds, "spaced")
        by_rule = _planned(search, taker, kind.kinds, kind.mode)
        by_rule |= _planned(search, taker, kinds - kind.kinds, kind.mode)
        for cell in positions(possible & (by_rule | ~(possible << 1))):
            found[cell, taker.rule.minutes].append((taker.practitioner, bool(for_patients >> cell & 1)))
    return [_time(frame, *key, found[key]) for key in sorted(found)]


def _able(kind: AppointmentType, asked: AskedDates) -> Iterable[str]:
    """Return who takes the type, whether signed up for online booking or not; whom staff name, it is."""
    return kind.practitioners if asked.practitioner is None else (asked.practitioner,)


def _anywhere(kind: AppointmentType, practitioner: str, minutes: int | None, kinds: frozenset[str]) -> Taker:
    """Return the practitioner with every cell of their blocks as a start."""
    length = minutes or kind.length_with(practitioner)
    return Taker(practitioner, StartRule("spaced", length, 0, kind.runs_over, kinds))


def _planned(search: Search, taker: Taker, kinds: frozenset[str], mode: str) -> int:
    """Return the starts that the plan gives in blocks of `kinds`: all cells where they are spaced, else by the rule."""
    rule = taker.rule._replace(kinds=kinds)
    if mode != "spaced":
        rule = start_rule(search.kind, taker.rule.minutes, kinds)
    return planned_starts(search.plan, search.kind, taker._replace(rule=rule), search.frame).starts


def _kinds_of(plan: ClinicPlan) -> frozenset[str]:
    """Return all kinds of blocks that are in the plan."""
    weeks = [day for periods in plan.periods.values() for period in periods for day in period.week]
    days: list[DayPlan] = [*weeks, *plan.one_off.values()]
    found: frozenset[str] = plan.memory.recall(
        "kinds of blocks", lambda: frozenset(block.kind for day in days for block in day.blocks)
    )
    return found


def _time(frame: Frame, cell: int, minutes: int, able: Iterable[tuple[str, bool]]) -> FreeTime:
    start = frame.utc(cell)
    end = start + timedelta(minutes=minutes)
    practitioners = tuple(key for key, _ in able)
    outside = tuple(key for key, is_online in able if not is_online)
    return FreeTime(start.astimezone(frame.zone), end.astimezone(frame.zone), practitioners, outside)
