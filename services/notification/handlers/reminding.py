"""Plans reminders: as bookings, patients' switches and clinics' documents change (PRODUCT N3, N6).

Planning is the same whatever happened: what a booking should have by now is compared with what is planned. So it may
be done as often as one likes. `due_reminders` looks again when a reminder is due.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import partial
from typing import TYPE_CHECKING, Any, TypeVar

from services.notification.handlers.drafting import draft
from services.notification.model.clinic import Clinic
from services.notification.model.messages import Appointment, Message, appointment_booked
from services.notification.model.remembered import (
    Consent,
    Remembered,
    appointment_of,
    facts_of,
    wanted_reminders,
)
from services.notification.model.reminder_ids import reminder_id
from services.notification.model.told import (
    BookingTold,
    ConsentTold,
    DocumentTold,
    PatientTold,
    PersonTold,
)
from services.notification.wording.compose import compose
from shared.bus.events.effects import Effect
from shared.clinic.message_keys import REMINDER
from shared.clinic.sms_countries import sms_countries
from shared.contracts.errors import Unavailable

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from services.notification.handlers.desk import Desk
    from services.notification.store import NotificationStore
    from services.notification.store.reminder_rows import Waiting
    from shared.clinic_documents import ClinicDocument
    from shared.contracts.envelope import Event

Told = TypeVar("Told")

NO_CAUSES: Mapping[str, str] = {}

BATCH = 50
"""How many bookings are planned anew in one transaction when a clinic's document changes."""


def rules_of(document: Mapping[str, Any]) -> str:
    """Return what of a document decides whether and when reminders go out, as text to compare."""
    kept = {key: document[key] for key in ("reminders", "quiet_hours", "time_zone")}
    return json.dumps({**kept, "sms_countries": sorted(sms_countries(document))}, sort_keys=True)


@dataclass(frozen=True)
class Followed:
    """A booking's event as reminders follow it: its newest state, made ready before the transaction.

    `planned` are the reminders of a booking of which this is the first state, as far as its patient's record lets them.
    """

    newest: Remembered
    told: BookingTold
    person: PersonTold
    document: ClinicDocument
    correlation_id: str
    planned: Sequence[Message] = ()

    @property
    def is_first(self) -> bool:
        """Whether nothing can have been known of the booking before."""
        return self.newest.version == 1


def followed(desk: Desk, event: Event, document: ClinicDocument) -> Followed:
    """Return what reminders follow of a booking's event."""
    told = BookingTold.read(event.data)
    person = PersonTold.read(desk.keys.people.open(told.person))
    facts = facts_of(told, person) if told.is_reminded_of else None
    newest = Remembered(
        reference=event.subject,
        clinic=event.clinic,
        version=event.subject_version,
        start=told.start,
        sms_reminder=told.sms_reminder,
        facts=desk.keys.people.seal(facts) if facts else None,
    )
    follow = Followed(newest, told, person, document, event.correlation_id)
    clinic = document.as_read(Clinic.from_document)
    if not (follow.is_first and facts and clinic.reminders):
        return follow
    appointment = appointment_booked(newest.reference, newest.version, told, person)
    return replace(follow, planned=list(_reminders(desk.because_of(event), newest, appointment, {}, clinic)))


def in_turns(told: Iterable[Told], subject_of: Callable[[Told], str]) -> Iterator[list[Told]]:
    """Yield what was told in turns, in each of which every booking or patient comes once; all in their order."""
    waiting = list(told)
    while waiting:
        turn: dict[str, Told] = {}
        later = [each for each in waiting if turn.setdefault(subject_of(each), each) is not each]
        yield list(turn.values())
        waiting = later


