"""The availability service as Nameko runs it."""

from collections.abc import Sequence
from typing import Any

from nameko.timer import timer

from services.availability import schemas
from services.availability.handlers import (
    absences,
    history,
    keeping,
    next_free,
    pictures,
    previewing,
    reconciling,
    scheduling,
    searching,
    set_up,
    taking,
)
from services.availability.handlers.desk import Desk
from services.availability.model.current import CurrentClinics
from services.availability.pictures.studio import Studio
from services.availability.store import AvailabilityStore
from shared.actor import PUBLIC as ANONYMOUS
from shared.actor import Actor
from shared.bus.events.consumer import consumes
from shared.bus.events.effects import Effect
from shared.bus.rpc import CurrentActor, ServiceClient, rpc
from shared.callers import ADMINISTRATOR, ANYBODY, PUBLIC, STAFF, TOOLS
from shared.clinic_documents import Revisions
from shared.contracts.availability import SERVICE
from shared.contracts.envelope import Event
from shared.contracts.reconciling import PATIENCE
from shared.desk import Keys
from shared.given import Cache, FromSettings, SearchedDays, Time, Work
from shared.incoming.fields import ReconcileSchema, checked

SWEEP_SECONDS = 60


class AvailabilityService:
    """The clinics' set-up, and which times they offer."""

    name = SERVICE

    work = Work(SERVICE, AvailabilityStore)
    documents = FromSettings(lambda _settings: CurrentClinics())
    booking = ServiceClient("booking", timeout=3.0)
    actor = CurrentActor()
    clock = Time()
    cache = Cache()
    searched = SearchedDays()
    keys = FromSettings(Keys.from_settings)
    studio = FromSettings(Studio.of_process)

    @rpc(by=ANYBODY)
    def clinics(self) -> dict[str, Any]:
        """Return all clinics."""
        return searching.clinics(self._desk(ANONYMOUS))

    @rpc(by=ANYBODY)
    def profile(self, clinic: str, **query: Any) -> dict[str, Any]:
        """Return what a booking page needs."""
        return searching.profile(self._desk(ANONYMOUS), clinic, checked(schemas.ProfileSchema(), query))

    @rpc(by=STAFF)
    def links(self, clinic: str) -> dict[str, Any]:
        """Return links to the booking page."""
        return searching.links(self._desk(), clinic)

    @rpc(by=PUBLIC)
    def days(self, clinic: str, **query: Any) -> dict[str, Any]:
        """Return how much is free on each date."""
        return keeping.days(self._desk(), clinic, schemas.asked_days(query))

    @rpc(by=PUBLIC)
    def slots(self, clinic: str, **query: Any) -> dict[str, Any]:
        """Return the offered times."""
        return keeping.slots(self._desk(), clinic, schemas.asked_slots(query))

    @rpc(by=PUBLIC)
    def next_slots(self, clinic: str, **query: Any) -> dict[str, Any]:
        """Return of the offered times those that stand for the others."""
        return keeping.next_slots(self._desk(), clinic, schemas.asked_slots(query))

    @rpc(by=STAFF)
    def free_slots(self, clinic: str, **query: Any) -> dict[str, Any]:
        """Return the times that staff may give."""
        return searching.free_slots(self._desk(), clinic, *schemas.asked_free_slots(query))

    @rpc(by=STAFF)
    def next_free(self, clinic: str, **query: Any) -> dict[str, Any]:
        """Return the next times that staff may give."""
        return next_free.next_free(self._desk(), clinic, schemas.asked_next(query))

    @rpc(by=PUBLIC)
    def check_slot(self, clinic: str, **query: Any) -> dict[str, Any]:
        """Return who may take one time by the rules."""
        return searching.check_slot(self._desk(), clinic, schemas.asked_start(query))

    @rpc(by=STAFF)
    def document(self, clinic: str) -> dict[str, Any]:
        """Return the clinic document and its revision."""
        return set_up.document(self._desk(), clinic)

    @rpc(by=ADMINISTRATOR)
    def document_shape(self, clinic: str) -> dict[str, Any]:
        """Return what each key of a document takes."""
        return set_up.document_shape()

    @rpc(by=ADMINISTRATOR)
    def check_document(self, clinic: str, document: Any) -> dict[str, Any]:
        """Return what is wrong with a document, or what it would change."""
        return set_up.check_document(self._desk(), clinic, document)

    @rpc(by=ADMINISTRATOR)
    def preview_document(self, clinic: str, document: Any = None, **asked: Any) -> dict[str, Any]:
        """Return which times patients would see by a document."""
        return previewing.preview_document(self._desk(), clinic, document, schemas.asked_preview(asked))

    @rpc(by=ADMINISTRATOR)
    def apply_document(self, clinic: str, document: Any, **fields: Any) -> dict[str, Any]:
        """Put a document into force."""
        if_revision = checked(schemas.ApplySchema(), fields)["if_revision"]
        return set_up.apply_document(self._desk(), clinic, document, if_revision)

    @rpc(by=ADMINISTRATOR)
    def document_history(self, clinic: str, **query: Any) -> dict[str, Any]:
        """Return a page of the history of the set-up."""
        return history.document_history(self._desk(), clinic, checked(schemas.HistorySchema(), query))

    @rpc(by=ADMINISTRATOR)
    def document_state(self, clinic: str, **query: Any) -> dict[str, Any]:
        """Return what a revision changed, and the document of then."""
        return history.document_state(self._desk(), clinic, **checked(schemas.RevisionSchema(), query))

    @rpc(by=ADMINISTRATOR)
    def document_without(self, clinic: str, **query: Any) -> dict[str, Any]:
        """Return the document without what a revision changed."""
        return history.document_without(self._desk(), clinic, **checked(schemas.RevisionSchema(), query))

    @rpc(by=ADMINISTRATOR)
    def merge_document(self, clinic: str, document: Any, **fields: Any) -> dict[str, Any]:
        """Return what becomes of a document that was written in view of an earlier revision."""
        since = checked(schemas.MergeSchema(), fields)["since"]
        return history.merge_document(self._desk(), clinic, document, since)

    @rpc(by=ANYBODY)
    def picture(self, clinic: str, name: str) -> dict[str, Any]:
        """Return a picture of the clinic's."""
        return pictures.picture(self._desk(ANONYMOUS), clinic, name)

    @rpc(by=ADMINISTRATOR)
    def put_picture(self, clinic: str, name: str, **fields: Any) -> dict[str, Any]:
        """Keep a picture."""
        content = checked(schemas.PictureSchema(), fields)["content"]
        return pictures.put_picture(self._desk(), clinic, name, content)

    @rpc(by=ADMINISTRATOR)
    def remove_picture(self, clinic: str, name: str) -> None:
        """Remove a picture."""
        pictures.remove_picture(self._desk(), clinic, name)

    @rpc(by=ADMINISTRATOR)
    def former_picture(self, clinic: str, name: str, **query: Any) -> dict[str, Any]:
        """Return a picture that was replaced or removed."""
        hash = checked(schemas.FormerPictureSchema(), query)["hash"]
        return pictures.former_picture(self._desk(), clinic, name, hash)

    @rpc(by=ADMINISTRATOR)
    def restore_picture(self, clinic: str, name: str, **fields: Any) -> None:
        """Put a former picture back."""
        hash = checked(schemas.FormerPictureSchema(), fields)["hash"]
        pictures.restore_picture(self._desk(), clinic, name, hash)

    @rpc(by=STAFF)
    def schedule(self, clinic: str, **query: Any) -> dict[str, Any]:
        """Return what is planned on some dates, and who is away."""
        return scheduling.schedule(self._desk(), clinic, checked(schemas.ScheduleSchema(), query))

    @rpc(by=STAFF)
    def absences(self, clinic: str, **query: Any) -> dict[str, Any]:
        """Return a page of absences."""
        return absences.absences(self._desk(), clinic, checked(schemas.AbsencesSchema(), query))

    @rpc(by=STAFF)
    def add_absence(self, clinic: str, **fields: Any) -> dict[str, Any]:
        """Enter an absence."""
        key = fields.pop("idempotency_key", None)
        return absences.add_absence(self._desk(), clinic, fields, key)

    @rpc(by=STAFF)
    def update_absence(self, clinic: str, id: str, **fields: Any) -> dict[str, Any]:
        """Replace an absence."""
        return absences.update_absence(self._desk(), clinic, id, fields)

    @rpc(by=STAFF)
    def remove_absence(self, clinic: str, id: str) -> None:
        """Take an absence back."""
        absences.remove_absence(self._desk(), clinic, id)

    @rpc(by=STAFF)
    def check_absence(self, clinic: str, **fields: Any) -> dict[str, Any]:
        """Return the bookings that an absence would meet, without entering it."""
        paging: dict[str, Any] = {name: fields.pop(name) for name in ("limit", "cursor") if name in fields}
        return absences.check_absence(self._desk(), clinic, fields, checked(schemas.PagingSchema(), paging))

    @rpc(by=TOOLS)
    def reconcile(self, clinic: str, **asked: Any) -> dict[str, Any]:
        """Compare taken time with what booking says."""
        bookings = self.booking.in_own_name().with_timeout(PATIENCE)
        return reconciling.reconcile(self._desk(), bookings, clinic, checked(ReconcileSchema(), asked))

    @rpc(by=TOOLS)
    def reconcile_unknown(self, clinic: str, **asked: Any) -> dict[str, Any]:
        """Find what is held of bookings that booking does not have."""
        bookings = self.booking.in_own_name().with_timeout(PATIENCE)
        return reconciling.reconcile_unknown(self._desk(), bookings, clinic, checked(ReconcileSchema(), asked))

    @rpc(by=ANYBODY)
    def ping(self) -> str:
        """Say that the service answers."""
        return "pong"

    @consumes("booking", "BookingCreated", by_version=True)
    @consumes("booking", "BookingMoved", by_version=True)
    @consumes("booking", "BookingChanged", by_version=True)
    @consumes("booking", "BookingCancelled", by_version=True)
    @consumes("booking", "BookingMissed", by_version=True)
    @consumes("booking", "BookingRestored", by_version=True)
    def take_time(self, events: Sequence[Event]) -> Effect[Any]:
        """Let bookings occupy what their states say."""
        return taking.take_time(self._desk(), events)

    @consumes("booking", "SlotHeld", by_version=True)
    def hold_time(self, events: Sequence[Event]) -> Effect[Any]:
        """Let holds occupy their time."""
        return taking.hold_time(self._desk(), events)

    @consumes("booking", "SlotReleased", by_version=True)
    def free_hold(self, events: Sequence[Event]) -> Effect[Any]:
        """End holds."""
        return taking.free_hold(self._desk(), events)

    @consumes("availability", "ClinicChanged", alone=True)
    @consumes("availability", "ScheduleChanged", alone=True)
    def repeat_announcement(self, event: Event) -> None:
        """Announce a revision once more, for the case that Redis was away when it came into force (DESIGN rule 11)."""
        Revisions(self.cache).repeat(event.clinic, event.subject_version)

    @timer(interval=SWEEP_SECONDS)
    def sweep(self) -> None:
        """Forget what is over."""
        taking.sweep(self._desk())

    def _desk(self, actor: Actor | None = None) -> Desk:
        """Return the call's surroundings; `actor` stands for whoever asks where nobody is asked who they are."""
        return Desk(
            actor=actor or self.actor.get(),
            correlation_id=self.actor.correlation_id,
            now=self.clock.now(),
            work=self.work,
            documents=self.documents,
            keys=self.keys,
            searched=self.searched,
            revisions=Revisions(self.cache),
            bookings=self.booking.in_own_name(),
            studio=self.studio,
        )
