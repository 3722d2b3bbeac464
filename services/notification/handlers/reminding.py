"""Plans reminders: as bookings, patients' switches and clinics' documents change (PRODUCT N3, N6).

Planning is the same whatever happened: what a booking should have by now is compared with what is planned. So it may
be done as often as one likes. `due_reminders` looks again when a reminder is due.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from services.notification.handlers.drafting import draft
from services.notification.model.clinic import Clinic
from services.notification.model.messages import Message
from services.notification.model.remembered import (
    STANDING,
    Consent,
    Remembered,
    appointment_of,
    facts_of,
    wanted_reminders,
)
from services.notification.model.reminders import reminder_id
from services.notification.model.told import (
    Addressed,
    Booked,
    BookingTold,
    ConsentTold,
    DocumentTold,
    PatientTold,
    PersonTold,
)
from services.notification.wording.compose import compose
from shared.clinic.message_keys import REMINDER
from shared.clinic.sms_countries import sms_countries
from shared.contracts.errors import Unavailable

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from services.notification.handlers.desk import Desk
    from services.notification.store import NotificationStore
    from services.notification.store.reminder_rows import Waiting
    from shared.clinic_documents import ClinicDocument
    from shared.contracts.envelope import Event

BATCH = 50
"""How many bookings are planned anew in one transaction when a clinic's document changes."""


def rules_of(document: Mapping[str, Any]) -> str:
    """Return what of a document decides whether and when reminders go out, as text to compare."""
    kept = {key: document[key] for key in ("reminders", "quiet_hours", "time_zone")}
    return json.dumps({**kept, "sms_countries": sorted(sms_countries(document))}, sort_keys=True)


def follow_booking(store: NotificationStore, desk: Desk, event: Event, document: ClinicDocument) -> None:
    """Plan, move or withdraw a booking's reminders by its event, in any order and however often events come."""
    told = BookingTold.read(event.data)
    opened = desk.keys.people.open(told.person)
    patient = PersonTold.read(opened).patient
    stands = told.status == STANDING
    facts = facts_of(Booked.read(event.data), Addressed.read(opened)) if stands else None
    newest = Remembered(
        reference=event.subject,
        clinic=event.clinic,
        version=event.subject_version,
        start=told.start,
        sms_reminder=told.sms_reminder,
        facts=desk.keys.people.seal(facts) if facts else None,
    )
    if patient:
        store.note_patient(event.subject, patient)
    if not store.remember(newest):
        return
    known = store.remembered(event.subject)
    if known is not None:
        _plan(store, desk, [known], document)


def follow_ended_booking(desk: Desk, event: Event, consumer: str) -> None:
    """Withdraw what is planned for a booking of which nobody is told anything: one that was missed."""
    document = desk.documents.get(event.clinic)
    with desk.work() as store:
        if store.first_time(consumer, event, desk.now):
            follow_booking(store, desk, event, document)


def follow_patient(desk: Desk, event: Event) -> None:
    """Note what a patient's record says of messages, and plan their bookings' reminders by it (N3, B18a).

    Most events only say whose booking it is: where the record refuses nothing, and did not before, all is planned.
    """
    document, told = desk.documents.get(event.clinic), PatientTold.read(event.data)
    said = ConsentTold.read(desk.keys.people.open(told.person))
    consent = Consent(told.sms_reminder, said.sms_ok, said.email_ok)
    with desk.work() as store:
        if told.booking:
            store.note_patient(told.booking, event.subject)
        is_news = store.note_consent(event.subject, event.subject_version, consent)
        if store.consent_of(event.subject).refuses_nothing and (not is_news or event.subject_version == 1):
            return
        theirs = store.bookings_of_patient(event.subject, desk.now)
        _plan(store, desk, theirs, document)


