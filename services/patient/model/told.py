"""What patient needs of booking's events."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import NamedTuple

from shared.contracts.booking import BookingPerson, BookingsEnd, BookingState, Origin, Status
from shared.contracts.envelope import Event
from shared.contracts.people import Identity
from shared.contracts.plain import Excerpt


@dataclass(frozen=True)
class BookingMade(Excerpt[BookingState]):
    """A new booking; `person` is sealed."""

    origin: Origin
    person: str


@dataclass(frozen=True)
class NeedUse(Excerpt[BookingState]):
    """Which need a booking uses, if any."""

    need: str | None
    status: Status
    created_at: datetime

    def by(self, event: Event) -> "NeedBooking | None":
        """Return what the booking's event says of its need; None where it was made without one."""
        if self.need is None:
            return None
        return NeedBooking(event.subject, self.need, self.status != "cancelled", self.created_at, event.subject_version)


class NeedBooking(NamedTuple):
    """A booking that was made with a need, as of its `version`; one that is cancelled no longer stands."""

    booking: str
    need: str
    stands: bool
    booked_at: datetime
    version: int


@dataclass(frozen=True)
class BookingsGone(Excerpt[BookingsEnd]):
    """Bookings whose person was erased."""

    references: tuple[str, ...]


@dataclass(frozen=True)
class PersonTyped(Excerpt[BookingPerson]):
    """Whom a booking is for, as typed; `patient` is the id where staff named one."""

    first_name: str | None
    last_name: str | None
    identity: Identity | None
    birth_date: date | None
    mobile: str | None
    email: str | None
    sms_ok: bool | None
    email_ok: bool | None
    unconfirmed: tuple[str, ...] = ()
    patient: str | None = None
