"""Changes of bookings are counted as their events come, once each; earlier ones from histories (A2, ADR 50)."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from services.booking.handlers.desk import Desk
from services.booking.model.reporting.counting import Happened, happened, tally
from shared.bus.events.effects import Effect
from shared.contracts.envelope import Event
from shared.contracts.errors import NotFound

if TYPE_CHECKING:
    from services.booking.store import BookingStore

BOOKINGS_AT_ONCE = 200
"""So many bookings of before are counted in one transaction."""


def count_changes(desk: Desk, events: Sequence[Event]) -> Effect[Happened]:
    """Count changes of bookings in the report, each once in whatever order they come."""
    changes = [(event, Happened.of_event(event)) for event in events]
    zones = _zones(desk, (change.clinic for _, change in changes))

    def count(store: "BookingStore", told: list[Happened]) -> None:
        _count(store, told, zones)

    return Effect(changes, count)


def count_earlier(desk: Desk) -> bool:
    """Count some of the bookings that were made before there was a report; False where none are left for this process.

    One process at a time does it. What an event has told of meanwhile is counted already, and so not again.
    """
    with desk.work() as store:
        after = store.backfill_from()
        if after is None:
            return False
        page = store.bookings_behind(after, BOOKINGS_AT_ONCE)
        histories = store.histories_of([booking.reference for booking in page])
        changes = [each for booking in page for each in happened(booking, histories.get(booking.reference, ()))]
        _count(store, changes, _zones(desk, (booking.clinic for booking in page)))
        store.note_backfill(page[-1].reference if len(page) == BOOKINGS_AT_ONCE else None)
    return len(page) == BOOKINGS_AT_ONCE


def _count(store: "BookingStore", changes: Sequence[Happened], zones: Mapping[str, ZoneInfo]) -> None:
    fresh = store.first_counted(change.key for change in changes)
    new = {change.key: change for change in changes if change.key in fresh}
    unknown = {undone for change in new.values() if (undone := change.undoes) and change.undone_at is None}
    made_at = store.made_at(unknown) if unknown else {}
    known = (
        replace(change, undone_at=made_at.get(change.undoes)) if change.undoes in unknown else change
        for change in new.values()
    )
    store.count(tally(known, zones))


def _zones(desk: Desk, clinics: Iterable[str]) -> Mapping[str, ZoneInfo]:
    """Return the clinics' time zones; of one that there is no longer nobody asks for a report."""
    found: dict[str, ZoneInfo] = {}
    for clinic in set(clinics):
        try:
            found[clinic] = desk.rules(clinic).zone
        except NotFound:
            continue
    return found
