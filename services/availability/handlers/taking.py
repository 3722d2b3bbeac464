"""Booking's events take and free time here; in any order, any number of times (DESIGN rule 3)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from services.availability.handlers.refreshing import refresh
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
from shared.incoming.repeats import KEPT

if TYPE_CHECKING:
    from services.availability.handlers.desk import Desk
    from services.availability.model.current import Clinic
    from services.availability.store import Span


def take_time(desk: Desk, event: Event, instead_of: int | None = None) -> None:
    """Let a booking occupy what its newest state says, and end the hold that it came from.

    Newer than what is known, or said `instead_of` the version that is known, which is not true.
    """
    told = BookedTime.read(event.data)
    times = occupied_times(told)
    states = [(booking(event.subject, event.subject_version, times, desk.now), times)]
    if told.hold:
        states.append((ended_hold(told.hold, desk.now), []))
    _occupy(desk, event.clinic, states, instead_of)


def free_time(desk: Desk, clinic: str, reference: str) -> None:
    """Forget a booking that there is not, and free what it occupied."""
    with desk.work() as store:
        freed = store.forget(booking(reference, 0, [], desk.now))
        plan = desk.documents.find(store, clinic) if freed else None
    _refresh_searched(desk, clinic, plan, freed)


def hold_time(desk: Desk, event: Event) -> None:
    """Let a hold occupy its time until it expires."""
    times = held_times(HeldTime.read(event.data))
    held = hold(event.subject, event.subject_version, times, desk.now)
    _occupy(desk, event.clinic, [(held, times)])


def free_hold(desk: Desk, event: Event) -> None:
    """End a hold; one that is heard of only later stays ended."""
    _occupy(desk, event.clinic, [(ended_hold(event.subject, desk.now), [])])


def _occupy(desk: Desk, clinic: str, states: list[tuple[Occupant, list[Busy]]], instead_of: int | None = None) -> None:
    """Take what is taken and, after the commit, refresh exactly the searched days that are different now."""
    with desk.work() as store:
        freed = store.forget(states[0][0], instead_of) if instead_of is not None else []
        changed = freed + [span for occupant, times in states for span in store.occupy(occupant, clinic, times)]
        plan = desk.documents.find(store, clinic) if changed else None
    _refresh_searched(desk, clinic, plan, changed)


def _refresh_searched(desk: Desk, clinic: str, known: Clinic | None, changed: list[Span]) -> None:
    """Let searches show days that are different now as they are; after the commit."""
    if known is not None:
        refresh(desk, clinic, known, touched_days(known.plan, changed))


def sweep(desk: Desk) -> None:
    """Forget expired holds and what is long over."""
    with desk.work() as store:
        store.sweep(desk.now)
        store.forget_absences_entered(desk.now - KEPT)
