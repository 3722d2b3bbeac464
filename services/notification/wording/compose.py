"""Composes one message: its texts, its link and its calendar file (PRODUCT N1, M1)."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from urllib.parse import urlencode, urlsplit

from services.notification.model.clinic import Clinic
from services.notification.model.messages import CLINIC, PATIENT, Addressee, Appointment, Content
from services.notification.wording import render
from services.notification.wording.appointment_notice import appointment_notice
from services.notification.wording.facts import Facts, facts_for, hides_type
from services.notification.wording.notice import Notice, joined, line
from shared.clinic.message_keys import CANCELLED, CHOOSE_AGAIN, RECALL, REMINDER, SMS, to_practitioner
from shared.links import manage_token, need_token, password_token
from shared.texts.invitation import CANCEL, REQUEST, Invitation, Party, attachment, uid_of

_WITHOUT_FILE = {REMINDER, CHOOSE_AGAIN}


@dataclass(frozen=True)
class Links:
    """Where links lead: the installation's public address, and the key of personal links."""

    public_url: str
    link_key: str

    @property
    def host(self) -> str:
        """The host of the public address."""
        return urlsplit(self.public_url).hostname or "localhost"

    def of_patient(self, appointment: Appointment, happened: str, clinic: Clinic) -> str:
        """Return the personal link; empty where nothing may be changed by it (M1, M3, B1).

        Who is to choose another time has been let to by the clinic itself (C12).
        """
        if happened == CHOOSE_AGAIN:
            return self._personal(appointment)
        if happened == CANCELLED or not appointment.changeable or not (clinic.may_move or clinic.may_cancel):
            return ""
        return self._personal(appointment)

    def _personal(self, appointment: Appointment) -> str:
        return f"{self.public_url}/m/{manage_token(self.link_key, appointment.reference, appointment.epoch)}"

    def of_console(self, clinic: str, reference: str) -> str:
        """Return where staff see the booking, once they have signed in; nothing of it opens anything (N1)."""
        return f"{self.public_url}/staff/{clinic}/bookings/{reference}"

    def of_new_booking(self, type: str, clinic: Clinic) -> str:
        """Return where another time of that type is booked; empty where none is booked by patients (B1, B15)."""
        if not clinic.may_book:
            return ""
        return f"{self.public_url}/{clinic.key}" + (f"?{urlencode({'type': type})}" if type in clinic.types else "")

    def of_need(self, need: str) -> str:
        """Return the link by which a recall's holder books their need (B9, R2)."""
        return f"{self.public_url}/m/{need_token(self.link_key, need)}"

    def of_password(self, link: str) -> str:
        """Return where somebody of a clinic chooses a password, by a link of this id (C4)."""
        return f"{self.public_url}/staff/-/password/{password_token(self.link_key, link)}"

    @property
    def recall_page(self) -> str:
        """Where a recall is opened by number and code (M2)."""
        return f"{self.public_url}/recall"


def event_key(audience: str, happened: str) -> str:
    """Return the key of the document's `messages` that rules this message: `booked`, `practitioner_booked` …"""
    return happened if audience == PATIENT else to_practitioner(happened)


def compose(
    appointment: Appointment, happened: str, addressee: Addressee, clinic: Clinic, links: Links, at: datetime
) -> Content:
    """Return what `addressee` gets about what `happened` at the moment `at`.

    A reminder brings no calendar file: the confirmation did; nor does a time that cannot be kept. Nor does what the
    clinic's own mailbox gets: calendars take the clinic for who invites.
    """
    return next(compose_each([(appointment, addressee)], happened, clinic, links, at))


def compose_each(
    told: Iterable[tuple[Appointment, Addressee]], happened: str, clinic: Clinic, links: Links, at: datetime
) -> Iterator[Content]:
    """Yield what each of them gets, as `compose` says; what is the same for several is worked out once."""
    known: dict[tuple[int, str, str | None, bool], tuple[Facts, Notice]] = {}
    for appointment, to in told:
        alike = (id(appointment), to.audience, to.left, hides_type(to.channel, clinic))
        if alike not in known:
            known[alike] = _said(appointment, happened, to, clinic, links)
        facts, notice = known[alike]
        content = written(event_key(to.audience, happened), notice, facts, to, clinic)
        if to.channel != SMS and to.audience != CLINIC and happened not in _WITHOUT_FILE:
            invitation = _invitation(appointment, happened, to, clinic, links, at, facts, content)
            content = replace(content, attachments=(attachment(invitation),))
        yield content


def _said(
    appointment: Appointment, happened: str, addressee: Addressee, clinic: Clinic, links: Links
) -> tuple[Facts, Notice]:
    link = link_to(addressee, appointment, happened, clinic, links)
    facts = facts_for(appointment, addressee, clinic, link)
    if happened == RECALL:
        facts = replace(facts, code=appointment.code, recall_page=links.recall_page)
    if happened == CANCELLED and addressee.audience == PATIENT:
        facts = replace(facts, booking_page=links.of_new_booking(appointment.type, clinic))
    return facts, appointment_notice(addressee, happened, facts, clinic)


def link_to(addressee: Addressee, appointment: Appointment, happened: str, clinic: Clinic, links: Links) -> str:
    """Return where a message leads: patients by their personal link, a clinic's own people to the console.

    Whom the booking has left may not open it any more, and is led nowhere.
    """
    if addressee.audience == PATIENT:
        return links.of_patient(appointment, happened, clinic)
    return "" if addressee.left else links.of_console(clinic.key, appointment.reference)


def written(event: str, notice: Notice, facts: Facts, addressee: Addressee, clinic: Clinic) -> Content:
    """Return the message without attachments: by the clinic's own templates for `event`, else as `notice` says.

    An email comes in the clinic's name, and answers to it go to the clinic.
    """
    if addressee.channel == SMS:
        return Content(to=addressee.to, text=render.sms(event, notice, facts, clinic))
    subject, text, html = render.email(event, notice, facts, clinic)
    to, answers_to = addressee.to, clinic.email or None
    return Content(to=to, text=text, subject=subject, html=html, sender=clinic.name, reply_to=answers_to)


def _invitation(
    appointment: Appointment,
    happened: str,
    addressee: Addressee,
    clinic: Clinic,
    links: Links,
    at: datetime,
    facts: Facts,
    content: Content,
) -> Invitation:
    off = happened == CANCELLED or addressee.left is not None
    return Invitation(
        method=CANCEL if off else REQUEST,
        uid=uid_of(clinic.key, appointment.reference),
        sequence=appointment.version - 1,
        stamp=at,
        start=appointment.start,
        end=appointment.end,
        summary=_summary(facts, to_patient=addressee.audience == PATIENT),
        location=joined(facts, facts.clinic, facts.address),
        description=content.text,
        url=facts.link or None,
        organizer=Party(clinic.name, clinic.email or f"no-reply@{links.host}"),
        attendee=Party(addressee.name, addressee.to),
        goes_on=addressee.left is not None,
    )


def _summary(facts: Facts, *, to_patient: bool) -> str:
    if to_patient:
        return joined(facts, facts.type, facts.clinic)
    who = facts.patient or facts.reference
    return line(who, facts.type, facts) if facts.type else who
