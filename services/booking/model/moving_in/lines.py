"""The former system's appointments in their normal form, and what has become of them here (PRODUCT C14)."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from services.booking.model.bookings import BOOKED, Booking, Imported
from shared.clinic.starts.candidates import Candidate
from shared.contracts.booking import BookingPerson
from shared.sealed import keyed_hash

NEW, KNOWN, CHANGED, COLLIDES, WRONG = "new", "known", "changed", "collides", "wrong"
"""What comes of a line."""
NO_SUCH_TYPE = {"type": ["The clinic has no such type of appointment. Choose one of the clinic's."]}
NO_SUCH_PRACTITIONER = {"practitioner": ["The clinic has no such practitioner. Choose one of the clinic's."]}
NO_SUCH_RESOURCE = {"resources": ["The clinic has no such room or device. Choose one of the clinic's."]}
NO_TIME = {"start": ["Enter a date and a time of the clinic's: 2026-12-01T14:00."]}
TOO_FAR = {"start": ["This is too far away. Look at the year."]}
MOVED_HERE, CANCELLED_HERE = "moved", "cancelled"
"""Why a line that says otherwise changes nothing: what was done here since stands."""


@dataclass(frozen=True)
class Wanted:
    """One appointment of the former system in its normal form; by `keys` it is known again, else by `others`.

    Those are of what it says, for a file that numbers appointments after one that does not, and the other way round:
    who has a number leaves under `noted_too` what it said.

    `candidate` is where it is to stand, `places` are hashes of that, and `sealed` is its person. Of keys and places the
    newest comes first; there are more of them after the key of lookups was replaced.
    """

    line: int
    keys: tuple[str, ...]
    others: tuple[str, ...]
    noted_too: tuple[str, ...]
    type: str
    person: BookingPerson
    sealed: str
    candidate: Candidate
    places: tuple[str, ...]
    outside_plan: bool

    @property
    def key(self) -> str:
        """By what it is noted."""
        return self.keys[0]

    @property
    def place(self) -> str:
        """The hash by which it is noted where it is to stand."""
        return self.places[0]

    @property
    def patient(self) -> str:
        """Whose it is."""
        return str(self.person.patient)


def place_of(key: str, booking: Booking) -> str:
    """Return the hash of a booking's place as it is now."""
    return place(key, booking.type, booking.practitioner, booking.starts_at.isoformat(), booking.minutes)


def place(key: str, type: str, practitioner: str, start: str, minutes: int) -> str:
    """Return the hash of when (UTC, ISO 8601), with whom, for what and how long an appointment is."""
    return keyed_hash(key, "imported place", type, practitioner, start, str(minutes))


def number_keys(keys: Iterable[str], clinic: str, number: str) -> tuple[str, ...]:
    """Return by what a line is known that has the number of its appointment in the former system."""
    return tuple(keyed_hash(key, "imported booking", clinic, "former", number) for key in keys)


def said_keys(
    keys: Iterable[str], clinic: str, patient: str, practitioner: str, start: str, *, has_number: bool
) -> tuple[str, ...]:
    """Return by what a line is known of whose appointment it tells, with whom and when (UTC, ISO 8601).

    Its type and length are none of it: a second run may name another type for it. What lines with a number have said
    counts for those without alone, as two numbers are two appointments.
    """
    kind = "said with a number" if has_number else "said"
    return tuple(keyed_hash(key, "imported booking", clinic, kind, patient, practitioner, start) for key in keys)


def kept(booking: Booking, line: Imported, keys: Iterable[str]) -> str | None:
    """Return what was done here with a booking since it was taken over; None where it is still as it came.

    The line's place was hashed by one of the keys.
    """
    if booking.status != BOOKED:
        return CANCELLED_HERE
    return None if line.place in (place_of(key, booking) for key in keys) else MOVED_HERE


def known_lines(wanted: Iterable[Wanted], found: Mapping[str, Imported]) -> dict[str, Imported]:
    """Return what lines have become that were `found` by any of their keys or others, each as it would be noted now."""
    known: dict[str, Imported] = {}
    for each in wanted:
        if line := next((found[key] for key in (*each.keys, *each.others) if key in found), None):
            place = each.place if line.place in each.places else line.place
            known[each.key] = replace(line, key=each.key, place=place)
    return known


def using(candidate: Candidate, resources: Sequence[str] | None) -> Candidate:
    """Return the candidate with exactly the rooms and devices that a line names, if it names any."""
    return candidate if resources is None else candidate._replace(uses=tuple((key,) for key in resources))


def is_the_same(booking: Booking, wanted: Wanted) -> bool:
    """Tell whether a booking that somebody typed is the very appointment that a line tells of."""
    return (
        booking.status == BOOKED
        and booking.patient_id == wanted.patient
        and booking.practitioner == wanted.candidate.practitioner
        and booking.starts_at == wanted.candidate.start
    )
