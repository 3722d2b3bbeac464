"""Writes what calls patients in, each recall once as often as it is issued, and their login codes (R2, B14, N6)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from typing import TYPE_CHECKING, Any

from services.notification.handlers import limiting
from services.notification.handlers.drafting import Draft, draft
from services.notification.handlers.limiting import Written
from services.notification.model.clinic import Clinic
from services.notification.model.messages import (
    PATIENT,
    Addressee,
    Appointment,
    Content,
    appointment_booked,
    person_addressed,
    to_patient,
)
from services.notification.model.told import Addressed, CodeTold, RecallTold
from services.notification.wording.calls import CallToBook, compose_call, compose_code
from services.notification.wording.compose import compose
from shared.bus.events.effects import Effect
from shared.clinic.message_keys import EMAIL, LOGIN_CODE, RECALL, SMS
from shared.clinic.sms_countries import NO_SMS_THERE
from shared.contracts.errors import Invalid
from shared.ids import new_id

if TYPE_CHECKING:
    from services.notification.handlers.desk import Desk
    from services.notification.store import NotificationStore
    from shared.clinic_documents import ClinicDocument
    from shared.contracts.envelope import Event
    from shared.contracts.notification import Channel

CODE_LIFE = timedelta(minutes=10)
"""A login code that could not be sent by then opens nothing any more (PRODUCT B14)."""

CODE_KEPT = timedelta(days=1)
"""After so long a login code's row says no longer to whom it went, nor what it said."""


@dataclass(frozen=True)
class Call:
    """A recall: its id, the booking that it calls to, if any, and what is written of it."""

    recall: str
    booking: str | None
    drafts: list[Draft]


def call_in(desk: Desk, events: Sequence[Event]) -> Effect[Call]:
    """Write recalls to their patients.

    Of a recall that was issued anew only the newest goes out, whatever the order in which the events come; of one for a
    booked time also none that the booking has left behind. Who was erased meanwhile is called by none (A3).
    """
    return Effect(desk.made_ready(events, partial(_called_in, desk)), partial(_call_in, desk))


def _called_in(desk: Desk, event: Event, document: ClinicDocument) -> Call:
    clinic, told = document.as_read(Clinic.from_document), RecallTold.read(event.data)
    call = _call(told, desk.keys.people.open(told.person))
    channels: list[Channel] = [channel for channel in (SMS, EMAIL) if channel in told.send]
    drafts = [
        _draft(desk, event, told, to, _content(desk, event, call, to, clinic), clinic)
        for to in to_patient(call.person, channels, clinic)
    ]
    return Call(event.subject, told.reference, drafts)


def _call_in(desk: Desk, store: NotificationStore, calls: Sequence[Call]) -> Written:
    subjects = {call.recall for call in calls}
    store.one_at_a_time(subjects)
    erased = store.erased_among(subjects)
    calls = [call for call in calls if call.recall not in erased]
    written = limiting.add(store, desk, [each for call in calls for each in call.drafts])
    store.withdraw_recalls([call.recall for call in calls], desk.now)
    store.withdraw_of_bookings([call.booking for call in calls if call.booking], desk.now)
    return written


def send_code(desk: Desk, clinic: str, fields: Mapping[str, Any]) -> None:
    """Write the SMS with a login code; raise NotFound where there is no such clinic.

    Raises Invalid for a number that is no mobile of a country to which the clinic sends SMS.
    """
    known = desk.clinic(clinic)
    mobile = fields["mobile"]
    if not known.sends_sms_to(mobile):
        raise Invalid.because(NO_SMS_THERE, errors={"mobile": [NO_SMS_THERE]})
    content = compose_code(fields["code"], mobile, fields["language"], known)
    code = draft(
        desk, known, LOGIN_CODE, Addressee(PATIENT, SMS, mobile, ""), content,
        source_event=new_id(), expires_at=desk.now + CODE_LIFE,
    )  # fmt: skip
    with desk.work() as store:
        store.add(code.message)


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


def _draft(desk: Desk, event: Event, told: RecallTold, to: Addressee, content: Content, clinic: Clinic) -> Draft:
    return draft(
        desk, clinic, RECALL, to, content,
        booking=told.reference,
        booking_version=told.version or 0,
        source_event=event.id,
        correlation_id=event.correlation_id,
        recall=event.subject,
        recall_issue=event.subject_version,
    )  # fmt: skip
