"""What one reader is told, as they read it: in their language, their calendar, the clinic's wall clock."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from services.notification.model.clinic import Clinic, Question
from services.notification.model.messages import PATIENT, Addressee, Appointment
from services.notification.model.told import Former
from shared.clinic.message_keys import SMS
from shared.texts.language import (
    LANGUAGES,
    format_date,
    format_length,
    format_moment,
    format_price,
    format_short_moment,
    format_time,
    is_right_to_left,
    localized,
)


@dataclass(frozen=True)
class Facts:
    """Everything that a message may say, as texts; what there is not is an empty text.

    `when` is date and time of the start, `until` of the end, `short_when` of the start without its year. `link` is
    the patient's personal link, empty where nothing may be changed by it (M1), and of a clinic's people the booking in
    the console; `booking_page` is where a new time is had.
    `telephone` is the patient's, `answers` are questions and answers, true and false where that is asked; both are for
    practitioners. `former_when` and `former_practitioner` are what was before a move or change. `code` opens a recall
    on `recall_page`, or logs in; `week` and `last_day` say when a need is to be booked.
    """

    language: str
    clinic: str
    phone: str
    address: str
    website: str
    confirmation: str
    first_name: str = ""
    last_name: str = ""
    type: str = ""
    practitioner: str = ""
    practitioner_title: str = ""
    when: str = ""
    until: str = ""
    short_when: str = ""
    date: str = ""
    time: str = ""
    end_time: str = ""
    length: str = ""
    reference: str = ""
    message: str = ""
    telephone: str = ""
    answers: tuple[tuple[str, str | bool], ...] = ()
    info: str = ""
    bring: str = ""
    price: str = ""
    comment: str = ""
    link: str = ""
    booking_page: str = ""
    former_when: str = ""
    former_short_when: str = ""
    former_practitioner: str = ""
    former_type: str = ""
    code: str = ""
    recall_page: str = ""
    week: str = ""
    last_day: str = ""

    @property
    def patient(self) -> str:
        """The patient's whole name; empty where the clinic asks for none."""
        return f"{self.first_name} {self.last_name}".strip()

    @property
    def direction(self) -> str:
        """How the language is written: `ltr` or `rtl`."""
        return "rtl" if is_right_to_left(self.language) else "ltr"


def language_for(wanted: str | None, audience: str, clinic: Clinic) -> str:
    """Return the language to write in: the one `wanted` for the patient, the clinic's first for its own people."""
    return language_for_reader(wanted if audience == PATIENT else None, clinic)


def language_for_reader(wanted: str | None, clinic: Clinic) -> str:
    """Return the language to write in to somebody who reads the one `wanted`, or else what the clinic writes."""
    return next(language for language in (wanted, clinic.languages[0], "en") if language in LANGUAGES)


def facts_of_clinic(clinic: Clinic, language: str) -> Facts:
    """Return what any message of the clinic may say."""
    return Facts(language, **_of_clinic(clinic, language))


def facts_for(appointment: Appointment, addressee: Addressee, clinic: Clinic, link: str) -> Facts:
    """Return what a message to `addressee` may say of the appointment."""
    audience = addressee.audience
    language = language_for(appointment.language, audience, clinic)
    former, start, end = appointment.former, *_on_the_wall(clinic, appointment.start, appointment.end)
    known = Facts(
        language,
        **_of_clinic(clinic, language),
        **_of_service(appointment.type, appointment.practitioner, appointment.minutes, audience, clinic, language),
        **(_of_former(former, audience, clinic, language) if former else {}),
        first_name=appointment.person.first_name,
        last_name=appointment.person.last_name,
        when=format_moment(start, language),
        until=format_moment(end, language),
        short_when=format_short_moment(start, language),
        date=format_date(start.date(), language),
        time=format_time(start, language),
        end_time=format_time(end, language),
        reference=appointment.reference,
        message=appointment.person.message,
        telephone=appointment.person.mobile or "",
        answers=tuple(_answers(appointment.person.answers, clinic, language)),
        comment=appointment.comment,
        link=link,
    )
    return kept_private(known, audience, addressee.channel, clinic)


