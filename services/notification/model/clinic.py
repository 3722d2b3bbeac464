"""What messages tell of a clinic, read from its document in normal form (CONTRACTS 1)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from zoneinfo import ZoneInfo

from shared.clinic.sms_countries import sms_countries
from shared.clinic.switches import is_on
from shared.clinic.telling.privacy import names_type_in_sms, tells_details
from shared.clinic.telling.reminders import QuietHours, Reminder, read_reminders
from shared.contracts.notification import Channel
from shared.identity.telephones import can_receive_sms, normal_phone

Text = Mapping[str, str]
"""A text per language."""


@dataclass(frozen=True)
class Practitioner:
    """Somebody who sees patients; `phone` in E.164."""

    name: str
    title: Text
    email: str | None
    phone: str | None


@dataclass(frozen=True)
class AppointmentType:
    """A type: `name` is for staff, `alias` for patients."""

    name: str
    alias: Text
    info: Text
    bring: Text
    price: str | None


@dataclass(frozen=True)
class Question:
    """A question of the clinic's own (B5)."""

    label: Text
    kind: str


@dataclass(frozen=True)
class OwnTexts:
    """The clinic's own templates for one event, per language; what is empty uses the built-in text (N4)."""

    sms: Text
    subject: Text
    text: Text
    html: Text


NO_OWN_TEXTS = OwnTexts({}, {}, {}, {})


@dataclass(frozen=True)
class Clinic:
    """A clinic as its messages show it. `may_book`, `may_move` and `may_cancel` say what is on for patients (B1).

    `tells_details` says whether its own people read who comes for what, `names_type_in_sms` whether an SMS names the
    type. `questions` are its own, by key.
    """

    key: str
    name: str
    time_zone: str
    languages: Sequence[str]
    currency: str | None
    phone: str
    email: str
    address: str
    website: str
    channels: Mapping[str, Sequence[Channel]]
    confirmation: Text
    may_book: bool
    may_move: bool
    may_cancel: bool
    practitioners: Mapping[str, Practitioner]
    types: Mapping[str, AppointmentType]
    own_texts: Mapping[str, OwnTexts]
    reminders: Sequence[Reminder]
    quiet_hours: QuietHours
    sms_countries: frozenset[str]
    questions: Mapping[str, Question]
    tells_details: bool
    names_type_in_sms: bool

    def sends_sms_to(self, number: str | None) -> bool:
        """Tell whether `number` (E.164) can be a mobile of a country to which the clinic sends SMS."""
        return number is not None and can_receive_sms(number, self.sms_countries)

    @property
    def zone(self) -> ZoneInfo:
        """The clinic's time zone."""
        return ZoneInfo(self.time_zone)

    @classmethod
    def from_document(cls, document: Mapping[str, Any]) -> "Clinic":
        """Read the normal form."""
        contact = document["contact"]
        return cls(
            key=document["clinic"],
            name=document["name"],
            time_zone=document["time_zone"],
            languages=document["languages"],
            currency=document["currency"],
            phone=contact["phone"] or "",
            email=contact["email"] or "",
            address=contact["address"] or "",
            website=contact["website"] or "",
            channels=document["channels"],
            confirmation=document["texts"]["confirmation"] or {},
            may_book=is_on(document, "new"),
            may_move=is_on(document, "rebook"),
            may_cancel=is_on(document, "cancel"),
            practitioners={each["key"]: _practitioner(each, document["country"]) for each in document["practitioners"]},
            types={each["key"]: _type(each) for each in document["types"]},
            own_texts={event: _own_texts(own) for event, own in document["messages"].items() if own},
            reminders=read_reminders(document),
            quiet_hours=QuietHours.from_document(document["quiet_hours"]),
            sms_countries=sms_countries(document),
            questions={each["key"]: Question(each["label"], each["kind"]) for each in document["fields"]},
            tells_details=tells_details(document),
            names_type_in_sms=names_type_in_sms(document),
        )


def _practitioner(each: Mapping[str, Any], country: str | None) -> Practitioner:
    return Practitioner(each["name"], each["title"] or {}, each["email"], _phone(each["phone"], country))


def _phone(written: str | None, country: str | None) -> str | None:
    """Return the number in E.164, None where what the document says is none: then nothing can be sent there."""
    try:
        return normal_phone(written, country) if written else None
    except ValueError:
        return None


def _type(each: Mapping[str, Any]) -> AppointmentType:
    bring = each.get("bring") or {}
    return AppointmentType(each["name"], each["alias"] or {}, each["info"] or {}, bring, each["price"])


def _own_texts(own: Mapping[str, Any]) -> OwnTexts:
    email = own["email"] or {}
    return OwnTexts(
        own["sms"] or {},
        email.get("subject") or {},
        email.get("text") or {},
        email.get("html") or {},
    )
