"""The booking service as Nameko runs it."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import eventlet
from nameko.timer import timer

from services.booking import schemas
from services.booking.handlers.absences import colliding, offering, resolving
from services.booking.handlers.bookings import (
    attending,
    calendar,
    changing,
    checkpointing,
    erasing,
    exporting,
    following,
    hashing,
    reading,
    reconciling,
    retelling,
    retention,
    undoing,
    verifying,
)
from services.booking.handlers.desk import Desk
from services.booking.handlers.making import booking, holding, needing
from services.booking.handlers.moving_in import appointments
from services.booking.handlers.recalls import cards, listing, need_links, recalling
from services.booking.handlers.reporting import counting, noting, telling
from services.booking.model.listings import Listings
from services.booking.store import BookingStore, repeated_when_crossed
from shared.bus.events.consumer import consumes
from shared.bus.events.effects import Effect
from shared.bus.rpc import CurrentActor, ServiceClient, rpc
from shared.callers import ADMINISTRATOR, ANYBODY, HOUSE, LINK_OR_STAFF, PUBLIC, STAFF, TOOLS
from shared.contracts.booking import SERVICE
from shared.contracts.envelope import Event
from shared.contracts.reconciling import PATIENCE
from shared.desk import Keys
from shared.given import Changes, Configuration, Documents, FromSettings, Time, Work
from shared.incoming.fields import ReconcileSchema, RetentionSchema, checked
from shared.incoming.unread import Unread
from shared.retention.deleting import EVERY_SECONDS

_SWEEP_SECONDS = 20
_CHECKPOINT_SECONDS = 60


class BookingService:
    """Holds, bookings, and what happens to them."""

    name = SERVICE

    availability = ServiceClient("availability", timeout=3.0)
    patient = ServiceClient("patient", timeout=3.0)
    work = Work(SERVICE, BookingStore)
    documents = Documents()
    actor = CurrentActor()
    clock = Time()
    keys = FromSettings(Keys.from_settings)
    settings = Configuration()
    changes = Changes()
    listings = FromSettings(lambda _settings: Listings())

    @rpc(by=PUBLIC)
    def hold(self, clinic: str, **fields: Any) -> dict[str, Any]:
        """Keep a time while somebody fills in the form."""
        desk = self._desk()
        reader = schemas.staff_hold_request if desk.actor.is_staff else schemas.hold_request
        return holding.hold(desk, clinic, Unread(fields, reader))

    @rpc(by=PUBLIC)
    def release(self, hold: str) -> None:
        """Give a held time back."""
        holding.release(self._desk(), hold)

    @rpc(by=PUBLIC)
    def book(self, clinic: str, **fields: Any) -> dict[str, Any]:
        """Book a time."""
        desk = self._desk()
        key = fields.pop("idempotency_key", None)
        reader = schemas.staff_booking_request if desk.actor.is_staff else schemas.booking_request
        return booking.book(desk, clinic, Unread(fields, reader), key)

    @rpc(by=STAFF)
    def get(self, clinic: str, reference: str) -> dict[str, Any]:
        """Return one booking."""
        return reading.get(self._desk(), clinic, reference)

    @rpc(by=STAFF)
    def find(self, clinic: str, **query: Any) -> dict[str, Any]:
        """Return a page of bookings."""
        return reading.find(self._desk(), clinic, schemas.booking_query(query))

    @rpc(by=STAFF)
    def calendar(self, clinic: str, **query: Any) -> dict[str, Any]:
        """Return the bookings of some dates, little of each."""
        return calendar.calendar(self._desk(), clinic, schemas.calendar_query(query))

    @rpc(by=HOUSE)
    def calendar_feed(self, clinic: str, **query: Any) -> dict[str, Any]:
        """Return the bookings of a practitioner for calendar programs, the least of each."""
        return calendar.calendar_feed(self._desk(), clinic, schemas.feed_query(query))

    @rpc(by=PUBLIC)
    def days_for_need(self, clinic: str, **query: Any) -> dict[str, Any]:
        """Return how much is free on each date for who books with a need."""
        return needing.days_for_need(self._desk(), clinic, schemas.need_days(query))

    @rpc(by=PUBLIC)
    def slots_for_need(self, clinic: str, **query: Any) -> dict[str, Any]:
        """Return free times for who books with a need."""
        return needing.slots_for_need(self._desk(), clinic, schemas.need_slots(query))

    @rpc(by=PUBLIC)
    def open_link(self, token: str) -> dict[str, Any]:
        """Return the booking behind a personal link, and what may be done with it."""
        return reading.open_link(self._desk(), token)

    @rpc(by=PUBLIC)
    def slots_for(self, token: str, **query: Any) -> dict[str, Any]:
        """Return the times to which the booking behind a personal link may move."""
        return reading.slots_for(self._desk(), token, Unread(query, schemas.move_days))

    @rpc(by=LINK_OR_STAFF)
    def rebook(
        self, token: str | None = None, clinic: str | None = None, reference: str | None = None, **fields: Any
    ) -> dict[str, Any]:
        """Move a booking by its link, or change one as staff."""
        if token is not None:
            return changing.rebook_by_link(self._desk(), token, Unread(fields, schemas.move_request))
        named = schemas.named_booking(clinic, reference)
        return changing.rebook_by_staff(self._desk(), *named, Unread(fields, schemas.change_request))

    @rpc(by=LINK_OR_STAFF)
    def cancel(
        self, token: str | None = None, clinic: str | None = None, reference: str | None = None, **fields: Any
    ) -> dict[str, Any]:
        """Cancel a booking by its link, or as staff."""
        if token is not None:
            return changing.cancel_by_link(self._desk(), token, Unread(fields, schemas.cancel_request))
        named = schemas.named_booking(clinic, reference)
        return changing.cancel_by_staff(self._desk(), *named, Unread(fields, schemas.staff_cancel_request))

    @rpc(by=STAFF)
    def undo(self, clinic: str, reference: str, **fields: Any) -> dict[str, Any]:
        """Take back a move or cancellation of the last minute."""
        return undoing.undo(self._desk(), clinic, reference, Unread(fields, schemas.undo_request))

    @rpc(by=STAFF)
    def arrived(self, clinic: str, reference: str, **fields: Any) -> dict[str, Any]:
        """Note that the patient is there, or take that back."""
        return attending.arrived(self._desk(), clinic, reference, Unread(fields, schemas.happened))

    @rpc(by=STAFF)
    def mark_no_show(self, clinic: str, reference: str, **fields: Any) -> dict[str, Any]:
        """Note that the patient did not come, or take that back."""
        return attending.mark_no_show(self._desk(), clinic, reference, Unread(fields, schemas.happened))

    @rpc(by=STAFF)
    def note(self, clinic: str, reference: str, **fields: Any) -> dict[str, Any]:
        """Write what staff note for themselves of a booking."""
        return attending.note(self._desk(), clinic, reference, Unread(fields, schemas.note_request))

    @rpc(by=STAFF)
    def new_link(self, clinic: str, reference: str, **fields: Any) -> dict[str, Any]:
        """Make a booking's link void and return the new one."""
        return changing.new_link(self._desk(), clinic, reference, Unread(fields, schemas.new_link_request))

    @rpc(by=STAFF)
    def set_sms_reminder(self, clinic: str, reference: str, **fields: Any) -> dict[str, Any]:
        """Switch the SMS reminder of one booking on or off."""
        return changing.set_sms_reminder(self._desk(), clinic, reference, Unread(fields, schemas.sms_reminder))

    @rpc(by=PUBLIC)
    def my_bookings(self, clinic: str, **query: Any) -> dict[str, Any]:
        """Return a page of the bookings of who has logged in."""
        return reading.my_bookings(self._desk(), clinic, Unread(query, schemas.page))

    @rpc(by=STAFF)
    def recall(self, clinic: str, **fields: Any) -> dict[str, Any]:
        """Book a time for a patient and call them in."""
        return recalling.recall(self._desk(), clinic, schemas.recall_request(fields))

    @rpc(by=STAFF)
    def issue_recalls(self, clinic: str, **fields: Any) -> dict[str, Any]:
        """Send one recall, or all of a week."""
        return recalling.issue_recalls(self._desk(), clinic, schemas.issue_request(fields))

    @rpc(by=STAFF)
    def recalls(self, clinic: str, **query: Any) -> dict[str, Any]:
        """Return recalls as lists show them."""
        return listing.recalls(self._desk(), clinic, schemas.recalls_query(query))

    @rpc(by=STAFF)
    def recall_cards(self, clinic: str, **query: Any) -> dict[str, Any]:
        """Return what is printed on recall cards."""
        return cards.recall_cards(self._desk(), clinic, schemas.cards_request(query))

    @rpc(by=PUBLIC)
    def open_recall(self, **fields: Any) -> dict[str, Any]:
        """Return what a recall's code opens."""
        return cards.open_recall(self._desk(), schemas.typed_code(fields))

    @rpc(by=PUBLIC)
    def open_need(self, token: str) -> dict[str, Any]:
        """Return what a recall's link without a time is for."""
        return need_links.open_need(self._desk(), token)

    @rpc(by=STAFF)
    def watch_list(self, clinic: str, **query: Any) -> dict[str, Any]:
        """Return a page of the watch list."""
        return reading.watch_list(self._desk(), clinic, schemas.watch_list_query(query))

    @rpc(by=STAFF)
    def watch_list_count(self, clinic: str) -> dict[str, Any]:
        """Return how many entries of the watch list are open."""
        return reading.watch_list_count(self._desk(), clinic)

    @rpc(by=STAFF)
    def watch_done(self, clinic: str, id: str, **fields: Any) -> dict[str, Any]:
        """Tick an entry of the watch list off, or take that back."""
        done = following.watch_done(self._desk(), clinic, id, Unread(fields, schemas.happened))
        self.changes.beat({clinic})
        return done

    @rpc(by=STAFF)
    def history(self, clinic: str, reference: str, **query: Any) -> dict[str, Any]:
        """Return a page of a booking's history."""
        return reading.history(self._desk(), clinic, reference, Unread(query, schemas.history_page))

    @rpc(by=ADMINISTRATOR)
    def export(self, clinic: str, **asked: Any) -> dict[str, Any]:
        """Return a page of all that is held of one patient here."""
        return exporting.export(self._desk(), clinic, schemas.export_query(asked))

    @rpc(by=ADMINISTRATOR)
    def verify_history(self, clinic: str, **query: Any) -> dict[str, Any]:
        """Check that no history of a clinic was tampered with, or taken away: a page."""
        anchors = self.patient.in_own_name()
        return verifying.verify_history(self._desk(), anchors, clinic, Unread(query, schemas.verified_from))

    @rpc(by=ADMINISTRATOR)
    def report(self, clinic: str, **query: Any) -> dict[str, Any]:
        """Return what happened in a clinic's online booking."""
        return telling.report(self._desk(), clinic, schemas.report_query(query))

    @rpc(by=HOUSE)
    def note_online(self, clinic: str, **told: Any) -> None:
        """Count what a gateway has gathered of visits and refusals."""
        noting.note_online(self._desk(), clinic, schemas.gathered(told))

    @rpc(by=ADMINISTRATOR)
    def import_bookings(self, clinic: str, **batch: Any) -> dict[str, Any]:
        """Take appointments over from the former system."""
        return appointments.import_bookings(self._desk(), clinic, schemas.imported_bookings(batch))

    @rpc(by=ADMINISTRATOR)
    def collisions(self, clinic: str, **query: Any) -> list[dict[str, Any]]:
        """Return the bookings that a stretch of time collides with, as version 0.1.0 asks for them."""
        return colliding.collisions(self._desk(), clinic, schemas.stretch(query))

    @rpc(by=HOUSE)
    def find_collisions(self, clinic: str, **query: Any) -> dict[str, Any]:
        """Return a page of the bookings that stretches of time collide with."""
        return colliding.find_collisions(self._desk(), clinic, schemas.collision_search(query))

    @rpc(by=STAFF)
    def collision_times(self, clinic: str, absence: str, **query: Any) -> dict[str, Any]:
        """Return a page of what stands in the way of an absence, each with times to move it to."""
        return offering.collision_times(self._desk(), clinic, absence, schemas.collision_times_page(query))

    @rpc(by=STAFF)
    def resolve_collisions(self, clinic: str, absence: str, **fields: Any) -> dict[str, Any]:
        """Move what stands in the way of an absence, or let its patients choose another time."""
        resolved = resolving.resolve_collisions(self._desk(), clinic, absence, schemas.resolve_request(fields))
        self.changes.beat({clinic})  # of what only went onto the watch list nothing else tells
        return resolved

    @rpc(by=HOUSE)
    def seen_since(self, clinic: str, **which: Any) -> dict[str, Any]:
        """Return which of some patients were there since a moment, or are to come."""
        return retention.seen_since(self._desk(), clinic, schemas.patients_since(which))

    @rpc(by=ADMINISTRATOR)
    def retention(self, clinic: str, **periods: Any) -> dict[str, Any]:
        """Return what of old bookings periods would delete, and what they have deleted."""
        return retention.retention(self._desk(), clinic, checked(RetentionSchema(), periods))

    @rpc(by=HOUSE)
    def treated(self, clinic: str, **which: Any) -> dict[str, Any]:
        """Return which of some patients a practitioner has or had bookings with, or is to see by a need."""
        return reading.treated(self._desk(), clinic, schemas.treated_patients(which))

    @rpc(by=HOUSE)
    def states(self, clinic: str, **which: Any) -> dict[str, Any]:
        """Return a page of bookings told again."""
        return retelling.states(self._desk(), clinic, checked(ReconcileSchema(), which))

    @rpc(by=TOOLS)
    def reconcile(self, clinic: str, **asked: Any) -> dict[str, Any]:
        """Compare what is kept of bookings with the bookings."""
        return reconciling.reconcile(self._desk(), clinic, checked(ReconcileSchema(), asked))

    @rpc(by=TOOLS)
    def reconcile_needs(self, clinic: str, **asked: Any) -> dict[str, Any]:
        """Compare the copy of needs with what patient says."""
        needs = self.patient.in_own_name().with_timeout(PATIENCE)
        return reconciling.reconcile_needs(self._desk(), needs, clinic, checked(ReconcileSchema(), asked))

    @rpc(by=ANYBODY)
    def ping(self) -> str:
        """Say that the service answers."""
        return "pong"

    @timer(interval=_SWEEP_SECONDS)
    def release_expired_holds(self) -> None:
        """Give back the time of holds that the clock has ended, and forget what is long over."""
        holding.sweep(self._desk())
        undoing.forget(self._desk())

    @timer(interval=_CHECKPOINT_SECONDS)
    def checkpoint_histories(self) -> None:
        """Cover what has grown of histories by checkpoints."""
        while checkpointing.checkpoint(self._desk()):
            eventlet.sleep(0)

    @timer(interval=_SWEEP_SECONDS)
    def catch_up(self) -> None:
        """Let bookings of version 0.1.0 be found by the mobile typed in them, and count what the report missed."""
        while hashing.hash_typed(self._desk()) or counting.count_earlier(self._desk()):
            eventlet.sleep(0)

    @timer(interval=EVERY_SECONDS)
    def delete_old(self) -> None:
        """Delete what is older than clinics keep it."""
        retention.delete_old(self._desk(), self.availability.in_own_name().clinics(), eventlet.sleep)

    @consumes("patient", "PatientCreated", known_as="follow_confirmations")
    @consumes("patient", "PatientUpdated", known_as="follow_confirmations")
    def link_patient(self, events: Sequence[Event]) -> Effect[Any]:
        """Link bookings and their patients."""
        return following.link_patients(self._desk(), events)

    @consumes("patient", "PatientErased")
    def forget_patient(self, events: Sequence[Event]) -> Effect[Any]:
        """Take erased patients out of their bookings."""
        return erasing.forget_patients(self._desk(), events)

    @consumes("patient", "NeedAdded", by_version=True)
    @consumes("patient", "NeedClosed", by_version=True)
    def keep_need(self, events: Sequence[Event]) -> Effect[Any]:
        """Keep what patient tells of needs."""
        return following.keep_needs(events)

    @consumes("notification", "MessageSent")
    @consumes("notification", "MessageFailed")
    def note_delivery(self, events: Sequence[Event]) -> Effect[Any]:
        """Note in bookings' histories what became of messages."""
        effect = following.note_deliveries(self._desk(), events)
        clinics = {event.clinic for event in events}
        return replace(effect, afterwards=lambda _: self.changes.beat(clinics))

    @consumes("booking", "BookingCancelled")
    def watch_cancellation(self, events: Sequence[Event]) -> Effect[Any]:
        """Put on the watch list what patients cancelled by a process of version 0.1.0; goes with the next version."""
        return following.watch_cancellations(events)

    @consumes("booking", "BookingCreated", by_version=True)
    @consumes("booking", "BookingMoved", by_version=True)
    @consumes("booking", "BookingChanged", by_version=True)
    @consumes("booking", "BookingCancelled", by_version=True)
    @consumes("booking", "BookingMissed", by_version=True)
    @consumes("booking", "BookingRestored", by_version=True)
    def count_change(self, events: Sequence[Event]) -> Effect[Any]:
        """Count changes of bookings in the report."""
        return counting.count_changes(self._desk(), events)

    def _desk(self) -> Desk:
        """Return the call's surroundings; others are asked in booking's own name, after it has checked who acts."""
        return Desk(
            actor=self.actor.get(),
            correlation_id=self.actor.correlation_id,
            now=self.clock.now(),
            work=self.work,
            transaction=lambda attempt: repeated_when_crossed(self.work, attempt),
            documents=self.documents,
            availability=self.availability.in_own_name(),
            patients=self.patient.in_own_name(),
            patients_as_asked=self.patient,
            keys=self.keys,
            listings=self.listings,
            test_numbers=self.settings.accept_test_numbers,
        )
