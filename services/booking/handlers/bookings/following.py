"""What booking does when it hears of events, and what staff do with what came of them (DESIGN rule 3)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import TYPE_CHECKING, Any

from services.booking.handlers.bookings.erasing import forget_late
from services.booking.handlers.desk import Desk
from services.booking.handlers.recording import append, delivery_entry, is_watched, put_on_watch_list, record
from services.booking.model import changes
from services.booking.model.bookings import Link, is_reference
from services.booking.model.clinic_rules import ClinicRules
from services.booking.model.needs import Need
from services.booking.model.told import BookedPatient, Delivery, RecordTold
from shared.bus.events.effects import Effect
from shared.contracts.envelope import Event
from shared.contracts.errors import NotFound
from shared.contracts.patient import PATIENT_UPDATED
from shared.contracts.plain import plain
from shared.ids import is_id
from shared.incoming.unread import Unread

if TYPE_CHECKING:
    from services.booking.store import BookingStore


@dataclass(frozen=True)
class Linking:
    """What patient tells of a patient: whose booking it is, and what staff changed or confirmed of the record."""

    event: Event
    told: BookedPatient
    record: RecordTold
    links: bool
    rules: ClinicRules | None
    """The clinic's, where bookings to come follow the record."""


def link_patients(desk: Desk, events: Sequence[Event]) -> Effect[Linking]:
    """Set who bookings' patients are, once patient has made or found them; the first word stands.

    What staff booked for them is told where it may be told, as soon as staff confirm the record's mobile or email.
    """
    read = ((event, _linking(desk, event)) for event in events)
    return Effect([(event, linking) for event, linking in read if linking is not None], partial(_link, desk))


def _linking(desk: Desk, event: Event) -> Linking | None:
    told = BookedPatient.read(event.data)
    links = told.booking is not None and is_reference(told.booking)
    of_staff = event.type == PATIENT_UPDATED and event.actor.get("kind") != "patient"  # patients confirm nothing
    if not links and not of_staff:
        return None
    opened = desk.keys.people.open(told.person)
    follows = of_staff and "unconfirmed" in opened  # version 0.1.0 tells nothing of it, and so confirms nothing
    return Linking(event, told, RecordTold.read(opened), links, desk.rules(event.clinic) if follows else None)


def _link(desk: Desk, store: "BookingStore", told: list[Linking]) -> None:
    """Link all that there is to link, and follow each changed record when what came before it is linked."""
    waiting: list[Linking] = []
    for each in told:
        if each.links:
            waiting.append(each)
        if each.rules is not None:
            _link_all(desk, store, waiting)
            waiting.clear()
            _follow_record(store, desk.because_of(each.event), each, each.rules)
    _link_all(desk, store, waiting)


def _link_all(desk: Desk, store: "BookingStore", linking: list[Linking]) -> None:
    """Link bookings and patients; whoever is erased meanwhile waits for that, or is erased already."""
    store.one_at_a_time({each.told.patient for each in linking})
    known = store.links_to_change({str(each.told.booking) for each in linking})
    links = dict(known)
    for each in linking:
        link = links.get(str(each.told.booking))
        if link is None or link.clinic != each.event.clinic or link.patient not in {None, each.told.patient}:
            continue
        differs = each.record.differs_from(desk.open_person(link.person))
        links[link.reference] = replace(link, patient=each.told.patient, differs=differs)
    changed = {reference: link for reference, link in links.items() if link != known[reference]}
    store.set_links(changed.values())
    _forget_erased(desk, store, linking, changed)


def _forget_erased(desk: Desk, store: "BookingStore", linking: list[Linking], changed: Mapping[str, Link]) -> None:
    """Take those out of their bookings whose record was erased before it was known here whose these are."""
    erased = store.erased_among({str(link.patient) for link in changed.values()}) if changed else set()
    for each in linking:
        if each.told.patient in erased and each.told.booking in changed:
            forget_late(desk, store, each.event, [str(each.told.booking)])


def _follow_record(store: "BookingStore", desk: Desk, told: Linking, rules: ClinicRules) -> None:
    """Let a patient's bookings to come follow what staff have changed or confirmed of the record."""
    for booking in store.to_come(told.event.clinic, told.told.patient, desk.now):
        person = desk.open_person(booking.person)
        if (differs := told.record.differs_from(person)) != booking.contact_differs:
            store.note_differences(booking.reference, differs)
            booking = replace(booking, contact_differs=differs)
        doubted = told.record.doubts(person)
        if booking.origin != "web" and person.patient is not None and doubted != person.unconfirmed:
            sealed = desk.keys.people.seal(plain(replace(person, unconfirmed=doubted)))
            record(store, desk, changes.confirm(booking, sealed, rules))


def keep_needs(events: Sequence[Event]) -> Effect[Need]:
    """Keep what patient tells of needs; what is older than what is known already changes nothing (PRODUCT B9).

    Nor does what comes late of an erased patient's (A3): nobody is called in any more.
    """
    return Effect([(event, Need.from_event(event)) for event in events], _keep_needs)


def _keep_needs(store: "BookingStore", needs: list[Need]) -> None:
    patients = {need.patient for need in needs}
    store.one_at_a_time(patients)
    erased = store.erased_among(patients)
    store.keep_needs(need for need in needs if need.patient not in erased)


def note_deliveries(desk: Desk, events: Sequence[Event]) -> Effect[tuple[Event, Delivery]]:
    """Note in bookings' histories what became of messages; messages of no booking are no business of ours."""
    told = [(event, (event, Delivery.read(event.data))) for event in events]
    ours = [(event, each) for event, each in told if each[1].booking is not None and is_reference(each[1].booking)]
    return Effect(ours, partial(_note_deliveries, desk))


def _note_deliveries(desk: Desk, store: "BookingStore", told: list[tuple[Event, Delivery]]) -> None:
    endings = store.endings_to_change({str(delivery.booking) for _, delivery in told})
    entries, heard = [], set()
    for event, delivery in told:
        ending = endings.get(str(delivery.booking))
        if ending is not None and ending.clinic == event.clinic:
            entries.append(entry := delivery_entry(desk, event, delivery, ending))
            endings[entry.booking] = replace(ending, head=entry.head)
            if delivery.tells_patient_of(ending.not_told):
                heard.add(entry.booking)
    append(store, entries)
    store.note_told(heard)


def watch_cancellations(events: Sequence[Event]) -> Effect[Event]:
    """Put on the watch list what patients cancelled by a process of version 0.1.0 (PRODUCT M5)."""

    def watch_all(store: "BookingStore", cancelled: list[Event]) -> None:
        for event in cancelled:
            put_on_watch_list(store, event)

    return Effect([(event, event) for event in events if is_watched(event)], watch_all)


def watch_done(desk: Desk, clinic: str, id: str, unread: Unread[bool]) -> dict[str, Any]:
    """Tick an entry of the watch list off, or take that back; doing so twice is no mistake.

    Raises Forbidden, NotFound or Invalid.
    """
    desk.rules(clinic)
    with desk.work() as store:
        reference = store.watched(clinic, id) if is_id(id) else None
        booking = None if reference is None else store.booking(reference)
        if booking is None:
            raise NotFound.because("There is no such entry on the watch list.")
        desk.require_calendar(booking.practitioner)
        on = unread.read()
        if on:
            store.tick_off(id, desk.actor.id, desk.now)
        else:
            store.untick(id)
    return {"id": id, "done": on}
