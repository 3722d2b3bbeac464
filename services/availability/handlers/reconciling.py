"""Taken time, compared with what booking says of its bookings (ADR 21)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from services.availability.handlers.taking import free_time, take_time_anew
from services.availability.model.occupancy import BookedTime, occupied_times
from shared.contracts.reconciling import (
    AT_ONCE,
    Asked,
    Bookings,
    Difference,
    Retold,
    as_differences,
    reconciled,
    unknown,
)

if TYPE_CHECKING:
    from services.availability.handlers.desk import Desk

TIME = "taken time"


def reconcile(desk: Desk, bookings: Bookings, clinic: str, asked: Asked) -> dict[str, Any]:
    """Return of which bookings the time is not taken as they say, and take it where that is asked for.

    Time that is over is nothing to anybody. A hold counts for nothing once its minutes are over, whatever was missed.
    """
    return reconciled(
        bookings,
        clinic,
        asked,
        lambda told: _differing(desk, told),
        lambda each, difference: take_time_anew(desk, each.event, difference.held),
    )


def reconcile_unknown(desk: Desk, bookings: Bookings, clinic: str, asked: Asked) -> dict[str, Any]:
    """Return for which bookings time to come is taken though booking does not have them, and free it where asked."""

    def held(after: str | None, named: list[str] | None) -> list[str]:
        with desk.work.reading() as store:
            return store.bookings_to_come(clinic, desk.now, after, named, AT_ONCE)

    return unknown(bookings, clinic, asked, held, lambda reference: free_time(desk, clinic, reference))


def _differing(desk: Desk, told: list[Retold]) -> dict[str, Difference]:
    times = {each.reference: BookedTime.read(each.event.data) for each in told}
    to_come = [each for each in told if times[each.reference].busy_to > desk.now]
    with desk.work.reading() as store:
        held = store.times_of_bookings([each.reference for each in to_come])
    return as_differences((each.reference, _compared(each, times[each.reference], held)) for each in to_come)


def _compared(each: Retold, told: BookedTime, held: dict[str, tuple[int, set[Any]]]) -> Difference:
    """Events of a new link say nothing here, so that an older version of the same time is right."""
    version, taken = held.get(each.reference, (None, set()))
    is_right = taken == set(occupied_times(told)) and (version or 0) <= each.event.subject_version
    return Difference(() if is_right else (TIME,), version)
