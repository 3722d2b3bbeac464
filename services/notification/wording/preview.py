"""A message as it would look, of an appointment and a patient made up for the purpose (PRODUCT N4).

Nobody's data is shown: names are invented, links and codes have the right length and open nothing.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, time, timedelta
from typing import Any

from services.notification.model.clinic import NO_OWN_TEXTS, Clinic, OwnTexts
from services.notification.model.messages import PATIENT, PRACTITIONER, Addressee, Appointment, Content, Person
from services.notification.model.segments import segments_of
from services.notification.model.told import Former
from services.notification.wording.appointment_notice import appointment_notice
from services.notification.wording.call_notice import code_notice, need_notice
from services.notification.wording.calls import CallToBook, facts_of_call
from services.notification.wording.compose import Links, link_to, written
from services.notification.wording.facts import Facts, facts_for, facts_of_clinic
from services.notification.wording.notice import Notice
from services.notification.wording.render import variables
from shared.clinic.message_keys import (
    BOOKED,
    CHOOSE_AGAIN,
    EMAIL,
    LOGIN_CODE,
    MOVED,
    RECALL,
    REMINDER,
    SMS,
    is_to_practitioner,
    to_practitioner,
    what_happened,
)
from shared.clinic.times.wall_clock import start_moment
from shared.clinic.times.weeks import sunday_of, week_of
from shared.contracts.notification import Channel
from shared.texts.message_templates import fails_with, longest_of, names_in, problems

PARTS = {SMS: ("sms",), EMAIL: ("subject", "text", "html")}
"""The templates of a channel."""

MANY_PARTS = 3
"""More parts than these are worth a word: every one is paid for."""

_NAMES = {
    "en": ("Alex", "Example"), "sv": ("Alex", "Exempel"), "nb": ("Alex", "Eksempel"), "da": ("Alex", "Eksempel"),
    "fr": ("Camille", "Exemple"), "fa": ("آرش", "نمونه"),
}  # fmt: skip
_REFERENCE = "SAMPLE0000"
_TOKEN = _REFERENCE + "x" * 24
_CODES = {RECALL: "7K3M-9QX2", LOGIN_CODE: "123456"}
_CHANGEABLE = {BOOKED, MOVED, REMINDER}

NO_LINK = "It does not say {{ link }}, so the patient cannot move or cancel by it."
NO_TIME = "It says neither when the appointment is nor on which date."
UNUSED = "This clinic does not send this message by this channel."


class Unusable(Exception):
    """Templates that make no message; `errors` are sentences by the part that they are about."""

    def __init__(self, errors: Mapping[str, list[str]]) -> None:
        super().__init__("templates that make no message")
        self.errors = errors


@dataclass(frozen=True)
class Wanted:
    """What is to be shown: a key of the document's `messages`, with templates to try instead of the clinic's."""

    event: str
    channel: Channel
    language: str
    templates: Mapping[str, str]


def preview(clinic: Clinic, wanted: Wanted, links: Links, now: datetime) -> dict[str, Any]:
    """Return `{subject, text, html, encoding, characters, segments, warnings}`, the counts null for emails.

    Raises Unusable where a template has a mistake or cannot be rendered.
    """
    facts, notice = _sample(clinic, wanted, links, now)
    _try(wanted, facts)
    tried = replace(clinic, own_texts={**clinic.own_texts, wanted.event: _own_texts(clinic, wanted)})
    content = written(wanted.event, notice, facts, Addressee(PATIENT, wanted.channel, "", ""), tried)
    counted = segments_of(content.text) if wanted.channel == SMS else None
    return {
        "subject": content.subject,
        "text": content.text,
        "html": content.html,
        "encoding": counted.encoding if counted else None,
        "characters": counted.characters if counted else None,
        "segments": counted.parts if counted else None,
        "warnings": list(dict.fromkeys(_warnings(clinic, wanted, tried.own_texts[wanted.event], content))),
    }


def _try(wanted: Wanted, facts: Facts) -> None:
    """Raise Unusable for templates that cannot be saved, or that cannot be filled in for this very clinic."""
    errors = {}
    for part, source in wanted.templates.items():
        if not source:
            continue  # the built-in text
        found = [problem.sentence for problem in problems(wanted.event, part, source)]
        if not found and (broken := _broken(source, part, facts)):
            found = [broken]
        if found:
            errors[part] = found
    if errors:
        raise Unusable(errors)


def _broken(source: str, part: str, facts: Facts) -> str | None:
    return fails_with(source, variables(facts), longest_of(part), autoescape=part == "html")


def _own_texts(clinic: Clinic, wanted: Wanted) -> OwnTexts:
    """Return the clinic's templates with those that are tried in their place."""
    known = clinic.own_texts.get(wanted.event, NO_OWN_TEXTS)
    tried = {part: {**getattr(known, part), wanted.language: source} for part, source in wanted.templates.items()}
    return replace(known, **tried)


