"""What booking does when it hears of events, and what staff do with what came of them (DESIGN rule 3)."""

from datetime import datetime
from typing import Any

from services.booking.handlers.desk import Desk
from services.booking.handlers.recording import record_delivery
from services.booking.model.bookings import is_reference
from services.booking.model.needs import Need
from services.booking.model.told import BookedPatient, Delivery
from shared.contracts.envelope import Event
from shared.contracts.errors import NotFound
from shared.ids import is_id, new_id


def link_patient(desk: Desk, event: Event) -> None:
    """Set who a booking's patient is, once patient has made or found them; the first word stands."""
    told = BookedPatient.read(event.data)
    if told.booking is None or not is_reference(told.booking):
        return
    with desk.work() as store:
        store.link_patient(event.clinic, told.booking, told.patient)


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
    """Put a booking that its patient cancelled on the clinic's watch list, once (PRODUCT M5)."""
    if event.actor.get("kind") != "patient":
        return
    with desk.work() as store:
        if store.first_time("watch_cancellation", event, desk.now):
            store.watch(new_id(), event.clinic, event.subject, datetime.fromisoformat(event.time))


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
