"""Booking's events take and free time here; in any order, any number of times (DESIGN rule 3)."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import TYPE_CHECKING, Protocol

from services.availability.model.current import CurrentClinics
from services.availability.model.occupancy import (
    BookedTime,
    Busy,
    HeldTime,
    Occupant,
    booking,
    ended_hold,
    held_times,
    hold,
    occupied_times,
)
from services.availability.search.lasting import touched_days
from shared.contracts.envelope import Event

if TYPE_CHECKING:
    from services.availability.store import AvailabilityStore
    from shared.bus.events.unit_of_work import UnitOfWork

    Work = UnitOfWork[AvailabilityStore]


class DropsDays(Protocol):
    """The slot cache, as far as it is needed here."""

    def drop(self, clinic: str, days: Iterable[str]) -> None:
        """Let nothing count any more that was worked out for these dates; never fails."""
        ...


def take_time(work: Work, known: CurrentClinics, searched: DropsDays, event: Event, now: datetime) -> None:
    """Let a booking occupy what its newest state says, and end the hold that it came from."""
    told = BookedTime.read(event.data)
    times = occupied_times(told)
    states = [(booking(event.subject, event.subject_version, times, now), times)]
    if told.hold:
        states.append((ended_hold(told.hold, now), []))
    _occupy(work, known, searched, event.clinic, states)


def hold_time(work: Work, known: CurrentClinics, searched: DropsDays, event: Event, now: datetime) -> None:
    """Let a hold occupy its time until it expires."""
    times = held_times(HeldTime.read(event.data))
    held = hold(event.subject, event.subject_version, times, now)
    _occupy(work, known, searched, event.clinic, [(held, times)])


def free_hold(work: Work, known: CurrentClinics, searched: DropsDays, event: Event, now: datetime) -> None:
    """End a hold; one that is heard of only later stays ended."""
    _occupy(work, known, searched, event.clinic, [(ended_hold(event.subject, now), [])])


def _occupy(
    work: Work, known: CurrentClinics, searched: DropsDays, clinic: str, states: list[tuple[Occupant, list[Busy]]]
) -> None:
    """Take what is taken and, after the commit, drop exactly the days that were searched and are different now."""
    with work() as store:
        changed = [span for occupant, times in states for span in store.occupy(occupant, clinic, times)]
        plan = known.find(store, clinic) if changed else None
    if plan is not None:
        searched.drop(clinic, {day.isoformat() for day in touched_days(plan.plan, changed)})


def sweep(work: Work, now: datetime) -> None:
    """Forget expired holds and what is long over."""
    with work() as store:
        store.sweep(now)
