"""What became of a booking's messages, by the notes in its history."""

from collections.abc import Iterable
from typing import NamedTuple

from services.booking.model.history import Changes
from shared.contracts.notification import MESSAGE_FAILED


class DeliveryNote(NamedTuple):
    """An entry of a booking's history that says what became of a message."""

    booking: str
    type: str
    """`MessageSent` or `MessageFailed`."""
    changes: Changes


def unreached(notes: Iterable[DeliveryNote]) -> set[str]:
    """Return the bookings of which a message has failed that no later one of its kind and channel made up for.

    `notes` are of each booking in the order in which they were written. A message that staff have sent again is another
    message of the same kind.
    """
    latest = {(note.booking, _noted(note, "event"), _noted(note, "channel")): note.type for note in notes}
    return {booking for (booking, _, _), type in latest.items() if type == MESSAGE_FAILED}


def _noted(note: DeliveryNote, name: str) -> str | None:
    pair = note.changes.get(name)
    return pair[1] if pair else None
