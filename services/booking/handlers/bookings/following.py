"""What booking does when it hears of events, and what staff do with what came of them (DESIGN rule 3)."""

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from services.booking.handlers.desk import Desk
from services.booking.handlers.recording import record, record_delivery, watch
from services.booking.model import changes
from services.booking.model.bookings import Booking, is_reference
from services.booking.model.needs import Need
from services.booking.model.told import BookedPatient, Delivery, RecordTold
from shared.contracts.envelope import Event
from shared.contracts.errors import NotFound
from shared.contracts.patient import PATIENT_UPDATED
from shared.contracts.plain import plain
from shared.ids import is_id

if TYPE_CHECKING:
    from services.booking.store import BookingStore


def link_patient(desk: Desk, event: Event) -> None:
    """Set who a booking's patient is, once patient has made or found them; the first word stands.

    What staff booked for them is told where it may be told, as soon as staff confirm the record's mobile or email.
    """
    told = BookedPatient.read(event.data)
    links = told.booking is not None and is_reference(told.booking)
    of_staff = event.type == PATIENT_UPDATED and event.actor.get("kind") != "patient"  # patients confirm nothing
    if not links and not of_staff:
        return
    opened = desk.keys.people.open(told.person)
    record_told = RecordTold.read(opened)
    with desk.work() as store:
        linked = store.link_patient(event.clinic, str(told.booking), told.patient) if links else None
        if linked is not None and linked.patient_id == told.patient:
            _note_differences(store, linked, record_told.differs_from(desk.open_person(linked.person)))
        if of_staff and "unconfirmed" in opened:  # version 0.1.0 tells nothing of it, and so confirms nothing
            _follow_record(store, desk, event, told.patient, record_told)


def _follow_record(store: "BookingStore", desk: Desk, event: Event, patient: str, record_told: RecordTold) -> None:
    """Let a patient's bookings to come follow what staff have changed or confirmed of the record, once."""
    if not store.first_time("follow_confirmations", event, desk.now):
        return
    for booking in store.to_come(event.clinic, patient, desk.now):
        person = desk.open_person(booking.person)
        _note_differences(store, booking, record_told.differs_from(person))
        doubted = record_told.doubts(person)
        if booking.origin != "web" and person.patient is not None and doubted != person.unconfirmed:
            sealed = desk.keys.people.seal(plain(replace(person, unconfirmed=doubted)))
            record(store, desk, changes.confirm(booking, sealed, desk.rules(event.clinic)))


def _note_differences(store: "BookingStore", booking: Booking, differs: tuple[str, ...]) -> None:
    if differs != booking.contact_differs:
        store.note_differences(booking.reference, differs)


def keep_need(desk: Desk, event: Event) -> None:
    """Keep what patient tells of a need; what is older than what is known already changes nothing (PRODUCT B9)."""
    with desk.work() as store:
        store.keep_need(Need.from_event(event))


def note_delivery(desk: Desk, event: Event) -> None:
    """Note in a booking's history what became of a message, once; messages of no booking are no business of ours."""
    told = Delivery.read(event.data)
    if told.booking is None or not is_reference(told.booking):
        return
    with desk.work() as store:
        booking = store.booking(told.booking, for_change=True)
        if (
            booking is not None
            and booking.clinic == event.clinic
            and store.first_time("note_delivery", event, desk.now)
        ):
            record_delivery(store, desk, event, told, booking)


def watch_cancellation(desk: Desk, event: Event) -> None:
    """Put on the watch list what a patient cancelled by a process of version 0.1.0 (PRODUCT M5)."""
    with desk.work() as store:
        watch(store, event, desk.now)


def watch_done(desk: Desk, clinic: str, id: str) -> dict[str, Any]:
    """Tick an entry of the watch list off; ticking it twice is no mistake. Raises Forbidden or NotFound."""
    desk.rules(clinic)
    with desk.work() as store:
        reference = store.watched(clinic, id) if is_id(id) else None
        booking = None if reference is None else store.booking(reference)
        if booking is None:
            raise NotFound.because("There is no such entry on the watch list.")
        desk.require_calendar(booking.practitioner)
        store.tick_off(id, desk.actor.id, desk.now)
    return {"id": id, "done": True}
