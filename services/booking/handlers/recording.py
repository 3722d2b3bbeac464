"""Every change leaves its traces in its own transaction: row, history entry, event (PRODUCT A1, DESIGN rule 2)."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import TYPE_CHECKING

from services.booking.handlers.desk import Desk
from services.booking.model.bookings import Booking
from services.booking.model.changes import Change
from services.booking.model.history import LONGEST_SOURCE, Changes, Ending, Entry, Head, Occurrence, differences
from services.booking.model.told import Delivery
from shared.contracts.booking import BOOKING_CANCELLED, RECALL_ISSUED
from shared.contracts.envelope import Event
from shared.ids import new_id

if TYPE_CHECKING:
    from services.booking.store import BookingStore

_WATCHING = "watch_cancellation"
"""The consumer as the inbox of version 0.1.0 knows it."""


def record(store: "BookingStore", desk: Desk, change: Change) -> Booking:
    """Write a new or changed booking with its history and its event; return it as written."""
    entry = _entry(desk, change.event.type, change.after, change.noted, change.written)
    after = replace(change.after, history_length=entry.position, history_head=entry.hash)
    (store.add_booking if change.before is None else store.save_booking)(after)
    store.add_history(entry)
    event = _event(desk, change.event)
    store.publish(event)
    if change.before is not None and change.before.absence and not after.absence:
        store.settle(after.reference, desk.actor.id, desk.now)
    if change.telling.undoes is not None and after.absence:
        store.reopen(after.reference)
    if event.type == BOOKING_CANCELLED:
        watch(store, event, desk.now)
    return after


def record_new(store: "BookingStore", desk: Desk, changes: Sequence[Change]) -> None:
    """Write many new bookings with their histories and events, by one statement each."""
    entries = [_entry(desk, change.event.type, change.after, change.noted) for change in changes]
    written = (
        replace(change.after, history_length=entry.position, history_head=entry.hash)
        for change, entry in zip(changes, entries, strict=True)
    )
    store.add_bookings(written)
    store.add_history(*entries)
    publish(store, desk, *(change.event for change in changes))


def watch(store: "BookingStore", event: Event, now: datetime) -> None:
    """Put a booking that its patient cancelled on the clinic's watch list, once (PRODUCT M5).

    That is done with the cancellation. Processes of version 0.1.0 do it when they hear of the event: of theirs it is
    done here when we hear of it, and of ours they find that it was done.
    """
    if is_watched(event) and store.first_times(_WATCHING, [event], now):
        put_on_watch_list(store, event)


def is_watched(event: Event) -> bool:
    """Tell whether a cancellation is the patient's own."""
    return event.actor.get("kind") == "patient"


def put_on_watch_list(store: "BookingStore", event: Event) -> None:
    """Write the entry that a cancellation leaves on the watch list."""
    store.watch(new_id(), event.clinic, event.subject, datetime.fromisoformat(event.time))


def publish(store: "BookingStore", desk: Desk, *occurrences: Occurrence) -> None:
    """Write events: what who acts in this call brought about."""
    for what in occurrences:
        store.publish(_event(desk, what))


def delivery_entry(desk: Desk, event: Event, told: Delivery, ending: Ending) -> Entry:
    """Return the next entry of a booking's history that notes what became of a message; nothing else of it changes."""
    noted = {"message": told.message, "event": told.event, "channel": told.channel, "state": told.state}
    return desk.chain.entry(
        ending.head,
        clinic=ending.clinic,
        at=datetime.fromisoformat(event.time),
        type=event.type,
        actor=event.actor,
        source=event.source,
        changes=differences({}, noted),
        version=ending.version,
    )


def record_issues(store: "BookingStore", desk: Desk, issued: Iterable[tuple[Booking, Sequence[str], int]]) -> None:
    """Note in the bookings' histories that their recalls went out: by which channels, and the how manieth time.

    The bookings must be as the database has them.
    """
    append(
        store,
        [
            _entry(desk, RECALL_ISSUED, booking, differences({}, {"channels": list(channels), "issued": number}))
            for booking, channels, number in issued
        ],
    )


def _event(desk: Desk, what: Occurrence) -> Event:
    return desk.event(what.type, what.clinic, what.subject, what.version, what.data)


def _entry(
    desk: Desk, type: str, booking: Booking, changes: Changes, written: Mapping[str, str] | None = None
) -> Entry:
    """Return the next entry of a booking's history: what who acts in this call did, and wrote, and from where."""
    source = desk.actor.source
    return desk.chain.entry(
        _head(booking),
        clinic=booking.clinic,
        at=desk.now,
        type=type,
        actor=desk.actor.brief(),
        source=None if source is None else source[:LONGEST_SOURCE],
        changes=changes,
        written=written,
        version=booking.version,
    )


def _head(booking: Booking) -> Head:
    return Head(booking.reference, booking.history_length, booking.history_head)


def append(store: "BookingStore", entries: Sequence[Entry]) -> None:
    """Write entries, of each booking in their order, that change nothing of it but where its history ends."""
    store.add_history(*entries)
    store.set_history_heads(entry.head for entry in entries)
