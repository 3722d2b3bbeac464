"""What of booking is found by keyed hashes, and what its histories are linked by (PRODUCT A3, ADR 59)."""

from collections.abc import Mapping
from typing import Any

from services.booking.model.history import Chain, Entry, Personal
from services.booking.model.recalls import holder_of, lookup_of
from services.booking.model.typed import typed_hash
from shared.contracts.booking import BookingPerson
from shared.contracts.plain import read
from shared.lookups import Hashes, Lookup, Openers


def _mobile(row: Mapping[str, Any], openers: Openers) -> Hashes:
    person = read(BookingPerson, openers.people.open(row["person"]))
    return lambda key: [typed_hash(key, row["clinic"], row["origin"], person)]


def _code(row: Mapping[str, Any], openers: Openers) -> Hashes | None:
    """Return by what a code opens a recall: the clinic may have begun or ceased to ask for numbers since."""
    sealed = row["bookings.person"] or row["needs.person"]
    if sealed is None:
        return None
    person, code = read(BookingPerson, openers.people.open(sealed)), openers.people.open(row["code"])
    holders = dict.fromkeys(holder_of(person, asks_for_number=asks) for asks in (True, False))
    return lambda key: [lookup_of(key, holder, code) for holder in holders if holder is not None]


LOOKUPS = (
    Lookup("bookings", "typed_hash", ("clinic", "origin", "person"), _mobile),
    Lookup("recalls", "lookup", ("code", "bookings.person", "needs.person"), _code),
)
KEPT = ("imported",)
"""The tables that hold hashes of which nothing else is kept."""


def linked_by(row: Mapping[str, Any], keys: Mapping[str, str], openers: Openers) -> str | None:
    """Return the name of the key by which an entry of a history is linked; None where it is none of these."""
    entry = Entry(**row)
    for name, key in keys.items():
        if Chain(key, Personal(openers.people, key)).is_by_its_key(entry):
            return name
    return None
