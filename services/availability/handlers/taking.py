"""Booking's events take and free time here; in any order, any number of times (DESIGN rule 3)."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from services.availability.occupancy import booking, ended_hold, hold, occupied_times
from shared.contracts.envelope import Event

if TYPE_CHECKING:
    from services.availability.store import AvailabilityStore
    from shared.bus.unit_of_work import UnitOfWork

    Work = UnitOfWork[AvailabilityStore]


def take_time(work: Work, event: Event, now: datetime) -> None:
    """Let a booking occupy what its newest state says, and end the hold that it came from."""
    times, held = occupied_times(event.data), event.data.get("hold")
    with work() as store:
        store.occupy(booking(event.subject, event.subject_version, times, now), event.clinic, times)
        if held:
            store.occupy(ended_hold(held, now), event.clinic, [])


def hold_time(work: Work, event: Event, now: datetime) -> None:
    """Let a hold occupy its time until it expires."""
    times = occupied_times(event.data)
    expires_at = datetime.fromisoformat(event.data["expires_at"])
    with work() as store:
        store.occupy(hold(event.subject, event.subject_version, times, now), event.clinic, times, expires_at)


def free_hold(work: Work, event: Event, now: datetime) -> None:
    """End a hold; one that is heard of only later stays ended."""
    with work() as store:
        store.occupy(ended_hold(event.subject, now), event.clinic, [])


def sweep(work: Work, now: datetime) -> None:
    """Forget expired holds and what is long over."""
    with work() as store:
        store.sweep(now)
