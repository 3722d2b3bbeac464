"""Booking's events take and free time here; in any order, any number of times (DESIGN rule 3)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import partial
from typing import TYPE_CHECKING

from services.availability.handlers.pictures import FORMER_KEPT
from services.availability.handlers.refreshing import refresh
from services.availability.model.occupancy import (
    BookedTime,
    HeldTime,
    State,
    booking,
    ended_hold,
    held_times,
    hold,
    occupied_times,
)
from services.availability.search.lasting import touched_days
from shared.bus.events.effects import Effect
from shared.contracts.envelope import Event
from shared.incoming.repeats import KEPT

if TYPE_CHECKING:
    from services.availability.handlers.desk import Desk
    from services.availability.model.current import Clinic
    from services.availability.store import AvailabilityStore, Span

    Changed = list[tuple[Clinic, str, list[Span]]]


def take_time(desk: Desk, events: Sequence[Event]) -> Effect[list[State]]:
    """Let bookings occupy what their newest states say, and end the holds that they came from."""
    return _taking(desk, [(event, _of_booking(desk, event)) for event in events])


def take_time_anew(desk: Desk, event: Event, instead_of: int | None) -> None:
    """Let a booking occupy what it says `instead_of` the version that is known, which is not true."""
    states = _of_booking(desk, event)
    with desk.work() as store:
        freed = store.forget(states[0].occupant, instead_of) if instead_of is not None else []
        changed = _with_plans(desk, store, [*((event.clinic, span) for span in freed), *store.occupy(states, desk.now)])
    _refresh_searched(desk, changed)


def free_time(desk: Desk, clinic: str, reference: str) -> None:
    """Forget a booking that there is not, and free what it occupied."""
    with desk.work() as store:
        freed = store.forget(booking(reference, 0, [], desk.now))
        changed = _with_plans(desk, store, [(clinic, span) for span in freed])
    _refresh_searched(desk, changed)


def hold_time(desk: Desk, events: Sequence[Event]) -> Effect[list[State]]:
    """Let holds occupy their time until they expire."""
    return _taking(desk, [(event, [_of_hold(desk, event)]) for event in events])


def free_hold(desk: Desk, events: Sequence[Event]) -> Effect[list[State]]:
    """End holds; one that is heard of only later stays ended."""
    return _taking(desk, [(event, [_ended(desk, event.subject, event.clinic)]) for event in events])


def _of_booking(desk: Desk, event: Event) -> list[State]:
    told = BookedTime.read(event.data)
    times = occupied_times(told)
    state = State(booking(event.subject, event.subject_version, times, desk.now), event.clinic, times)
    return [state, _ended(desk, told.hold, event.clinic)] if told.hold else [state]


def _of_hold(desk: Desk, event: Event) -> State:
    times = held_times(HeldTime.read(event.data))
    return State(hold(event.subject, event.subject_version, times, desk.now), event.clinic, times)


def _ended(desk: Desk, hold: str, clinic: str) -> State:
    return State(ended_hold(hold, desk.now), clinic, [])


def _taking(desk: Desk, prepared: list[tuple[Event, list[State]]]) -> Effect[list[State]]:
    """Take what is taken and, after the commit, refresh exactly the searched days that are different now."""

    def occupy(store: AvailabilityStore, told: list[list[State]]) -> Changed:
        return _with_plans(desk, store, store.occupy([state for states in told for state in states], desk.now))

    return Effect(prepared, occupy, afterwards=partial(_refresh_searched, desk))


def _with_plans(desk: Desk, store: AvailabilityStore, changed: Iterable[tuple[str, Span]]) -> Changed:
    """Return the times that were taken or freed by clinic, each with the plan that is in force just now."""
    by_clinic: dict[str, list[Span]] = {}
    for clinic, span in changed:
        by_clinic.setdefault(clinic, []).append(span)
    found = ((desk.documents.find(store, clinic), clinic, spans) for clinic, spans in by_clinic.items())
    return [(plan, clinic, spans) for plan, clinic, spans in found if plan is not None]


def _refresh_searched(desk: Desk, changed: Changed) -> None:
    """Let searches show days that are different now as they are; after the commit."""
    for known, clinic, spans in changed:
        refresh(desk, clinic, known, touched_days(known.plan, spans))


def sweep(desk: Desk) -> None:
    """Forget expired holds and what is long over."""
    with desk.work() as store:
        store.sweep(desk.now)
        store.forget_absences_entered(desk.now - KEPT)
        store.forget_former_pictures(desk.now - FORMER_KEPT)