def facts_of_service(
    facts: Facts, type: str, practitioner: str | None, minutes: int, audience: str, clinic: Clinic
) -> Facts:
    """Return `facts` with what is done, by whom, how long, and its price; what is gone meanwhile is left out."""
    return replace(facts, **_of_service(type, practitioner, minutes, audience, clinic, facts.language))


def _of_clinic(clinic: Clinic, language: str) -> dict[str, Any]:
    return {
        "clinic": clinic.name,
        "phone": clinic.phone,
        "address": clinic.address,
        "website": clinic.website,
        "confirmation": localized(clinic.confirmation, language, clinic.languages[0]) or "",
    }


def _of_service(
    type: str, practitioner: str | None, minutes: int, audience: str, clinic: Clinic, language: str
) -> dict[str, Any]:
    first = clinic.languages[0]
    kind, who = clinic.types.get(type), clinic.practitioners.get(practitioner or "")
    return {
        "type": _type(type, audience, clinic, language),
        "practitioner": who.name if who else "",
        "practitioner_title": localized(who.title, language, first) or "" if who else "",
        "length": format_length(minutes, language),
        "info": localized(kind.info, language, first) or "" if kind else "",
        "bring": localized(kind.bring, language, first) or "" if kind else "",
        "price": format_price(kind.price, clinic.currency, language) if kind and kind.price and clinic.currency else "",
    }


def _of_former(former: Former, audience: str, clinic: Clinic, language: str) -> dict[str, Any]:
    (start,) = _on_the_wall(clinic, former.start)
    return {
        "former_when": format_moment(start, language),
        "former_short_when": format_short_moment(start, language),
        "former_practitioner": _practitioner(former.practitioner, clinic),
        "former_type": _type(former.type, audience, clinic, language),
    }


def _on_the_wall(clinic: Clinic, *moments: datetime) -> list[datetime]:
    """Return moments as the clinic's clock shows them."""
    zone = clinic.zone
    return [moment.astimezone(zone) for moment in moments]


def kept_private(facts: Facts, audience: str, channel: str, clinic: Clinic) -> Facts:
    """Return `facts` without what the clinic wants no such message to say (`privacy` in its document)."""
    if audience != PATIENT and not clinic.tells_details:
        nobody = replace(facts, first_name="", last_name="", telephone="", message="", answers=(), comment="")
        return replace(nobody, type="", former_type="")
    if hides_type(channel, clinic):
        return replace(facts, type="", former_type="")
    return facts


def hides_type(channel: str, clinic: Clinic) -> bool:
    """Tell whether messages by a channel keep to themselves what somebody comes for."""
    return channel == SMS and not clinic.names_type_in_sms


def _answers(given: Mapping[str, Any], clinic: Clinic, language: str) -> Iterator[tuple[str, str | bool]]:
    """Yield the clinic's own questions with their answers, in the document's order (B5)."""
    for key, question in clinic.questions.items():
        if key in given:
            label = localized(question.label, language, clinic.languages[0]) or key
            yield label, _answer(given[key], question, language)


def _answer(value: Any, question: Question, language: str) -> str | bool:
    if isinstance(value, bool):
        return value
    return format_date(date.fromisoformat(value), language) if question.kind == "date" else str(value)


def _type(key: str, audience: str, clinic: Clinic, language: str) -> str:
    """Return the alias for patients, the internal name for others; the key of a type that is gone."""
    kind = clinic.types.get(key)
    if kind is None:
        return key
    return localized(kind.alias, language, clinic.languages[0]) or kind.name if audience == PATIENT else kind.name


def _practitioner(key: str, clinic: Clinic) -> str:
    practitioner = clinic.practitioners.get(key)
    return practitioner.name if practitioner else ""
