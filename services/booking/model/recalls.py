"""Recalls: what calls a patient in, by message or on a card, and the code that opens it (PRODUCT M2, R1, R2)."""

import re
from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Final, Literal

from services.booking.model.bookings import Booking, random_signs
from services.booking.model.clinic_rules import ClinicRules
from services.booking.model.history import Occurrence
from services.booking.model.needs import Need
from shared.contracts.booking import RECALL_ISSUED, RecallState
from shared.contracts.notification import Channel
from shared.contracts.people import Person
from shared.identity.numbers import SCHEMES, check_number
from shared.identity.telephones import can_receive_sms
from shared.ids import SIGNS
from shared.sealed import keyed_hash

CARD: Final = "card"
RecallChannel = Channel | Literal["card"]
CHANNELS: tuple[RecallChannel, ...] = ("sms", "email", CARD)
"""The ways in which a recall goes out, in the order in which they are told."""

_CODE_LENGTH = 8
_CODE = re.compile(rf"[{SIGNS}]{{{_CODE_LENGTH}}}")
_MISREAD = str.maketrans("OIL", "011", " -‐‑–—\u00a0\u200e\u200f")


@dataclass(frozen=True)
class Recall:
    """What was made for a booking or for a need that has no time yet; one of both is None.

    `code` is sealed; `lookup` finds it by the code and its holder's number or birth date, and is None where the clinic
    knows neither. `issued` counts how often it went out, last at `issued_at`; `channels` are all by which it did.
    """

    id: str
    clinic: str
    booking: str | None
    need: str | None
    code: str
    lookup: str | None
    issued: int
    channels: tuple[RecallChannel, ...]
    created_at: datetime
    issued_at: datetime | None

    def issued_by(self, channels: Collection[RecallChannel], lookup: str | None, now: datetime) -> "Recall":
        """Return the recall after it went out by these channels; with none, it is only found by what is known now."""
        if not channels:
            return replace(self, lookup=lookup)
        every = {*self.channels, *channels}
        return replace(
            self,
            lookup=lookup,
            issued=self.issued + 1,
            channels=tuple(channel for channel in CHANNELS if channel in every),
            issued_at=now,
        )

    def with_code(self, sealed: str, lookup: str | None) -> "Recall":
        """Return the recall with another code: the one that was given out so far opens nothing."""
        return replace(self, code=sealed, lookup=lookup)


@dataclass(frozen=True)
class Subject:
    """What a patient is called in to: a time that is booked for them, or a need whose time they are to choose."""

    of: Booking | Need

    @property
    def booking(self) -> Booking | None:
        """The booking, or None where there is no time yet."""
        return self.of if isinstance(self.of, Booking) else None

    @property
    def id(self) -> str:
        """The booking's reference or the need's id."""
        return self.of.reference if isinstance(self.of, Booking) else self.of.id

    @property
    def patient(self) -> str | None:
        """The patient's id, where it is known."""
        return self.of.patient_id if isinstance(self.of, Booking) else self.of.patient

    def week(self, rules: ClinicRules) -> str:
        """Return the week to which it calls."""
        return rules.week_of(self.of.starts_at) if isinstance(self.of, Booking) else self.of.week

    @property
    def names(self) -> dict[str, str | None]:
        """How answers and events name it; a booked time may have a need, too."""
        if isinstance(self.of, Booking):
            return {"need": self.of.need, "reference": self.of.reference}
        return {"need": self.of.id, "reference": None}


@dataclass(frozen=True)
class Issued:
    """What became of a recall: by which channels it went out, by which it could not and why, and its code as shown.

    `code` is None where the clinic knows neither number nor birth date of the patient: it would open nothing.
    """

    subject: Subject
    sent: tuple[RecallChannel, ...]
    not_sent: dict[str, str]
    code: str | None

    def told(self) -> dict[str, str | None]:
        """Return it as answers list what was issued."""
        return {**self.subject.names, "code": self.code}

    def missed(self) -> list[dict[str, str | None]]:
        """Return it as answers list what could not be sent."""
        return [
            {**self.subject.names, "channel": channel, "reason": reason} for channel, reason in self.not_sent.items()
        ]


