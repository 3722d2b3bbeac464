"""Messages of no booking: the call to choose a time, and the code that logs a patient in (PRODUCT R2, B14)."""

from dataclasses import dataclass, replace
from datetime import date

from services.notification.model.clinic import Clinic
from services.notification.model.messages import PATIENT, Addressee, Content, Person
from services.notification.wording.call_notice import code_notice, need_notice
from services.notification.wording.compose import Links, written
from services.notification.wording.facts import (
    Facts,
    facts_of_clinic,
    facts_of_service,
    kept_private,
    language_for,
)
from shared.clinic.message_keys import LOGIN_CODE, RECALL, SMS
from shared.texts.language import format_date


@dataclass(frozen=True)
class CallToBook:
    """A need whose time the patient is to choose: in `week`, at the latest on `last_day` (None: no limit).

    `practitioner` None is any who takes the type; `code` is empty where the clinic knows nothing to ask for with it.
    """

    need: str
    type: str
    practitioner: str | None
    minutes: int
    week: str
    last_day: date | None
    language: str | None
    person: Person
    code: str


def compose_call(call: CallToBook, to: Addressee, clinic: Clinic, links: Links) -> Content:
    """Return the recall of a need without a time, with its link and code."""
    facts = facts_of_call(call, to.channel, clinic, links.of_need(call.need), links.recall_page)
    return written(RECALL, need_notice(facts), facts, to, clinic)


def facts_of_call(call: CallToBook, channel: str, clinic: Clinic, link: str, recall_page: str) -> Facts:
    """Return what the recall of a need without a time may say by a channel."""
    language = language_for(call.language, PATIENT, clinic)
    of_clinic = facts_of_clinic(clinic, language)
    known = replace(
        facts_of_service(of_clinic, call.type, call.practitioner, call.minutes, PATIENT, clinic),
        first_name=call.person.first_name,
        last_name=call.person.last_name,
        link=link,
        code=call.code,
        recall_page=recall_page,
        week=call.week,
        last_day=format_date(call.last_day, language) if call.last_day else "",
    )
    return kept_private(known, PATIENT, channel, clinic)


def compose_code(code: str, mobile: str, wanted_language: str | None, clinic: Clinic) -> Content:
    """Return the SMS with a login code (PRODUCT B14)."""
    facts = replace(facts_of_clinic(clinic, language_for(wanted_language, PATIENT, clinic)), code=code)
    return written(LOGIN_CODE, code_notice(facts), facts, Addressee(PATIENT, SMS, mobile, ""), clinic)
