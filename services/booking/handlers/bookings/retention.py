"""What booking deletes when it is older than a clinic keeps it (PRODUCT A3, ADR 58)."""

from collections.abc import Collection, Mapping, Sequence
from functools import partial
from typing import TYPE_CHECKING, Any

from services.booking.handlers.bookings.erasing import take_out
from services.booking.handlers.desk import Desk
from shared.clinic.retention import BOOKINGS, NEEDS, WATCH_LIST, Over
from shared.contracts.booking import BOOKINGS_ERASED, BookingsEnd
from shared.retention import deleting, telling
from shared.retention.kinds import AT_ONCE, MOST_COUNTED, Batch, Count, Kind

if TYPE_CHECKING:
    from services.booking.store import BookingStore


def seen_since(desk: Desk, clinic: str, asked: Mapping[str, Any]) -> dict[str, Any]:
    """Return `{patients}`: those of some patients who were there since a moment, or are still to come."""
    with desk.work.reading() as store:
        return {"patients": sorted(store.seen_since(clinic, asked["patients"], asked["since"]))}


def _take_out(desk: Desk, store: "BookingStore", over: Over, _found: None) -> Batch:
    """Take the person out of bookings that are over, and out of the needs that these used; all others hear of it."""
    old = store.old_bookings(over, AT_ONCE)
    references = [booking.reference for booking in old]
    if references:
        used = sorted({booking.need for booking in old if booking.need})
        take_out(desk, store, references, used)
        store.unlink(references)
        _tell(desk, store, over, references, used)
    return Batch(len(old), is_last=len(old) < AT_ONCE)


def _count_bookings(desk: Desk, over: Over) -> Count:
    with desk.work.reading() as store:
        return Count.up_to(store.count_old_bookings(over, MOST_COUNTED + 1))


def _delete_watched(_desk: Desk, store: "BookingStore", over: Over, _found: None) -> Batch:
    deleted = store.delete_old_watched(over, AT_ONCE)
    return Batch(deleted, is_last=deleted < AT_ONCE)


def _count_watched(desk: Desk, over: Over) -> Count:
    with desk.work.reading() as store:
        return Count.up_to(store.count_old_watched(over, MOST_COUNTED + 1))


def _delete_needs(desk: Desk, store: "BookingStore", over: Over, _found: None) -> Batch:
    """Delete what is known here of needs that patient deletes by the same rule, and let their messages be emptied."""
    ids = store.old_needs(over, desk.now, AT_ONCE)
    if ids:
        store.delete_needs(ids)
        _tell(desk, store, over, (), ids)
    return Batch(len(ids), is_last=len(ids) < AT_ONCE)


def _tell(desk: Desk, store: "BookingStore", over: Over, references: Sequence[str], needs: Collection[str]) -> None:
    end = BookingsEnd(references=tuple(references), needs=tuple(needs))
    store.publish(desk.event(BOOKINGS_ERASED, over.clinic, over.clinic, over.today.toordinal(), end))


KINDS = (
    Kind(BOOKINGS, _take_out, _count_bookings),
    Kind(WATCH_LIST, _delete_watched, _count_watched),
    Kind(NEEDS, _delete_needs, None),
)
"""What of needs is kept here is counted by patient, whose they are."""

retention = partial(telling.retention, KINDS)
"""What they would delete, and have deleted."""

delete_old = partial(deleting.delete_old, KINDS)
"""What is over of all clinics."""
