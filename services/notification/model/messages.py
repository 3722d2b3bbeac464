"""Who is told what about an appointment, by which channel, and when a message has become untrue (PRODUCT N1, N2)."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any, Final
from zoneinfo import ZoneInfo

from services.notification.model.clinic import Clinic
from services.notification.model.told import Addressed, Booked, BookingTold, Former, PersonTold
from shared.clinic.message_keys import BOOKED, CHOOSE_AGAIN, EMAIL, MOVED, RECALL, SMS
from shared.clinic.telling.reaching import addresses_of, is_doubted
from shared.contracts.booking import Tell
from shared.contracts.notification import Channel
from shared.sealed import keyed_hash

PATIENT, PRACTITIONER, CLINIC, STAFF = "patient", "practitioner", "clinic", "staff"
SENT: Final = "sent"
DELIVERED: Final = "delivered"
FAILED: Final = "failed"
PLANNED, WITHDRAWN = "planned", "withdrawn"
STATES = (PLANNED, SENT, DELIVERED, FAILED, WITHDRAWN)


@dataclass(frozen=True)
class Person:
    """The patient as typed in the booking, which is where its messages go, whatever the record says.

    What comes from a record is not where they go while it is `unconfirmed` there (CONTRACTS 1, Patients).
    """

    first_name: str
    last_name: str
    mobile: str | None
    email: str | None
    sms_ok: bool
    email_ok: bool
    message: str
    unconfirmed: tuple[str, ...] = ()
    answers: Mapping[str, Any] = field(default_factory=dict)
    """To the clinic's own questions, by key."""

    def addresses(self, clinic: Clinic) -> Mapping[str, str | None]:
        """Return where each channel may reach the person: only with their consent (B18a), and by SMS only a mobile."""
        return addresses_of(
            self.mobile, self.email, sms_ok=self.sms_ok, email_ok=self.email_ok, unconfirmed=self.unconfirmed,
            countries=clinic.sms_countries,
        )  # fmt: skip

    def is_doubted(self, channel: str) -> bool:
        """Tell whether nobody has confirmed the address that a channel writes to, where it comes from a record."""
        return is_doubted(channel, self.unconfirmed)


@dataclass(frozen=True)
class Appointment:
    """A booking's state after an event, as far as messages tell of it. Moments are aware UTC.

    `comment` is what the patient wrote when they cancelled, or the clinic when it asked them to choose another time.
    `code` is what opens a recall besides its link (M2).
    """

    reference: str
    version: int
    epoch: int
    type: str
    practitioner: str
    start: datetime
    minutes: int
    language: str | None
    changeable: bool
    comment: str
    person: Person
    former: Former | None
    origin: str = "web"
    code: str = ""

    @property
    def end(self) -> datetime:
        """When it ends."""
        return self.start + timedelta(minutes=self.minutes)

    def is_news(self, happened: str) -> bool:
        """Tell whether anybody is told: of a change only where time, practitioner, type or length differ (N2)."""
        now = Former(self.type, self.practitioner, self.start, self.minutes)
        return happened != MOVED or (self.former is not None and self.former != now)

    @property
    def left_practitioner(self) -> str | None:
        """The practitioner whose appointment it was and no longer is, if any."""
        if self.former is None or self.former.practitioner == self.practitioner:
            return None
        return self.former.practitioner


@dataclass(frozen=True)
class Addressee:
    """One message's destination. `left` is the key of a practitioner that the booking has left with this event."""

    audience: str
    channel: Channel
    to: str
    name: str
    left: str | None = None


@dataclass(frozen=True)
class Content:
    """What is sent. An SMS has only `text`; attachments are `{name, type, content}` with text content.

    `sender` is the name that an email comes from, `reply_to` the address that answers to it go to.
    """

    to: str
    text: str
    subject: str | None = None
    html: str | None = None
    attachments: tuple[Mapping[str, str], ...] = ()
    sender: str | None = None
    reply_to: str | None = None

    def to_json(self) -> dict[str, Any]:
        """Return plain JSON, to be sealed."""
        attachments = [dict(attachment) for attachment in self.attachments]
        return {
            "to": self.to,
            "text": self.text,
            "subject": self.subject,
            "html": self.html,
            "attachments": attachments,
            "sender": self.sender,
            "reply_to": self.reply_to,
        }

    @classmethod
    def from_json(cls, content: Mapping[str, Any]) -> "Content":
        """Read what `to_json` wrote."""
        return cls(**{**content, "attachments": tuple(content["attachments"])})


def recipient_of(key: str, channel: str, address: str) -> str:
    """Return by what an address is known where it does not stand itself, however it is written."""
    return keyed_hash(key, channel, address.strip().casefold())


