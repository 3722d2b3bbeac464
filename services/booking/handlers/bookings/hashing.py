"""Bookings that a process of version 0.1.0 made become found by the mobile that was typed in them (PRODUCT M7)."""

from services.booking.handlers.desk import Desk
from services.booking.model.bookings import Booking
from services.booking.model.typed import NOTHING_TYPED, typed_hash
from shared.sealed import Unsealable

AT_ONCE = 200


def hash_typed(desk: Desk) -> int:
    """Work out by what the oldest of them are found; return how many there were, up to `AT_ONCE`."""
    with desk.work.reading() as store:
        found = store.not_hashed(AT_ONCE)
    if not found:
        return 0
    hashes = {each.reference: _hash(desk, each) for each in found}
    with desk.work() as store:
        for reference, hash in hashes.items():
            store.keep_typed_hash(reference, hash)
    return len(found)


def _hash(desk: Desk, booking: Booking) -> str:
    """Return the hash; of a person whose key is no longer accepted nobody can say anything."""
    try:
        person = desk.open_person(booking.person)
    except Unsealable:
        return NOTHING_TYPED
    return typed_hash(desk.keys.lookup, booking.clinic, booking.origin, person)
