"""The former system's appointments in their normal form, and what has become of them here (PRODUCT C14)."""

from collections.abc import Sequence
from dataclasses import dataclass

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
    """One appointment of the former system in its normal form; `key` is by what it is known again.

    `candidate` is where it is to stand, `place` a hash of that, and `sealed` its person.
    """

    line: int
    key: str
    type: str
    person: BookingPerson
    sealed: str
    candidate: Candidate
    place: str
    outside_plan: bool

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


def kept(booking: Booking, line: Imported, key: str) -> str | None:
    """Return what was done here with a booking since it was taken over; None where it is still as it came."""
    if booking.status != BOOKED:
        return CANCELLED_HERE
    return None if place_of(key, booking) == line.place else MOVED_HERE


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
