"""Writes messages as bookings change, each once (PRODUCT N1, N2, N6)."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from services.notification.handlers.drafting import draft
from services.notification.handlers.reminding import follow_booking
from services.notification.model.clinic import Clinic
from services.notification.model.messages import Addressee, Appointment, Content, Message, addressees, appointment_told
from services.notification.model.told import BookingTold, PersonTold
from services.notification.wording.compose import compose, event_key
from shared.clinic.message_keys import BOOKED, CANCELLED, MOVED
from shared.contracts.booking import BOOKING_CANCELLED, BOOKING_CHANGED, BOOKING_CREATED, BOOKING_MOVED

if TYPE_CHECKING:
    from services.notification.handlers.desk import Desk
    from shared.contracts.envelope import Event

HAPPENED = {
    BOOKING_CREATED: BOOKED,
    BOOKING_MOVED: MOVED,
    BOOKING_CHANGED: MOVED,
    BOOKING_CANCELLED: CANCELLED,
}
"""What each event of booking means to those who are told."""


def tell(desk: Desk, event: Event, consumer: str) -> None:
    """Write a message to everybody concerned by a booking's event, once however often the event comes.

    One that tells of a version which a newer event has overtaken is withdrawn at once, not sent. A change of which
    nobody is told (an SMS reminder switched off) overtakes nothing: what earlier messages say stays true.
    """
    document = desk.documents.get(event.clinic)
    clinic = Clinic.from_document(document.document)
    appointment = _appointment(desk, event)
    written = _messages(desk, event, appointment, clinic)
    with desk.work() as store:
        if not store.first_time(consumer, event, desk.now):
            return
        follow_booking(store, desk, event, document)
        if not appointment.is_news(HAPPENED[event.type]):
            return
        store.note_version(event.subject, event.subject_version, appointment.practitioner)
        for message in written:
            store.add(message)
        store.withdraw_of_booking(event.subject, desk.now)


def _appointment(desk: Desk, event: Event) -> Appointment:
    told = BookingTold.read(event.data)
    person = PersonTold.read(desk.keys.people.open(told.person))
    return appointment_told(event.subject, event.subject_version, told, person)


def _messages(desk: Desk, event: Event, appointment: Appointment, clinic: Clinic) -> list[Message]:
    happened = HAPPENED[event.type]
    at = datetime.fromisoformat(event.time)
    return [
        _message(desk, event, to, happened, compose(appointment, happened, to, clinic, desk.links, at), clinic)
        for to in addressees(appointment, happened, clinic)
    ]


def _message(desk: Desk, event: Event, to: Addressee, happened: str, content: Content, clinic: Clinic) -> Message:
    return draft(
        desk, clinic, event_key(to.audience, happened), to, content,
        booking=event.subject,
        booking_version=event.subject_version,
        source_event=event.id,
    )  # fmt: skip