@dataclass(frozen=True)
class Message:
    """One message, written once per source event, audience, channel and recipient (N6).

    `content` is a sealed `Content`, `recipient` a keyed hash of the address. `booking_version` is the version that
    the message tells of. A claimed message belongs to its sender until `lease_until`. `attempts` counts claims.
    A reminder is written once per booking, start, channel and `before`, of which its `source_event` is made.
    `expires_at` is when it is no longer worth sending. `handed_over_at` is set while it is not noted whether a provider
    took it; `provider_id` is the provider's id of it. `version` counts what others were told of it.
    `recall` is the booking or need that a recall calls to, issued for the `recall_issue`-th time. `resend_of` is the
    message that staff, `resent_by`, sent again with this one, and `resent_at` when they last did so with this one.
    """

    id: str
    clinic: str
    time_zone: str
    event: str
    channel: Channel
    audience: str
    content: str
    state: str
    booking: str | None
    booking_version: int
    left_practitioner: str | None
    source_event: str
    correlation_id: str
    recipient: str
    created_at: datetime
    due_at: datetime
    attempts: int = 0
    lease_until: datetime | None = None
    sent_at: datetime | None = None
    failure: str | None = None
    before: str | None = None
    expires_at: datetime | None = None
    handed_over_at: datetime | None = None
    provider_id: str | None = None
    version: int = 0
    recall: str | None = None
    recall_issue: int | None = None
    resend_of: str | None = None
    resent_at: datetime | None = None
    resent_by: Mapping[str, str | None] | None = None

    @property
    def is_empty(self) -> bool:
        """Whether what it said, and to whom, was taken away (ADR 53, 58)."""
        return self.recipient == self.id

    @property
    def zone(self) -> ZoneInfo:
        """The clinic's time zone."""
        return ZoneInfo(self.time_zone)


def appointment_told(reference: str, version: int, told: BookingTold, person: PersonTold) -> Appointment:
    """Return the appointment that a booking's event tells of."""
    known = appointment_booked(reference, version, told, person)
    return replace(
        known,
        comment=(person.invitation if told.invited else person.comment) or "",
        former=told.previous,
        origin=told.origin,
        person=replace(known.person, answers=person.answers),
    )


def appointment_booked(reference: str, version: int, booked: Booked, person: Addressed, code: str = "") -> Appointment:
    """Return the appointment as reminders and recalls tell of it: nothing of what was before."""
    return Appointment(
        reference=reference,
        version=version,
        epoch=booked.epoch,
        type=booked.type,
        practitioner=booked.practitioner,
        start=booked.start,
        minutes=booked.minutes,
        language=booked.language,
        changeable=booked.changeable,
        comment="",
        person=person_addressed(person),
        former=None,
        code=code,
    )


def addressees(appointment: Appointment, happened: str, clinic: Clinic, tell: Tell = "all") -> list[Addressee]:
    """Return everybody to tell, each address of a channel once; `happened` is BOOKED, MOVED, CANCELLED or CHOOSE_AGAIN.

    That they are to choose another time is told to patients alone, by the channels by which they are told of moves.

    Staff may have chosen to `tell` the practitioner, and with them the clinic, or nobody (PRODUCT C10).

    When the practitioner changes, both the old and the new one are told (N2). Where a practitioner or a former one
    reads the clinic's own mail, that address gets the message to the practitioner only.
    """
    if tell == "none" or not appointment.is_news(happened):
        return []
    if happened == CHOOSE_AGAIN:
        return list(to_patient(appointment.person, clinic.channels[MOVED], clinic))
    return concerned(appointment, happened, clinic, tell)


def concerned(appointment: Appointment, happened: str, clinic: Clinic, tell: Tell = "all") -> list[Addressee]:
    """Return everybody whom a change concerns, as `addressees` does, be it news or not."""
    once: dict[tuple[bool, str, str], Addressee] = {}
    for found in (
        *(_patient(appointment, happened, clinic) if tell == "all" else ()),
        *_practitioners(appointment, happened, clinic),
        *_clinic(clinic),
    ):
        once.setdefault((found.audience == PATIENT, found.channel, found.to.casefold()), found)
    return list(once.values())


def _patient(appointment: Appointment, happened: str, clinic: Clinic) -> Iterator[Addressee]:
    """Yield where the patient is told; of a time that the clinic has booked for them, the recall tells (R1)."""
    if happened == BOOKED and appointment.origin == RECALL:
        return
    yield from to_patient(appointment.person, clinic.channels[happened], clinic)


def to_patient(person: Person, channels: Iterable[Channel], clinic: Clinic) -> Iterator[Addressee]:
    """Yield where a patient may be told by these channels."""
    addresses = person.addresses(clinic)
    for channel in channels:
        if to := addresses[channel]:
            yield Addressee(PATIENT, channel, to, f"{person.first_name} {person.last_name}".strip())


def _clinic(clinic: Clinic) -> Iterator[Addressee]:
    """Yield the clinic's own mailbox, where its practitioners are told by email (N1)."""
    if clinic.email and EMAIL in clinic.channels["practitioner"]:
        yield Addressee(CLINIC, EMAIL, clinic.email, clinic.name)


def _practitioners(appointment: Appointment, happened: str, clinic: Clinic) -> Iterator[Addressee]:
    left_one = appointment.left_practitioner if happened == MOVED else None
    for key, left in ((appointment.practitioner, None), (left_one, left_one)):
        practitioner = clinic.practitioners.get(key or "")
        if practitioner is None:
            continue
        mobile = practitioner.phone if clinic.sends_sms_to(practitioner.phone) else None
        addresses = {SMS: mobile, EMAIL: practitioner.email}
        for channel in clinic.channels["practitioner"]:
            if to := addresses[channel]:
                yield Addressee(PRACTITIONER, channel, to, practitioner.name, left)


def person_addressed(told: Addressed) -> Person:
    """Return whom a booking's messages go to; consent that is left out is given (B18a)."""
    return Person(
        first_name=told.first_name or "",
        last_name=told.last_name or "",
        mobile=told.mobile or None,
        email=told.email or None,
        sms_ok=told.sms_ok is not False,
        email_ok=told.email_ok is not False,
        message=told.message or "",
        unconfirmed=told.unconfirmed,
    )
