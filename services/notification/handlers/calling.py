"""Writes what calls patients in, each recall once as often as it is issued, and their login codes (R2, B14, N6)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from services.notification.handlers import limiting
from services.notification.handlers.drafting import draft
from services.notification.model.messages import (
    PATIENT,
    Addressee,
    Appointment,
    Content,
    Message,
    appointment_booked,
    person_addressed,
    to_patient,
)
from services.notification.model.told import Addressed, CodeTold, RecallTold
from services.notification.wording.calls import CallToBook, compose_call, compose_code
from services.notification.wording.compose import compose
from shared.clinic.message_keys import EMAIL, LOGIN_CODE, RECALL, SMS
from shared.clinic.sms_countries import NO_SMS_THERE
from shared.contracts.errors import Invalid
from shared.ids import new_id

if TYPE_CHECKING:
    from services.notification.handlers.desk import Desk
    from services.notification.model.clinic import Clinic
    from shared.contracts.envelope import Event
    from shared.contracts.notification import Channel

CODE_LIFE = timedelta(minutes=10)
"""A login code that could not be sent by then opens nothing any more (PRODUCT B14)."""

CODE_KEPT = timedelta(days=1)
"""After so long a login code's row says no longer to whom it went, nor what it said."""


def call_in(desk: Desk, event: Event, consumer: str) -> None:
    """Write a recall to its patient, once however often its event comes.

    Of a recall that was issued anew only the newest goes out, whatever the order in which the events come; of one for a
    booked time also none that the booking has left behind.
    """
    clinic = desk.clinic(event.clinic)
    told = RecallTold.read(event.data)
    call = _call(told, desk.keys.people.open(told.person))
    channels: list[Channel] = [channel for channel in (SMS, EMAIL) if channel in told.send]
    written = [
        _message(desk, event, told, to, _content(desk, event, call, to, clinic), clinic)
        for to in to_patient(call.person, channels, clinic)
    ]
    with desk.work() as store:
        if not store.first_time(consumer, event, desk.now):
            return
        for message in written:
            limiting.add(store, desk, message)
        store.withdraw_recalls(event.subject, desk.now)
        if told.reference:
            store.withdraw_of_booking(told.reference, desk.now)


def send_code(desk: Desk, clinic: str, fields: Mapping[str, Any]) -> None:
    """Write the SMS with a login code; raise NotFound where there is no such clinic.

    Raises Invalid for a number that is no mobile of a country to which the clinic sends SMS.
    """
    known = desk.clinic(clinic)
    mobile = fields["mobile"]
    if not known.sends_sms_to(mobile):
        raise Invalid.because(NO_SMS_THERE, errors={"mobile": [NO_SMS_THERE]})
    content = compose_code(fields["code"], mobile, fields["language"], known)
    message = draft(
        desk, known, LOGIN_CODE, Addressee(PATIENT, SMS, mobile, ""), content,
        source_event=new_id(), expires_at=desk.now + CODE_LIFE,
    )  # fmt: skip
    with desk.work() as store:
        store.add(message)


def forget_codes(desk: Desk) -> int:
    """Let the rows of old login codes lose number and text; return of how many."""
    with desk.work() as store:
        return store.erase_codes(desk.now - CODE_KEPT, desk.keys.people.seal(Content(to="", text="").to_json()))


def _call(told: RecallTold, opened: Mapping[str, Any]) -> Appointment | CallToBook:
    """Return what the patient is called to: a time that is booked for them, or a need whose time they choose."""
    person, code = Addressed.read(opened), CodeTold.read(opened).code or ""
    if told.booked is not None:
        return appointment_booked(str(told.reference), told.version or 0, told.booked, person, code)
    return CallToBook(
        need=str(told.need),
        type=told.type,
        practitioner=told.practitioner,
        minutes=told.minutes,
        week=told.week,
        last_day=told.usable_until,
        language=told.language,
        person=person_addressed(person),
        code=code,
    )


def _content(desk: Desk, event: Event, call: Appointment | CallToBook, to: Addressee, clinic: Clinic) -> Content:
    if isinstance(call, CallToBook):
        return compose_call(call, to, clinic, desk.links)
    return compose(call, RECALL, to, clinic, desk.links, datetime.fromisoformat(event.time))


def _message(desk: Desk, event: Event, told: RecallTold, to: Addressee, content: Content, clinic: Clinic) -> Message:
    return draft(
        desk, clinic, RECALL, to, content,
        booking=told.reference,
        booking_version=told.version or 0,
        source_event=event.id,
        recall=event.subject,
        recall_issue=event.subject_version,
    )  # fmt: skip
