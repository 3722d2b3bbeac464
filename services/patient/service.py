"""The patient service as Nameko runs it."""

from collections.abc import Sequence
from typing import Any

import eventlet
from nameko.timer import timer

from services.patient import schemas
from services.patient.handlers import (
    adding,
    anchors,
    erasing,
    exporting,
    following,
    needs,
    openings,
    people,
    reconciling,
    records,
    retelling,
)
from services.patient.handlers.desk import Desk, Keys
from services.patient.handlers.moving_in import needs as needs_moving_in
from services.patient.handlers.moving_in import patients as patients_moving_in
from services.patient.handlers.moving_in import resolving
from services.patient.handlers.rights import retention
from services.patient.store import PatientStore
from shared.bus.events.consumer import consumes
from shared.bus.events.effects import Effect
from shared.bus.rpc import CurrentActor, ServiceClient, rpc
from shared.callers import ADMINISTRATOR, ANYBODY, HOUSE, PUBLIC, STAFF, TOOLS
from shared.contracts.envelope import Event
from shared.contracts.patient import SERVICE
from shared.contracts.reconciling import PATIENCE
from shared.given import Configuration, Documents, FromSettings, Time, Work
from shared.incoming.batches import WhosSchema, batch_read
from shared.incoming.fields import ReconcileSchema, RetentionSchema, checked
from shared.incoming.unread import Unread
from shared.retention.deleting import EVERY_SECONDS

_RETELL_SECONDS = 20
_RETOLD_AT_A_TIME = 20
"""Batches within that time: what happens meanwhile is told behind no more than these."""


