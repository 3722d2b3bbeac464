"""Sends a message, or what a booking's patient is to know of it, once more, as staff ask for it (PRODUCT N6)."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from services.notification.handlers.drafting import draft
from services.notification.handlers.reading import message_json, require_own, require_own_booking
from services.notification.model.messages import (
    DELIVERED,
    FAILED,
    PATIENT,
    PLANNED,
    SENT,
    Message,
    to_patient,
)
from services.notification.model.remembered import Remembered, appointment_of
from services.notification.wording.compose import compose_each
from shared.clinic.message_keys import BOOKED, LOGIN_CODE
from shared.contracts.errors import Invalid, NotFound
from shared.ids import is_id, new_id

if TYPE_CHECKING:
    from services.notification.handlers.desk import Desk
    from services.notification.store import NotificationStore

ONCE_PER = timedelta(minutes=1)
"""A second click within this time is taken for the first."""

_AGAIN = {SENT, DELIVERED, FAILED}
_NOT_OUT = "This message has not gone out yet."
_UNTRUE = "What this message says is no longer true; a newer one has gone out."
_NOT_KEPT = "What this message said is no longer kept."
_JUST_NOW = "This message is being sent again already."
_OVER = "This appointment is no longer valid."
_NO_WAY = "There is no way to tell this patient: no address, no consent, or the clinic writes of bookings by neither."
_UNCONFIRMED = (
    "Nobody has confirmed that this address is the patient's. Confirm it in the patient's record, then try again."
)


def resend(desk: Desk, clinic: str, id: str) -> dict[str, Any]:
    """Write the same message once more to the same address, and return it.

    Raises NotFound for what is no message of the clinic, or a login code; Invalid for one that waits to be sent, that
    is no longer kept or true, that was sent again just now, or that would go where nobody has confirmed the patient to
    be.
    """
    with desk.work() as store:
        known = store.get(clinic, id) if is_id(id) else None
        is_doubted = known is not None and _is_doubted(desk, store, known)
        found = None if known is None else store.for_resending(clinic, id)
        if found is None or found.event == LOGIN_CODE:
            raise NotFound.because("The clinic has no such message.")
        require_own(desk, store, found)
        _refuse(found, store, desk.now)
        if is_doubted:
            raise _invalid(_UNCONFIRMED)
        again = _again(desk, found)
        store.add(again)
        store.note_resent(found, desk.now)
    return message_json(desk, again)


def confirm_again(desk: Desk, clinic: str, reference: str) -> dict[str, Any]:
    """Write a booking's patient what it is now, as when it was made, and return `{messages}`.

    So somebody is told of what nobody was told of. Raises NotFound for what nothing has been heard of yet, Forbidden
    for a therapist where it is a colleague's, Invalid where it stands no more, where its patient cannot be told, and
    where a confirmation was written just now.
    """
    with desk.work() as store:
        require_own_booking(desk, store, clinic, reference)
        booking = store.remembered(reference)
        if booking is None or booking.facts is None or booking.start <= desk.now:
            raise _invalid(_OVER)
        if store.was_confirmed(reference, desk.now - ONCE_PER):
            raise _invalid(_JUST_NOW)
        written = _confirmation(desk, clinic, booking, booking.facts)
        if not written:
            raise _invalid(_NO_WAY)
        store.add(*written)
    return {"messages": [message_json(desk, each) for each in written]}


def _confirmation(desk: Desk, clinic: str, booking: Remembered, facts: str) -> list[Message]:
    known, appointment = desk.clinic(clinic), appointment_of(booking, desk.keys.people.open(facts))
    told = [(appointment, to) for to in to_patient(appointment.person, known.channels[BOOKED], known)]
    source = new_id()
    return [
        draft(
            desk, known, BOOKED, to, content,
            booking=booking.reference,
            booking_version=booking.version,
            source_event=source,
            resent_by=desk.actor.brief(),
        ).message
        for (_, to), content in zip(told, compose_each(told, BOOKED, known, desk.links, desk.now), strict=True)
    ]  # fmt: skip


def _refuse(found: Message, store: NotificationStore, now: datetime) -> None:
    if found.state not in _AGAIN:
        raise _invalid(_NOT_OUT if found.state == PLANNED else _UNTRUE)
    if found.is_empty:
        raise _invalid(_NOT_KEPT)
    if not store.is_true(found):
        raise _invalid(_UNTRUE)
    if (found.resent_at is not None and now - found.resent_at < ONCE_PER) or store.resend_waits(found.id):
        raise _invalid(_JUST_NOW)


def _is_doubted(desk: Desk, store: NotificationStore, message: Message) -> bool:
    """Tell whether the booking that a message to its patient tells of has that address from a record that doubts it.

    Version 0.1.0 wrote to all addresses alike (ADR 15). The booking is held before its message, as by whoever plans.
    """
    booking = store.remembered(message.booking) if message.audience == PATIENT and message.booking else None
    if booking is None or booking.facts is None:
        return False
    person = appointment_of(booking, desk.keys.people.open(booking.facts)).person
    return person.is_doubted(message.channel)


def _again(desk: Desk, found: Message) -> Message:
    return replace(
        found,
        id=new_id(),
        state=PLANNED,
        source_event=new_id(),
        correlation_id=desk.correlation_id,
        created_at=desk.now,
        due_at=desk.now,
        attempts=0,
        lease_until=None,
        sent_at=None,
        failure=None,
        expires_at=None,
        handed_over_at=None,
        provider_id=None,
        version=0,
        resend_of=found.id,
        resent_at=None,
        resent_by=desk.actor.brief(),
    )


def _invalid(sentence: str) -> Exception:
    return Invalid.because(sentence, errors={"id": [sentence]})
