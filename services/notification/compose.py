"""Composes one message: its texts, its link and its calendar file (PRODUCT N1, M1)."""

from dataclasses import dataclass
from datetime import datetime
from urllib.parse import quote, urlsplit

from services.notification import render
from services.notification.clinic import Clinic
from services.notification.facts import Facts, facts_for
from services.notification.model import (
    CANCELLED,
    PATIENT,
    PRACTITIONER,
    REMINDER,
    SMS,
    Addressee,
    Appointment,
    Content,
)
from services.notification.notice import notice_for
from shared.invitation import CANCEL, REQUEST, Invitation, Party, attachment, uid_of
from shared.links import manage_token


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
        """Return the personal link; empty where nothing may be changed by it (M1, M3, B1)."""
        if happened == CANCELLED or not appointment.changeable or not (clinic.may_move or clinic.may_cancel):
            return ""
        return f"{self.public_url}/m/{manage_token(self.link_key, appointment.reference, appointment.epoch)}"

    def of_practitioner(self, appointment: Appointment, clinic: Clinic) -> str:
        """Return the booking's address in the console."""
        return f"{self.public_url}/staff/{quote(clinic.key)}/bookings/{quote(appointment.reference)}"


def event_key(audience: str, happened: str) -> str:
    """Return the key of the document's `messages` that rules this message: `booked`, `practitioner_booked` …"""
    return f"practitioner_{happened}" if audience == PRACTITIONER else happened


def compose(
    appointment: Appointment, happened: str, addressee: Addressee, clinic: Clinic, links: Links, at: datetime
) -> Content:
    """Return what `addressee` gets about what `happened` at the moment `at`.

    A reminder brings no calendar file: the confirmation did.
    """
    to_patient = addressee.audience == PATIENT
    link = links.of_patient(appointment, happened, clinic) if to_patient else links.of_practitioner(appointment, clinic)
    facts = facts_for(appointment, addressee.audience, clinic, link)
    event, notice = event_key(addressee.audience, happened), notice_for(addressee, happened, facts, clinic)
    if addressee.channel == SMS:
        return Content(to=addressee.to, text=render.sms(event, notice, facts, clinic))
    subject, text, html = render.email(event, notice, facts, clinic)
    if happened == REMINDER:
        return Content(to=addressee.to, text=text, subject=subject, html=html)
    off = happened == CANCELLED or addressee.left is not None
    invitation = Invitation(
        method=CANCEL if off else REQUEST,
        uid=uid_of(clinic.key, appointment.reference),
        sequence=appointment.version - 1,
        stamp=at,
        start=appointment.start,
        end=appointment.end,
        summary=_summary(facts, to_patient=to_patient),
        location=", ".join(filter(None, (facts.clinic, facts.address))),
        description=text,
        url=link or None,
        organizer=Party(clinic.name, clinic.email or f"no-reply@{links.host}"),
        attendee=Party(addressee.name, addressee.to),
    )
    return Content(to=addressee.to, text=text, subject=subject, html=html, attachments=(attachment(invitation),))


def _summary(facts: Facts, *, to_patient: bool) -> str:
    return f"{facts.type}, {facts.clinic}" if to_patient else f"{facts.patient or facts.reference}: {facts.type}"