class PatientService:
    """Who the clinics' patients are."""

    name = SERVICE

    work = Work(SERVICE, PatientStore)
    booking = ServiceClient("booking", timeout=PATIENCE)
    availability = ServiceClient("availability", timeout=PATIENCE)
    documents = Documents()
    actor = CurrentActor()
    clock = Time()
    keys = FromSettings(Keys.from_settings)
    settings = Configuration()

    @rpc(by=STAFF)
    def identify(self, clinic: str, **fields: Any) -> dict[str, Any]:
        """Say whether the clinic knows a person."""
        return records.identify(self._desk(), clinic, checked(schemas.IdentifySchema(), fields))

    @rpc(by=HOUSE)
    def of_login(self, clinic: str, **proven: Any) -> dict[str, Any]:
        """Return the ids of the patients that a login means."""
        return records.of_login(self._desk(), clinic, checked(schemas.OfLoginSchema(), proven))

    @rpc(by=PUBLIC)
    def people(self, clinic: str) -> dict[str, Any]:
        """Return the people whose telephone a login has proven, or whose recall it is."""
        return people.people(self._desk(), clinic)

    @rpc(by=HOUSE)
    def person(self, clinic: str, **asked: Any) -> dict[str, Any]:
        """Return what a booking takes from the record of one of these people."""
        return people.person(self._desk(), clinic, checked(schemas.PersonSchema(), asked))

    @rpc(by=STAFF)
    def find(self, clinic: str, **query: Any) -> dict[str, Any]:
        """Return a page of the patients that `q` finds, or those that are named."""
        return records.find(self._desk(), clinic, checked(schemas.FindSchema(), query))

    @rpc(by=STAFF)
    def get(self, clinic: str, id: str) -> dict[str, Any]:
        """Return one patient."""
        return records.get(self._desk(), clinic, id)

    @rpc(by=STAFF)
    def add(self, clinic: str, **fields: Any) -> dict[str, Any]:
        """Make a patient's record and return it."""
        return adding.add(self._desk(), clinic, checked(schemas.AddSchema(), fields))

    @rpc(by=STAFF)
    def update(self, clinic: str, id: str, **changes: Any) -> dict[str, Any]:
        """Change one patient and return them."""
        return records.update(self._desk(), clinic, id, checked(schemas.UpdateSchema(), changes))

    @rpc(by=ADMINISTRATOR)
    def import_patients(self, clinic: str, **batch: Any) -> dict[str, Any]:
        """Take patients over from the former system."""
        read = batch_read(batch, schemas.ImportedPatientSchema())
        return patients_moving_in.import_patients(self._desk(), clinic, read)

    @rpc(by=ADMINISTRATOR)
    def import_needs(self, clinic: str, **batch: Any) -> dict[str, Any]:
        """Take needs over from the former system."""
        return needs_moving_in.import_needs(self._desk(), clinic, batch_read(batch, schemas.ImportedNeedSchema()))

    @rpc(by=HOUSE)
    def resolve_imported(self, clinic: str, **asked: Any) -> dict[str, Any]:
        """Return whom lines of the former system's appointments are of."""
        return resolving.resolve_imported(self._desk(), clinic, checked(WhosSchema(), asked)["whos"])

    @rpc(by=HOUSE)
    def note_opening(self, clinic: str, **told: Any) -> None:
        """Write that somebody is about to see a booking."""
        openings.note_opening(self._desk(), clinic, checked(schemas.OpeningSchema(), told))

    @rpc(by=ADMINISTRATOR)
    def export(self, clinic: str, id: str) -> dict[str, Any]:
        """Return all that is held of one patient here."""
        return exporting.export(self._desk(), clinic, id)

    @rpc(by=ADMINISTRATOR)
    def erase(self, clinic: str, id: str, **fields: Any) -> dict[str, Any]:
        """Erase one patient, here and by everybody who holds anything of them."""
        return erasing.erase(self._desk(), clinic, id, **checked(schemas.EraseSchema(), fields))

    @rpc(by=ADMINISTRATOR)
    def erasure(self, clinic: str, id: str) -> dict[str, Any]:
        """Return how far the erasure of a patient is."""
        return erasing.erasure(self._desk(), clinic, id)

    @rpc(by=ADMINISTRATOR)
    def access_log(self, clinic: str, **query: Any) -> dict[str, Any]:
        """Return a page of who has opened whose record."""
        return openings.access_log(self._desk(), clinic, checked(schemas.AccessLogSchema(), query))

    @rpc(by=ADMINISTRATOR)
    def retention(self, clinic: str, **periods: Any) -> dict[str, Any]:
        """Return what of records, needs and access log periods would delete, and what they have deleted."""
        return retention.retention(self._desk(), clinic, checked(RetentionSchema(), periods))

    @rpc(by=HOUSE)
    def history_anchors(self, clinic: str) -> dict[str, Any]:
        """Return what is kept of the checkpoints over a clinic's histories."""
        return anchors.history_anchors(self._desk(), clinic)

    @rpc(by=PUBLIC)
    def needs(self, clinic: str, **query: Any) -> dict[str, Any]:
        """Return a page of needs: to patients those that they may book with."""
        desk = self._desk()
        if desk.actor.is_staff:
            return needs.needs(desk, clinic, checked(schemas.NeedsSchema(), query))
        return needs.own_needs(desk, clinic, Unread(query, lambda sent: checked(schemas.OwnNeedsSchema(), sent)))

    @rpc(by=STAFF)
    def add_need(self, clinic: str, **fields: Any) -> dict[str, Any]:
        """Give a patient a need."""
        return needs.add_need(self._desk(), clinic, checked(schemas.NeedSchema(), fields))

    @rpc(by=STAFF)
    def close_need(self, clinic: str, id: str) -> dict[str, Any]:
        """Take a need back."""
        return needs.close_need(self._desk(), clinic, id)

    @rpc(by=HOUSE)
    def need_states(self, clinic: str, **which: Any) -> dict[str, Any]:
        """Return a page of needs told again."""
        return reconciling.need_states(self._desk(), clinic, checked(ReconcileSchema(), which))

    @rpc(by=TOOLS)
    def reconcile(self, clinic: str, **asked: Any) -> dict[str, Any]:
        """Compare patients and uses of needs with what booking says."""
        bookings = self.booking.in_own_name()
        return reconciling.reconcile(self._desk(), bookings, clinic, checked(ReconcileSchema(), asked))

    @rpc(by=TOOLS)
    def reconcile_unknown(self, clinic: str, **asked: Any) -> dict[str, Any]:
        """Find what is held of bookings that booking does not have."""
        bookings = self.booking.in_own_name()
        return reconciling.reconcile_unknown(self._desk(), bookings, clinic, checked(ReconcileSchema(), asked))

    @rpc(by=ANYBODY)
    def ping(self) -> str:
        """Say that the service answers."""
        return "pong"

    @timer(interval=EVERY_SECONDS)
    def delete_old(self) -> None:
        """Delete what is older than clinics keep it."""
        retention.delete_old(self._desk(), self.availability.in_own_name().clinics(), eventlet.sleep)

    @timer(interval=_RETELL_SECONDS)
    def tell_doubts(self) -> None:
        """Tell of records of version 0.1.0 what of them is unconfirmed."""
        desk = self._desk()
        for _ in range(_RETOLD_AT_A_TIME):
            if not retelling.tell_doubts(desk):
                break
            eventlet.sleep(0)

    @consumes("booking", "BookingCreated")
    def create_or_fill(self, events: Sequence[Event]) -> Effect[Any]:
        """Make new bookings' patients, or fill in the known ones."""
        return following.create_or_fill(self._desk(), events)

    @consumes("booking", "BookingCreated", by_version=True)
    @consumes("booking", "BookingMoved", by_version=True)
    @consumes("booking", "BookingChanged", by_version=True)
    @consumes("booking", "BookingCancelled", by_version=True)
    @consumes("booking", "BookingMissed", by_version=True)
    @consumes("booking", "BookingRestored", by_version=True)
    def note_use_of_need(self, events: Sequence[Event]) -> Effect[Any]:
        """Note which bookings use needs."""
        return following.note_uses(events)

    @consumes("booking", "BookingsErased")
    def note_bookings_erased(self, events: Sequence[Event]) -> Effect[Any]:
        """Note that booking holds nothing of patients any more."""
        return erasing.note_bookings_erased(self._desk(), events)

    @consumes("notification", "MessagesErased")
    def note_messages_erased(self, events: Sequence[Event]) -> Effect[Any]:
        """Note that notification holds nothing of patients any more."""
        return erasing.note_messages_erased(self._desk(), events)

    @consumes("booking", "HistoryCheckpointed", by_version=True)
    def keep_anchor(self, events: Sequence[Event]) -> Effect[Any]:
        """Keep the hashes of checkpoints over histories, for whoever holds booking against them."""
        return anchors.keep_anchors(events)

    def _desk(self) -> Desk:
        return Desk(
            actor=self.actor.get(),
            correlation_id=self.actor.correlation_id,
            now=self.clock.now(),
            work=self.work,
            documents=self.documents,
            keys=self.keys,
            bookings=self.booking,
            test_numbers=self.settings.accept_test_numbers,
        )
