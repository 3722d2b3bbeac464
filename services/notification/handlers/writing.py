"""Writes messages as bookings change, each once (PRODUCT N1, N2, N6)."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from services.notification.handlers import limiting
from services.notification.handlers.drafting import draft
from services.notification.handlers.reminding import follow_booking
from services.notification.model.clinic import Clinic
from services.notification.model.messages import (
    Appointment,
    Message,
    addressees,
    appointment_told,
    to_patient,
)
from services.notification.model.remembered import STANDING
from services.notification.model.told import BookingTold, PersonTold, RenewedTold
from services.notification.wording.compose import compose, event_key
from shared.clinic.message_keys import BOOKED, CANCELLED, MOVED
from shared.contracts.booking import BOOKING_CANCELLED, BOOKING_CHANGED, BOOKING_CREATED, BOOKING_MOVED

if TYPE_CHECKING:
    from services.notification.handlers.desk import Desk
    from services.notification.store import NotificationStore
    from shared.clinic_documents import ClinicDocument
    from shared.contracts.envelope import Event

HAPPENED = {
    BOOKING_CREATED: BOOKED,
    BOOKING_MOVED: MOVED,
    BOOKING_CHANGED: MOVED,
    BOOKING_CANCELLED: CANCELLED,
}
"""What each event of booking means to those who are told."""

CONSUMERS = {
    BOOKING_CREATED: "send_confirmation",
    BOOKING_MOVED: "send_change",
    BOOKING_CHANGED: "send_change",
    BOOKING_CANCELLED: "send_cancellation",
}
"""As whom the inbox knows who has taken in each of them."""

LATELY = timedelta(hours=1)
MANY = 3
"""So many changes of a booking are told one by one within that time (CONTRACTS 2, limits)."""
TOGETHER_AFTER = timedelta(minutes=1)
"""From then on only the last change of so long is told."""


@dataclass(frozen=True)
class Letter:
    """What is to be told of a booking's event; composed before the transaction, which should be short."""

    clinic: Clinic
    appointment: Appointment
    messages: list[Message]


def tell(desk: Desk, event: Event, consumer: str) -> None:
    """Write a message to everybody concerned by a booking's event, once however often the event comes.

    One that tells of a version which a newer event has overtaken is withdrawn at once, not sent; of a booking that
    changes time and again, all wait a little for the newer event. A change of which nobody is told (an SMS reminder
    switched off) overtakes nothing: what earlier messages say stays true.
    """
    document = desk.documents.get(event.clinic)
    letter = letter_of(desk, event, document)
    with desk.work() as store:
        if not store.first_time(consumer, event, desk.now):
            return
        follow_booking(store, desk, event, document)
        if letter.appointment.is_news(HAPPENED[event.type]):
            write(store, desk, event, letter)


def letter_of(desk: Desk, event: Event, document: ClinicDocument) -> Letter:
    """Return what is to be told of a booking's event, and to whom."""
    clinic = Clinic.from_document(document.document)
    appointment = _appointment(desk, event)
    return Letter(clinic, appointment, _messages(desk, event, appointment, clinic))


def write(store: NotificationStore, desk: Desk, event: Event, letter: Letter) -> None:
    """Write a booking's news to everybody concerned, and withdraw what it has made untrue."""
    appointment, written = letter.appointment, letter.messages
    told = store.note_version(event.subject, event.subject_version, appointment.practitioner, desk.now - LATELY)
    if told >= MANY:
        written = _messages(desk, event, appointment, letter.clinic, together=True)
    for message in written:
        limiting.add(store, desk, message)
    store.withdraw_of_booking(event.subject, desk.now)


def tell_new_link(desk: Desk, event: Event, consumer: str) -> None:
    """Let nothing go out with a link that opens nothing any more, and send the new one (PRODUCT C13).

    It goes out where staff asked for that, and where something with the old one was waiting to be sent: the patient
    would not be told at all else. Reminders are planned anew with it.
    """
    document, told = desk.documents.get(event.clinic), RenewedTold.read(event.data)
    letter = _link_letter(desk, event, document)
    with desk.work() as store:
        if not store.first_time(consumer, event, desk.now):
            return
        follow_booking(store, desk, event, document)
        if told.status == STANDING:
            _renew_link(store, desk, event.subject, event.subject_version, letter, send=told.send)


def tell_link_anew(desk: Desk, document: ClinicDocument, event: Event, version: int) -> None:
    """Note of a booking from which version on it has its link, where no event has told so.

    Whether staff wanted it sent is not known: it goes out where something with an older one was waiting.
    """
    letter = _link_letter(desk, event, document)
    with desk.work() as store:
        _renew_link(store, desk, event.subject, version, letter, send=False)


def _link_letter(desk: Desk, event: Event, document: ClinicDocument) -> Letter:
    """Return what tells a booking's patient of its link."""
    clinic = Clinic.from_document(document.document)
    appointment, at = _appointment(desk, event), datetime.fromisoformat(event.time)
    written = [
        draft(
            desk, clinic, BOOKED, to, compose(appointment, BOOKED, to, clinic, desk.links, at),
            booking=event.subject,
            booking_version=event.subject_version,
            source_event=event.id,
        )
        for to in to_patient(appointment.person, clinic.channels[BOOKED], clinic)
    ]  # fmt: skip
    return Letter(clinic, appointment, written)


def _renew_link(
    store: NotificationStore, desk: Desk, reference: str, version: int, letter: Letter, *, send: bool
) -> None:
    store.note_link(reference, version, letter.appointment.practitioner)
    withdrawn = store.withdraw_of_booking(reference, desk.now)
    for message in letter.messages if send or withdrawn else ():
        limiting.add(store, desk, message)


def _appointment(desk: Desk, event: Event) -> Appointment:
    told = BookingTold.read(event.data)
    person = PersonTold.read(desk.keys.people.open(told.person))
    return appointment_told(event.subject, event.subject_version, told, person)


def _messages(
    desk: Desk, event: Event, appointment: Appointment, clinic: Clinic, *, together: bool = False
) -> list[Message]:
    """Return what everybody concerned is told; what is told `together` with changes that follow waits a little.

    It says nothing of what was before, then, but to a practitioner whom the booking left: who is told may never have
    heard of that.
    """
    happened, at = HAPPENED[event.type], datetime.fromisoformat(event.time)
    as_now = replace(appointment, former=None) if together else appointment
    due_at = desk.now + (TOGETHER_AFTER if together else timedelta())
    return [
        draft(
            desk, clinic, event_key(to.audience, happened), to,
            compose(appointment if to.left else as_now, happened, to, clinic, desk.links, at),
            booking=event.subject,
            booking_version=event.subject_version,
            source_event=event.id,
            due_at=due_at,
        )
        for to in addressees(appointment, happened, clinic)
    ]  # fmt: skip
