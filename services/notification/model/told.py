"""What notification needs of others' events, and of the people in them."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, Literal

from shared.contracts import booking as contract
from shared.contracts.availability import ClinicState
from shared.contracts.booking import (
    BookingPerson,
    BookingsEnd,
    BookingState,
    Origin,
    RecallPerson,
    RecallState,
    RenewedLink,
    Status,
    Tell,
)
from shared.contracts.notification import Channel
from shared.contracts.patient import PatientState
from shared.contracts.people import Contact
from shared.contracts.plain import Excerpt
from shared.contracts.staff import AccountLink, LinkPerson


@dataclass(frozen=True)
class Former(Excerpt[contract.Appointment]):
    """What a booking was before a move or change."""

    type: str
    practitioner: str
    start: datetime
    minutes: int


@dataclass(frozen=True, kw_only=True)
class Booked(Excerpt[BookingState]):
    """A booking as a reminder tells of it; this much is remembered of it."""

    epoch: int
    type: str
    practitioner: str
    start: datetime
    minutes: int
    language: str
    changeable: bool


@dataclass(frozen=True, kw_only=True)
class BookingTold(Booked):
    """A booking as its events tell of it; `person` is sealed."""

    status: Status
    origin: Origin
    sms_reminder: bool
    previous: Former | None
    invited: bool = False
    person: str
    tell: Tell = "all"
    undo_until: datetime | None = None
    undoes: int | None = None

    @property
    def is_reminded_of(self) -> bool:
        """Whether its patient is reminded of it: not where they are to choose another time (PRODUCT C12)."""
        return self.status == "booked" and not self.invited


@dataclass(frozen=True)
class RenewedTold(Excerpt[RenewedLink]):
    """A booking whose older links are void."""

    status: Status
    send: bool = True


@dataclass(frozen=True, kw_only=True)
class Addressed(Excerpt[BookingPerson]):
    """Whom to address, and where; this much is remembered of them."""

    first_name: str | None
    last_name: str | None
    mobile: str | None
    email: str | None
    sms_ok: bool | None
    email_ok: bool | None
    unconfirmed: tuple[str, ...] = ()
    message: str | None = None


@dataclass(frozen=True, kw_only=True)
class PersonTold(Addressed):
    """The person of a booking's event."""

    patient: str | None = None
    comment: str | None = None
    invitation: str | None = None
    answers: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class CodeTold(Excerpt[RecallPerson]):
    """The code of a recall, None where it would open nothing."""

    code: str | None


@dataclass(frozen=True, kw_only=True)
class RecallTold(Excerpt[RecallState]):
    """A recall; `person` is sealed."""

    reference: str | None = None
    need: str | None
    type: str
    practitioner: str | None
    minutes: int
    start: datetime | None = None
    week: str
    usable_until: date | None = None
    language: str
    epoch: int | None = None
    changeable: bool | None = None
    version: int | None = None
    send: tuple[Channel, ...]
    person: str

    @property
    def booked(self) -> Booked | None:
        """The booked time that it calls to; None where the patient is to choose one."""
        if self.practitioner is None or self.start is None or self.epoch is None:
            return None
        return Booked(
            epoch=self.epoch,
            type=self.type,
            practitioner=self.practitioner,
            start=self.start,
            minutes=self.minutes,
            language=self.language,
            changeable=bool(self.changeable),
        )


@dataclass(frozen=True)
class BookingsGone(Excerpt[BookingsEnd]):
    """Bookings whose person was erased, and the needs that the person had."""

    references: tuple[str, ...]
    needs: tuple[str, ...]


@dataclass(frozen=True)
class PatientTold(Excerpt[PatientState]):
    """A patient's record; `person` is sealed."""

    booking: str | None
    sms_reminder: bool
    person: str


@dataclass(frozen=True)
class ConsentTold(Excerpt[Contact]):
    """What a patient's record says of messages."""

    sms_ok: bool | None
    email_ok: bool | None


@dataclass(frozen=True)
class DocumentTold(Excerpt[ClinicState]):
    """A clinic's document."""

    document: Mapping[str, Any]


@dataclass(frozen=True)
class LinkTold(Excerpt[AccountLink]):
    """A link by which somebody of the clinic chooses a password; `person` is sealed."""

    link: str
    purpose: Literal["reset", "invitation"]
    until: datetime
    person: str


@dataclass(frozen=True)
class LinkPersonTold(Excerpt[LinkPerson]):
    """Whom it is for."""

    email: str
    language: str | None
