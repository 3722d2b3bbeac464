"""Needs: the clinic's word that a patient is to come: for what, how long, with whom, in which week (PRODUCT B9)."""

from dataclasses import dataclass

from services.booking.model.told import NeedTold
from shared.contracts.envelope import Event
from shared.contracts.errors import NeedExpired, NoOpenNeed, Refusal

OPEN = "open"
USED = "used"
EXPIRED = "expired"
CLOSED = "closed"


@dataclass(frozen=True)
class Need:
    """A need as patient told of it last. `week` is an ISO week, `2026-W49`; `person` is sealed.

    Whether a booking uses it is not here: the booking's row says so, and the database keeps it unique.
    """

    id: str
    clinic: str
    patient: str
    type: str
    practitioner: str | None
    minutes: int
    week: str
    state: str
    version: int
    person: str

    @classmethod
    def from_event(cls, event: Event) -> "Need":
        """Read `NeedAdded` and `NeedClosed`."""
        told = NeedTold.read(event.data)
        return cls(id=event.subject, clinic=event.clinic, version=event.subject_version, **vars(told))


def no_open_need(phone: str | None) -> Refusal:
    """Return the refusal of who has no need to book with (PRODUCT B9)."""
    return NoOpenNeed.because("This can be booked only by who was called for it; call the clinic.", phone=phone)


def expired(phone: str | None) -> Refusal:
    """Return the refusal of who comes after a need's last day (PRODUCT B10)."""
    return NeedExpired.because("The time in which you could book this online is over; call the clinic.", phone=phone)
