"""How a login finds the bookings that were made with its mobile (PRODUCT M7; CONTRACTS 1, Patients).

A login proves a telephone, never a person. So it opens what was booked with that telephone, whoever the record says it
belongs to; one that proved a number as well opens what was booked with both.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from shared.contracts.booking import BookingPerson, Origin
from shared.contracts.people import Identity
from shared.identity.numbers import check_number
from shared.proofs import Proof
from shared.sealed import keyed_hash

NOTHING_TYPED = ""
"""Kept of a booking in which no mobile was typed: no login finds it by one."""

_HALF = 32
"""Hex digits of each of the two hashes, 128 bits: together they fit the column."""


@dataclass(frozen=True)
class Typed:
    """What to look for: `whole` is mobile and number, None where only the mobile was proven, of which is `start`."""

    start: str
    whole: str | None = None


def typed_hash(key: str, clinic: str, origin: Origin, person: BookingPerson) -> str:
    """Return what a booking is found by: the keyed hash of its mobile (E.164), followed by that of its number.

    What staff book for a patient of the records may have the record's mobile, which somebody on the web may have
    brought: such a booking is found by its patient alone.
    """
    if not person.mobile or (origin != "web" and person.patient is not None):
        return NOTHING_TYPED
    return _of_mobile(key, clinic, person.mobile) + _of_number(key, clinic, person.identity)


def typed_by(keys: Sequence[str], clinic: str, proof: Proof) -> list[Typed]:
    """Return what finds the bookings made with what a login has proven: by each of the keys."""
    return [_typed_by(key, clinic, proof) for key in keys]


def _typed_by(key: str, clinic: str, proof: Proof) -> Typed:
    start = _of_mobile(key, clinic, str(proof.mobile))
    if proof.identity is None:
        return Typed(start)
    scheme = proof.identity["scheme"]
    number = check_number(scheme, proof.identity["number"], test_numbers=True)
    return Typed(start, start + _of_number(key, clinic, Identity(scheme, number)))


def _of_mobile(key: str, clinic: str, mobile: str) -> str:
    return keyed_hash(key, "typed mobile", clinic, mobile)[:_HALF]


def _of_number(key: str, clinic: str, identity: Identity | None) -> str:
    parts = (identity.scheme, identity.number) if identity else ("", "")
    return keyed_hash(key, "typed number", clinic, *parts)[:_HALF]