def called_in(
    subject: Subject, recall: Recall, channels: Collection[RecallChannel], person: str, rules: ClinicRules
) -> Occurrence:
    """Return what others hear of a recall that went out by `channels`; `person` is sealed."""
    state = _state(subject, tuple(channel for channel in channels if channel != CARD), person, rules)
    return Occurrence(RECALL_ISSUED, recall.clinic, subject.id, recall.issued, state)


def _state(subject: Subject, send: tuple[Channel, ...], person: str, rules: ClinicRules) -> RecallState:
    of = subject.of
    if isinstance(of, Need):
        return RecallState(
            need=of.id,
            type=of.type,
            practitioner=of.practitioner,
            minutes=of.minutes,
            week=of.week,
            usable_until=rules.last_day(of),
            language=rules.languages[0],
            send=send,
            person=person,
        )
    return RecallState(
        reference=of.reference,
        need=of.need,
        type=of.type,
        practitioner=of.practitioner,
        minutes=of.minutes,
        start=of.starts_at,
        end=of.ends_at,
        week=rules.week_of(of.starts_at),
        language=of.language,
        epoch=of.epoch,
        changeable=rules.patient_may_change(of.origin),
        version=of.version,
        send=send,
        person=person,
    )


def new_code() -> str:
    """Return a random code: 40 bits."""
    return random_signs(_CODE_LENGTH)


def shown_code(code: str) -> str:
    """Return a code as it is written on cards: `7K3M-9QX2`."""
    half = _CODE_LENGTH // 2
    return f"{code[:half]}-{code[half:]}"


def read_code(typed: str) -> str | None:
    """Return the code that somebody typed, whatever case, gaps and look-alike letters; None where it cannot be one."""
    code = typed.upper().translate(_MISREAD)
    return code if _CODE.fullmatch(code) else None


def holder_of(person: Person, *, asks_for_number: bool) -> str | None:
    """Return what a patient types besides the code: the number where the clinic asks for one and has it, else the
    birth date; None where the clinic knows neither.
    """
    if asks_for_number and person.identity:
        return _by_number(person.identity.scheme, person.identity.number)
    return None if person.birth_date is None else person.birth_date.isoformat()


def holders_typed(national_id: str | None, born: date | None) -> list[str]:
    """Return every reading of what was typed: no clinic is named, so a number may follow any scheme's rule."""
    found = [] if born is None else [born.isoformat()]
    for scheme in SCHEMES if national_id else ():
        try:
            found.append(_by_number(scheme, check_number(scheme, national_id or "", test_numbers=True)))
        except ValueError:
            continue
    return found


def _by_number(scheme: str, number: str) -> str:
    return f"{scheme}:{number}"


def lookup_of(key: str, holder: str, code: str) -> str:
    """Return what finds a recall without storing code or number in the clear; `key` is the installation's."""
    return keyed_hash(key, "recall", holder, code)


def unreachable(
    channel: RecallChannel, person: Person, holder: str | None, sms_countries: Collection[str]
) -> str | None:
    """Return why a recall cannot go out by `channel`, or None where it can; `sms_countries` are the clinic's.

    `no_mobile` (also where it is none that can receive an SMS of the clinic), `no_email`, `no_consent`; `unconfirmed`
    where somebody on the web gave the address and the clinic has not confirmed it; a card without a number or birth
    date to type would open nothing: `no_identity`.
    """
    if channel == CARD:
        return None if holder else "no_identity"
    if channel == "sms":
        mobile = person.mobile if person.mobile and can_receive_sms(person.mobile, sms_countries) else None
        return _unreachable_at("mobile", mobile, person, person.sms_ok)
    return _unreachable_at("email", person.email, person, person.email_ok)


def _unreachable_at(kind: str, address: str | None, person: Person, consent: bool | None) -> str | None:
    if not address:
        return f"no_{kind}"
    if kind in person.unconfirmed:
        return "unconfirmed"
    return "no_consent" if consent is False else None
