"""What every search for times asks of plan and occupancy: who is free to begin when, in one frame of dates."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from services.availability.model.occupancy import Busy
from shared.clinic.occupancy import Interval, practitioner_key
from shared.clinic.plan.values import AppointmentType, ClinicPlan
from shared.clinic.starts.frame import Frame, cells
from shared.clinic.starts.masks import PlannedStarts, Reach, Spans, free_runs, met_demands, planned_starts, reach
from shared.clinic.starts.takers import Taker


class Search(NamedTuple):
    """What is asked for, less what cannot be booked now."""

    plan: ClinicPlan
    kind: AppointmentType
    takers: Sequence[Taker]
    frame: Frame
    allowed: int
    """The starts in the frame that may be chosen at all."""


def free_starts(search: Search, busy: Iterable[Busy]) -> Iterator[tuple[Taker, PlannedStarts, int]]:
    """Yield each taker, in the order given, with the starts that the plan gives them, and those of these that are free.

    Free is the practitioner with every resource that the type uses, buffers included (PRODUCT S14).
    """
    plan, kind, frame = search.plan, search.kind, search.frame
    taken = _spans(frame, busy, cells(kind.buffer_before, plan.grid))
    rooms: dict[Reach, int] = {}
    for taker in search.takers:
        needed = reach(kind, taker.rule.minutes, plan.grid)
        if needed not in rooms:
            rooms[needed] = met_demands(plan, kind, needed, frame, taken)
        planned = planned_starts(plan, kind, taker, frame)
        own = free_runs(frame, needed, taken.get(practitioner_key(taker.practitioner), ()))
        yield taker, planned, planned.starts & rooms[needed] & own


def _spans(frame: Frame, busy: Iterable[Busy], lead: int) -> Spans:
    """Return what is busy, by resource, in cells counted from `lead` ahead of the frame."""
    intervals: defaultdict[str, list[Interval]] = defaultdict(list)
    for resource, starts_at, ends_at, _ in busy:
        intervals[resource].append((starts_at, ends_at))
    return {resource: frame.spans(found, lead) for resource, found in intervals.items()}