def follow_bookings(store: NotificationStore, desk: Desk, bookings: Sequence[Followed], *, anew: bool = False) -> None:
    """Plan, move or withdraw bookings' reminders, each of one booking, in any order and however often events come.

    `anew`: what was known of them before has been forgotten, but not what was planned by it.
    """
    store.note_patients({each.newest.reference: each.person.patient for each in bookings if each.person.patient})
    revisions = store.remember([each.newest for each in bookings])
    news = [each for each in bookings if each.newest.reference in revisions]
    changed = {each.newest.reference: each.correlation_id for each in news if anew or not each.is_first}
    known = _with_consents(store, [each.newest for each in news if each.planned or each.newest.reference in changed])
    for clinic, theirs in _by_clinic(news):
        document = theirs[0].document
        _hold_rules(store, clinic, document, revisions[theirs[0].newest.reference])
        first = [each for each in theirs if each.newest.reference not in changed]
        planned = [(known[each.newest.reference], reminder) for each in first for reminder in each.planned]
        store.plan_reminders([reminder for booking, reminder in planned if booking.allows(reminder.channel)], desk.now)
        others = [known[each.newest.reference] for each in theirs if each.newest.reference in changed]
        _plan(store, desk, others, document, changed)


def _with_consents(store: NotificationStore, newest: Sequence[Remembered]) -> dict[str, Remembered]:
    """Return bookings by reference, with what is known of their patients' switches."""
    said = store.consents_for([each.reference for each in newest])
    return {each.reference: replace(each, consent=said[each.reference]) for each in newest}


def _by_clinic(bookings: Iterable[Followed]) -> list[tuple[str, list[Followed]]]:
    """Return bookings by clinic, in the order in which what they are planned by is held."""
    found: dict[str, list[Followed]] = defaultdict(list)
    for each in bookings:
        found[each.newest.clinic].append(each)
    return sorted(found.items())


def follow_ended_bookings(desk: Desk, events: Sequence[Event]) -> Effect[Followed]:
    """Withdraw what is planned for bookings of which nobody is told anything: such as were missed."""
    return Effect(desk.made_ready(events, partial(followed, desk)), partial(_follow_ended, desk))


def _follow_ended(desk: Desk, store: NotificationStore, prepared: Sequence[Followed]) -> None:
    for once in in_turns(prepared, lambda each: each.newest.reference):
        follow_bookings(store, desk, once)


@dataclass(frozen=True)
class Record:
    """What an event tells of a patient's record, and the document that their bookings' reminders are planned by."""

    event: Event
    booking: str | None
    consent: Consent
    document: ClinicDocument


def follow_patients(desk: Desk, events: Sequence[Event]) -> Effect[Record]:
    """Note what patients' records say of messages, and plan their bookings' reminders by it (N3, B18a).

    Most events only say whose booking it is: where the record refuses nothing, and did not before, all is planned.
    """
    return Effect(desk.made_ready(events, partial(_record, desk)), partial(_follow, desk))


def _record(desk: Desk, event: Event, document: ClinicDocument) -> Record:
    told = PatientTold.read(event.data)
    said = ConsentTold.read(desk.keys.people.open(told.person))
    return Record(event, told.booking, Consent(told.sms_reminder, said.sms_ok, said.email_ok), document)


def _follow(desk: Desk, store: NotificationStore, records: Sequence[Record]) -> None:
    for once in in_turns(records, lambda record: record.event.subject):
        store.note_patients({each.booking: each.event.subject for each in once if each.booking})
        told = {each.event.subject: (each.event.subject_version, each.consent) for each in once}
        news = store.note_consents(told)
        known = store.consents_of([each.event.subject for each in once if each.event.subject not in news])
        for each in once:
            patient = each.event.subject
            is_news = patient in news and each.event.subject_version != 1
            if is_news or not known.get(patient, each.consent).refuses_nothing:
                theirs = store.bookings_of_patients([patient], desk.now)
                if theirs:
                    _hold_rules(store, theirs[0].clinic, each.document)
                _plan(store, desk.because_of(each.event), theirs, each.document)


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