def _sample(clinic: Clinic, wanted: Wanted, links: Links, now: datetime) -> tuple[Facts, Notice]:
    event, language = wanted.event, wanted.language
    if event == LOGIN_CODE:
        facts = replace(facts_of_clinic(clinic, language), code=_CODES[LOGIN_CODE])
        return facts, code_notice(facts)
    appointment = _appointment(clinic, language, now)
    if event == RECALL:
        facts = _need_facts(clinic, appointment, wanted.channel, links)
        return facts, need_notice(facts)
    to = Addressee(PRACTITIONER if is_to_practitioner(event) else PATIENT, wanted.channel, "", "")
    happened = what_happened(event)
    in_language = replace(clinic, languages=[language]) if to.audience == PRACTITIONER else clinic
    link = _link(to, appointment, happened, clinic, links)
    facts = replace(
        facts_for(appointment, to, in_language, link), booking_page=links.of_new_booking(appointment.type, clinic)
    )
    return facts, appointment_notice(to, happened, facts, clinic)


def _appointment(clinic: Clinic, language: str, now: datetime) -> Appointment:
    """Return a booking of the clinic's first type with its first practitioner, in a week, moved from the day before."""
    day = now.astimezone(clinic.zone).date() + timedelta(days=7)
    start = start_moment(datetime.combine(day, time(10)), clinic.zone)
    before = start_moment(datetime.combine(day - timedelta(days=1), time(14, 30)), clinic.zone)
    type, practitioner, minutes = next(iter(clinic.types), ""), next(iter(clinic.practitioners), ""), 30
    first, last = _NAMES[language]
    return Appointment(
        reference=_REFERENCE,
        version=2,
        epoch=0,
        type=type,
        practitioner=practitioner,
        start=start,
        minutes=minutes,
        language=language,
        changeable=True,
        comment="",
        person=Person(first, last, None, None, sms_ok=True, email_ok=True, message=""),
        former=Former(type, practitioner, before, minutes),
    )


def _need_facts(clinic: Clinic, appointment: Appointment, channel: str, links: Links) -> Facts:
    """Return what calls to book that appointment in its week."""
    week = week_of(appointment.start.astimezone(clinic.zone).date())
    call = CallToBook(
        need=_REFERENCE,
        type=appointment.type,
        practitioner=appointment.practitioner,
        minutes=appointment.minutes,
        week=week,
        last_day=sunday_of(week),
        language=appointment.language,
        person=appointment.person,
        code=_CODES[RECALL],
    )
    return facts_of_call(call, channel, clinic, f"{links.public_url}/m/n{'x' * 56}", links.recall_page)


def _link(to: Addressee, appointment: Appointment, happened: str, clinic: Clinic, links: Links) -> str:
    found = link_to(to, appointment, happened, clinic, links)
    return f"{links.public_url}/m/{_TOKEN}" if found and to.audience == PATIENT else found


def _warnings(clinic: Clinic, wanted: Wanted, own: OwnTexts, content: Content) -> Iterator[str]:
    """Yield what a message lacks that it could have, and what it costs."""
    for part in PARTS[wanted.channel]:
        source = getattr(own, part).get(wanted.language)
        if source and part != "subject":
            yield from _lacks(clinic, wanted.event, names_in(source))
    if wanted.channel == SMS and (parts := segments_of(content.text).parts) > MANY_PARTS:
        yield f"It is sent in {parts} parts."
    if not _is_sent(clinic, wanted):
        yield UNUSED


def _lacks(clinic: Clinic, event: str, names: set[str]) -> Iterator[str]:
    if event in _CHANGEABLE and "link" not in names and (clinic.may_move or clinic.may_cancel):
        yield NO_LINK
    if event in {*_CHANGEABLE, to_practitioner(BOOKED), to_practitioner(MOVED)} and not names & {
        "booking.start",
        "booking.date",
    }:
        yield NO_TIME


def _is_sent(clinic: Clinic, wanted: Wanted) -> bool:
    if wanted.event == LOGIN_CODE:
        return wanted.channel == SMS
    if wanted.event == RECALL:
        return True
    if wanted.event == REMINDER:
        return any(reminder.channel == wanted.channel for reminder in clinic.reminders)
    if wanted.event == CHOOSE_AGAIN:
        return wanted.channel in clinic.channels[MOVED]
    key = "practitioner" if is_to_practitioner(wanted.event) else wanted.event
    return wanted.channel in clinic.channels[key]
