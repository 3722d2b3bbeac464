"""Where a day's plan lets appointments start: ranges, and the three slot modes (PRODUCT S2 to S7, CONTRACTS 1)."""

from collections.abc import Iterable
from typing import NamedTuple
from zoneinfo import ZoneInfo

from shared.clinic.plan.values import AppointmentType, Block, DayPlan
from shared.clinic.starts.bits import comb, span
from shared.clinic.starts.frame import Day, cells


class StartRule(NamedTuple):
    """All of a type, for one practitioner or one booking, that decides where appointments may start."""

    mode: str
    minutes: int
    step: int
    """Minutes from start to start; spaced: the least distance between offered ones, 0 for none."""
    runs_over: bool
    kinds: frozenset[str]


class Range(NamedTuple):
    """Plan time without a break, in wall-clock minutes, with the step of its own block if it has one."""

    start: int
    end: int
    step: int | None


class Walk(NamedTuple):
    """Cells of one range in which starts are offered at least `apart` cells after the last one."""

    cells: int
    apart: int


class DayStarts(NamedTuple):
    """The starts of one day; bit 0 is its midnight."""

    starts: int
    """Every start that may be booked."""
    walks: tuple[Walk, ...]
    """Spaced mode: how the offered ones among them are chosen, range by range."""


def start_rule(kind: AppointmentType, minutes: int, kinds: frozenset[str]) -> StartRule:
    """Return the rule for appointments of `minutes` of this type inside blocks of `kinds`."""
    step = minutes if kind.mode == "fixed" else kind.step
    return StartRule(kind.mode, minutes, step, kind.runs_over, kinds)


def ranges(blocks: Iterable[Block], kinds: frozenset[str]) -> list[Range]:
    """Return the ranges of a day in which blocks of `kinds` may be used.

    Blocks that touch form one range; a block with its own step is a range of its own (PRODUCT S7).
    """
    found: list[Range] = []
    for block in blocks:
        if block.kind not in kinds:
            continue
        joins = found and found[-1].end == block.start and found[-1].step is None and block.step is None
        if joins:
            found[-1] = found[-1]._replace(end=block.end)
        else:
            found.append(Range(block.start, block.end, block.step))
    return found


def day_starts(day_plan: DayPlan, rule: StartRule, day: Day, zone: ZoneInfo, grid: int) -> DayStarts:
    """Return the starts that the plan of `day` gives under `rule`, all of it free."""
    length = cells(rule.minutes, grid)
    latest = day.minutes // grid - length
    starts = 0
    walks: list[Walk] = []
    for begin, end, own_step in ranges(day_plan.blocks, rule.kinds):
        first = cells(day.elapsed(begin, zone), grid)
        beyond = day.elapsed(end, zone, end=True) // grid
        beyond = min(beyond, latest + 1) if rule.runs_over else beyond - length + 1
        step = cells(rule.step if own_step is None else own_step, grid)
        if rule.mode == "spaced":
            walks.append(Walk(span(first, beyond), step))
            starts |= walks[-1].cells
        else:
            starts |= comb(first, beyond, max(step, 1))
    return DayStarts(starts, tuple(walks))