def follow_document(desk: Desk, event: Event) -> None:
    """Note by what a clinic's reminders are planned from now on; `plan_anew` does it for the bookings that stand."""
    document = DocumentTold.read(event.data).document
    with desk.work() as store:
        store.note_rules(event.clinic, event.subject_version, rules_of(document), desk.now)


def plan_anew(desk: Desk, event: Event) -> bool:
    """Plan the next bookings of a clinic whose rules have changed; tell whether any may be left.

    One transaction holds a few bookings only; where a process dies in between, the event that comes again goes on.
    """
    with desk.work.reading() as store:
        if not store.has_to_plan_anew(event.clinic):  # at each start, all clinics' events come again
            return False
    document = desk.documents.get(event.clinic)
    with desk.work() as store:
        found = store.planned_anew(event.clinic, BATCH)
        if found is None:
            return False
        revision, bookings = found
        _refuse_older(document, revision)
        _plan(store, desk, bookings, document)
    return len(bookings) == BATCH


def _plan(store: NotificationStore, desk: Desk, bookings: Sequence[Remembered], document: ClinicDocument) -> None:
    """Bring the planned reminders of `bookings`, all of one clinic, in line with what they should be.

    Raises Unavailable where the document is older than what others plan by; the event comes again.
    """
    if not bookings:
        return
    _refuse_older(document, store.hold_rules(bookings[0].clinic, document.revision, rules_of(document.document)))
    clinic = Clinic.from_document(document.document)
    references = [booking.reference for booking in bookings]
    waiting = {(each.source_event, each.recipient): each for each in store.waiting_reminders(references, desk.now)}
    changed = [message for booking in bookings for message in _changed_reminders(desk, booking, waiting, clinic)]
    store.plan_reminders(changed, desk.now)
    store.withdraw_reminders([each.id for each in waiting.values()], desk.now)


def _changed_reminders(
    desk: Desk, booking: Remembered, waiting: dict[tuple[str, str], Waiting], clinic: Clinic
) -> Iterator[Message]:
    """Yield the reminders to write or to change, and take what stays out of `waiting`.

    One that waits although its moment has passed (its sender is late) stays; none is made for a moment that has passed.
    """
    if booking.facts is None or booking.start <= desk.now:
        return
    appointment = appointment_of(booking, desk.keys.people.open(booking.facts))
    for wanted in wanted_reminders(booking, appointment, clinic):
        identity = reminder_id(booking.reference, booking.start, wanted.due.reminder)
        there = waiting.pop((identity, desk.recipient(wanted.to.channel, wanted.to.to)), None)
        due_at = wanted.due.at if wanted.due.at > desk.now else there and there.due_at
        if due_at and not (there and there.says(due_at, booking.version, clinic.time_zone)):
            content = compose(appointment, REMINDER, wanted.to, clinic, desk.links, desk.now)
            yield draft(
                desk, clinic, REMINDER, wanted.to, content,
                booking=booking.reference,
                booking_version=booking.version,
                source_event=identity,
                due_at=due_at,
                before=wanted.due.reminder.before,
            )  # fmt: skip


def off_plan(
    store: NotificationStore, desk: Desk, bookings: Sequence[Remembered], document: ClinicDocument
) -> set[str]:
    """Return which of a clinic's `bookings` have a reminder too few, one too many, or one for another moment."""
    clinic = Clinic.from_document(document.document)
    references = [booking.reference for booking in bookings]
    waiting = {(each.source_event, each.recipient): each for each in store.waiting_reminders(references, desk.now)}
    gone = store.gone_reminders(references, desk.now)
    changed = [message for booking in bookings for message in _changed_reminders(desk, booking, waiting, clinic)]
    missing = [each for each in changed if (each.source_event, each.recipient) not in gone]
    return {str(each.booking) for each in missing} | {each.booking for each in waiting.values()}


def _refuse_older(document: ClinicDocument, revision: int) -> None:
    if document.revision < revision:
        raise Unavailable.because("The clinic's document has changed at this moment.")