def _hold_rules(store: NotificationStore, clinic: str, document: ClinicDocument, held: int | None = None) -> None:
    """See to it that nobody plans by another document until the commit; `held` is the revision that this is known of.

    Raises Unavailable where the document is older than what others plan by; the event comes again.
    """
    if held is None:
        held = store.hold_rules(clinic, document.revision, document.as_read(rules_of))
    _refuse_older(document, held)


def _plan(
    store: NotificationStore,
    desk: Desk,
    bookings: Sequence[Remembered],
    document: ClinicDocument,
    causes: Mapping[str, str] = NO_CAUSES,
) -> None:
    """Bring the planned reminders of `bookings`, all of one clinic whose rules are held, in line with what is wanted.

    `causes` are the correlation ids of what has changed them, by booking, where it is not the desk's.
    """
    if not bookings:
        return
    clinic = document.as_read(Clinic.from_document)
    references = [booking.reference for booking in bookings]
    waiting = {(each.source_event, each.recipient): each for each in store.waiting_reminders(references, desk.now)}
    changed: list[Message] = []
    for booking in bookings:
        caused = replace(desk, correlation_id=causes.get(booking.reference, desk.correlation_id))
        changed += _changed_reminders(caused, booking, waiting, clinic)
    store.plan_reminders(changed, desk.now)
    store.withdraw_reminders([each.id for each in waiting.values()], desk.now)


def _changed_reminders(
    desk: Desk, booking: Remembered, waiting: dict[tuple[str, str], Waiting], clinic: Clinic
) -> Iterator[Message]:
    """Yield the reminders to write or to change, and take what stays out of `waiting`.

    One that waits although its moment has passed (its sender is late) stays; none is made for a moment that has passed.
    """
    if booking.facts is not None and booking.start > desk.now and clinic.reminders:
        appointment = appointment_of(booking, desk.keys.people.open(booking.facts))
        yield from _reminders(desk, booking, appointment, waiting, clinic)


def _reminders(
    desk: Desk,
    booking: Remembered,
    appointment: Appointment,
    waiting: dict[tuple[str, str], Waiting],
    clinic: Clinic,
) -> Iterator[Message]:
    """Yield the same of a booking that stands, as `appointment` tells of it."""
    for wanted in wanted_reminders(booking, appointment, clinic):
        identity = reminder_id(booking.reference, booking.start, wanted.due.reminder)
        known_by = desk.recipients(wanted.to.channel, wanted.to.to)
        recipient = next((each for each in known_by if (identity, each) in waiting), known_by[0])
        there = waiting.pop((identity, recipient), None)
        due_at = wanted.due.at if wanted.due.at > desk.now else there and there.due_at
        if due_at and not (there and there.says(due_at, booking.version, clinic.time_zone)):
            content = compose(appointment, REMINDER, wanted.to, clinic, desk.links, desk.now)
            yield draft(
                desk, clinic, REMINDER, wanted.to, content,
                booking=booking.reference,
                booking_version=booking.version,
                source_event=identity,
                recipient=recipient,
                due_at=due_at,
                before=wanted.due.reminder.before,
            ).message  # fmt: skip


def off_plan(
    store: NotificationStore, desk: Desk, bookings: Sequence[Remembered], document: ClinicDocument
) -> set[str]:
    """Return which of a clinic's `bookings` have a reminder too few, one too many, or one for another moment."""
    clinic = document.as_read(Clinic.from_document)
    references = [booking.reference for booking in bookings]
    waiting = {(each.source_event, each.recipient): each for each in store.waiting_reminders(references, desk.now)}
    gone = store.gone_reminders(references, desk.now)
    changed = [message for booking in bookings for message in _changed_reminders(desk, booking, waiting, clinic)]
    missing = [each for each in changed if (each.source_event, each.recipient) not in gone]
    return {str(each.booking) for each in missing} | {each.booking for each in waiting.values()}


def _refuse_older(document: ClinicDocument, revision: int) -> None:
    if document.revision < revision:
        raise Unavailable.because("The clinic's document has changed at this moment.")
