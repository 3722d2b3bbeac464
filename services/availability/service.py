"""The availability service as Nameko runs it."""

from typing import Any

from nameko.extensions import DependencyProvider
from nameko.timer import timer

from services.availability import schemas
from services.availability.handlers import absences, keeping, searching, set_up, taking
from services.availability.handlers.set_up import Cause
from services.availability.model.current import CurrentClinics
from services.availability.store import AvailabilityStore
from shared.bus.events.consumer import consumes
from shared.bus.rpc import CurrentActor, ServiceClient, rpc
from shared.callers import ADMINISTRATOR, ANYBODY, PUBLIC, STAFF
from shared.clinic_documents import Revisions
from shared.contracts.availability import SERVICE
from shared.contracts.envelope import Event
from shared.given import Cache, Configuration, SearchedDays, Time, Work
from shared.incoming import checked

SWEEP_SECONDS = 60


class KnownClinics(DependencyProvider):
    """Injects the clinics as this process knows them."""

    def setup(self) -> None:
        """Start with none."""
        self.clinics = CurrentClinics()

    def get_dependency(self, worker_ctx: Any) -> CurrentClinics:
        """Return the process's clinics."""
        return self.clinics


class AvailabilityService:
    """The clinics' set-up, and which times they offer."""

    name = SERVICE

    work = Work(SERVICE, AvailabilityStore)
    known = KnownClinics()
    booking = ServiceClient("booking", timeout=8.0)  # what collides with a long closure may be thousands
    actor = CurrentActor()
    clock = Time()
    cache = Cache()
    searched = SearchedDays()
    settings = Configuration()

    @rpc(by=ANYBODY)
    def clinics(self) -> dict[str, Any]:
        """Return all clinics."""
        return searching.clinics(self.work)

    @rpc(by=ANYBODY)
    def profile(self, clinic: str, **query: Any) -> dict[str, Any]:
        """Return what a booking page needs."""
        return searching.profile(self.work, self.known, clinic, checked(schemas.ProfileSchema(), query))

    @rpc(by=STAFF)
    def links(self, clinic: str) -> dict[str, Any]:
        """Return links to the booking page."""
        return searching.links(self.work, self.known, clinic, self.settings.public_url)

    @rpc(by=PUBLIC)
    def days(self, clinic: str, **query: Any) -> dict[str, Any]:
        """Return how much is free on each date."""
        asked = schemas.asked_days(query)
        now = self.clock.now()
        return keeping.days(self.searched, self.work, self.known, self.actor.get(), clinic, asked, now)

    @rpc(by=PUBLIC)
    def slots(self, clinic: str, **query: Any) -> dict[str, Any]:
        """Return the offered times."""
        asked = schemas.asked_slots(query)
        now = self.clock.now()
        return keeping.slots(self.searched, self.work, self.known, self.actor.get(), clinic, asked, now)

    @rpc(by=PUBLIC)
    def check_slot(self, clinic: str, **query: Any) -> dict[str, Any]:
        """Return who may take one time by the rules."""
        asked = schemas.asked_start(query)
        return searching.check_slot(self.work, self.known, self.actor.get(), clinic, asked, self.clock.now())

    @rpc(by=STAFF)
    def document(self, clinic: str) -> dict[str, Any]:
        """Return the clinic document and its revision."""
        return set_up.document(self.work, self.known, clinic)

    @rpc(by=ADMINISTRATOR)
    def check_document(self, clinic: str, document: Any) -> dict[str, Any]:
        """Return what is wrong with a document, or what it would change."""
        return set_up.check_document(self.work, clinic, document)

    @rpc(by=ADMINISTRATOR)
    def apply_document(self, clinic: str, document: Any, **fields: Any) -> dict[str, Any]:
        """Put a document into force."""
        if_revision = checked(schemas.ApplySchema(), fields)["if_revision"]
        return set_up.apply_document(self.work, self._revisions(), clinic, document, if_revision, self._cause())

    @rpc(by=STAFF)
    def absences(self, clinic: str, **query: Any) -> dict[str, Any]:
        """Return a page of absences."""
        return absences.absences(self.work, self.known, clinic, checked(schemas.AbsencesSchema(), query))

    @rpc(by=STAFF)
    def add_absence(self, clinic: str, **fields: Any) -> dict[str, Any]:
        """Enter an absence."""
        return absences.add_absence(self.work, self._revisions(), self.booking, clinic, fields, self._cause())

    @rpc(by=STAFF)
    def update_absence(self, clinic: str, id: str, **fields: Any) -> dict[str, Any]:
        """Replace an absence."""
        return absences.update_absence(self.work, self._revisions(), self.booking, clinic, id, fields, self._cause())

    @rpc(by=STAFF)
    def remove_absence(self, clinic: str, id: str) -> None:
        """Take an absence back."""
        absences.remove_absence(self.work, self._revisions(), clinic, id, self._cause())

    @rpc(by=ANYBODY)
    def ping(self) -> str:
        """Say that the service answers."""
        return "pong"

    @consumes("booking", "BookingCreated")
    @consumes("booking", "BookingMoved")
    @consumes("booking", "BookingChanged")
    @consumes("booking", "BookingCancelled")
    @consumes("booking", "BookingMissed")
    def take_time(self, event: Event) -> None:
        """Let a booking occupy what its state says."""
        taking.take_time(self.work, self.known, self.searched, event, self.clock.now())

    @consumes("booking", "SlotHeld")
    def hold_time(self, event: Event) -> None:
        """Let a hold occupy its time."""
        taking.hold_time(self.work, self.known, self.searched, event, self.clock.now())

    @consumes("booking", "SlotReleased")
    def free_hold(self, event: Event) -> None:
        """End a hold."""
        taking.free_hold(self.work, self.known, self.searched, event, self.clock.now())

    @consumes("availability", "ClinicChanged")
    @consumes("availability", "ScheduleChanged")
    def repeat_announcement(self, event: Event) -> None:
        """Announce a revision once more, for the case that Redis was away when it came into force (DESIGN rule 11)."""
        self._revisions().repeat(event.clinic, event.subject_version)

    @timer(interval=SWEEP_SECONDS)
    def sweep(self) -> None:
        """Forget what is over."""
        taking.sweep(self.work, self.clock.now())

    def _revisions(self) -> Revisions:
        return Revisions(self.cache)

    def _cause(self) -> Cause:
        return Cause(self.actor.get(), self.actor.correlation_id, self.clock.now())
