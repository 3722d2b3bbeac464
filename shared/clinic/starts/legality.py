"""Whether one asked time is legal, and who could take it: plan, blocks, window, notice, grid, absences.

Never occupancy: that is decided by the database that holds the bookings (PRODUCT B11).
"""

from datetime import UTC, datetime, timedelta

from shared.clinic.occupancy import Interval, overlap, practitioner_key, resource_key
from shared.clinic.plan.values import AppointmentType, ClinicPlan
from shared.clinic.starts.asked import AskedStart
from shared.clinic.starts.candidates import Candidate
from shared.clinic.starts.frame import Frame, frame_of
from shared.clinic.starts.masks import met_demands, planned_starts, reach
from shared.clinic.starts.takers import Taker, takers
from shared.clinic.starts.window import window
from shared.contracts.errors import SlotNotOffered

_MINUTE = timedelta(minutes=1)
_FIRST_MOMENT = datetime(1900, 1, 2, tzinfo=UTC)
_LAST_MOMENT = datetime(2999, 12, 30, tzinfo=UTC)
"""Beyond these a document can plan nothing, and the arithmetic of zones overflows in the end."""


def check(plan: ClinicPlan, asked: AskedStart, now: datetime) -> list[Candidate]:
    """Return who may take the time, in document order; raise SlotNotOffered where nobody may.

    A patient's move keeps the booking's length. Staff override every rule, but outside any block they say so; for
    them, who is absent or outside a block comes last. Raises KeyError for a type that the plan does not have.
    """
    kind = plan.types[asked.type]
    if not _FIRST_MOMENT < asked.start < _LAST_MOMENT:
        found = []
    elif asked.staff:
        found = _for_staff(plan, kind, asked)
    else:
        found = _for_patient(plan, kind, asked, now)
    if not found:
        raise SlotNotOffered.because("Nobody can take this time by the plan of the clinic.")
    return found


def _for_patient(plan: ClinicPlan, kind: AppointmentType, asked: AskedStart, now: datetime) -> list[Candidate]:
    start = asked.start
    on = start.astimezone(plan.zone).date()
    opened = window(plan, asked, now)
    if opened is None or not opened.first <= on <= opened.last or start < opened.not_before:
        return []
    frame = frame_of(plan, on, on)
    if not frame.is_start(start):
        return []
    return [
        _candidate(plan, kind, taker.practitioner, start, taker.rule.minutes)
        for taker in takers(plan, asked)
        if _legal(plan, kind, taker, frame) >> frame.floor(start) & 1
    ]


def _legal(plan: ClinicPlan, kind: AppointmentType, taker: Taker, frame: Frame) -> int:
    """Return the mask of starts that are legal for `taker`; in spaced mode every free grid start (CONTRACTS 1)."""
    resources = met_demands(plan, kind, reach(kind, taker.rule.minutes, plan.grid), frame, {})
    return planned_starts(plan, kind, taker, frame).starts & resources


def _for_staff(plan: ClinicPlan, kind: AppointmentType, asked: AskedStart) -> list[Candidate]:
    """Return all whom staff may choose; those for whom fewer rules are overridden come first."""
    moving, start = asked.moving, asked.start
    named = asked.practitioner or (moving.practitioner if moving else None)
    length = asked.minutes or (moving.minutes if moving else None)
    found = [
        _candidate(plan, kind, key, start, length or kind.length_with(key), with_absent=True)
        for key in ((named,) if named else kind.practitioners)
        if key in plan.practitioners and (asked.outside_plan or _in_block(plan, key, start))
    ]
    return sorted(found, key=lambda candidate: _is_away(plan, candidate))


def _is_away(plan: ClinicPlan, candidate: Candidate) -> bool:
    """Tell whether the practitioner is absent, or at work in no block, at that time."""
    name = practitioner_key(candidate.practitioner)
    return _absent(plan, name, candidate.occupied) or not _in_block(plan, candidate.practitioner, candidate.start)


def _in_block(plan: ClinicPlan, practitioner: str, start: datetime) -> bool:
    """Tell whether `start` lies in a schedule block of any kind, a break included (PRODUCT S2)."""
    on = start.astimezone(plan.zone).date()
    day = frame_of(plan, on, on).days[0]
    elapsed = (start - day.starts_at) // _MINUTE
    return any(
        day.elapsed(block.start, plan.zone) <= elapsed < day.elapsed(block.end, plan.zone, end=True)
        for block in plan.day_plan(practitioner, on).blocks
    )


def _candidate(
    plan: ClinicPlan,
    kind: AppointmentType,
    practitioner: str,
    start: datetime,
    minutes: int,
    *,
    with_absent: bool = False,
) -> Candidate:
    """Return the candidate; absent resources are left out of its uses, or with `with_absent` come last."""
    start = start.astimezone(UTC)
    end = start + minutes * _MINUTE
    occupied = (start - kind.buffer_before * _MINUTE, end + kind.buffer_after * _MINUTE)
    absent = {key for use in kind.uses for key in use if _absent(plan, resource_key(key), occupied)}
    uses = tuple(
        tuple(sorted(use, key=absent.__contains__)) if with_absent else tuple(key for key in use if key not in absent)
        for use in kind.uses
    )
    accepts_new = plan.practitioners[practitioner].new_patients
    return Candidate(practitioner, start, end, *occupied, minutes, accepts_new, uses)


def _absent(plan: ClinicPlan, name: str, occupied: Interval) -> bool:
    return any(overlap(absence, occupied) for absence in plan.absences.get(name, ()))
