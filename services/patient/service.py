"""The patient service as Nameko runs it."""

from typing import Any

from nameko.extensions import DependencyProvider

from services.patient import handlers
from services.patient.schemas import FindSchema, IdentifySchema, UpdateSchema
from services.patient.secrets import Secrets
from services.patient.store import PatientStore
from shared.bus.consumer import consumes
from shared.bus.providers import Documents, Time, Work
from shared.bus.rpc import CurrentActor, rpc
from shared.contracts.envelope import Event
from shared.contracts.patient import SERVICE
from shared.incoming import checked


class Keys(DependencyProvider):
    """The service's keys, read once per process."""

    def setup(self) -> None:
        """Read the keys from the settings."""
        self.secrets = Secrets.from_settings(self.container.config["settings"])

    def get_dependency(self, worker_ctx: Any) -> Secrets:
        """Return the keys."""
        return self.secrets


class PatientService:
    """Who the clinics' patients are."""

    name = SERVICE

    work = Work(SERVICE, PatientStore)
    documents = Documents()
    actor = CurrentActor()
    clock = Time()
    secrets = Keys()

    @rpc
    def identify(self, clinic: str, **fields: Any) -> dict[str, Any]:
        """Say whether the clinic knows a person."""
        self.actor.get().require_staff(clinic)
        person = checked(IdentifySchema(), fields)
        return handlers.identify(self.work, self.documents, clinic, person, self.secrets)

    @rpc
    def find(self, clinic: str, **query: Any) -> dict[str, Any]:
        """Return a page of the patients that `q` finds."""
        self.actor.get().require_staff(clinic)
        return handlers.find(self.work, self.documents, clinic, checked(FindSchema(), query), self.secrets)

    @rpc
    def get(self, clinic: str, id: str) -> dict[str, Any]:
        """Return one patient."""
        self.actor.get().require_staff(clinic)
        return handlers.get(self.work, self.documents, clinic, id, self.secrets)

    @rpc
    def update(self, clinic: str, id: str, **changes: Any) -> dict[str, Any]:
        """Change one patient and return them."""
        actor = self.actor.get()
        actor.require_staff(clinic)
        fields = checked(UpdateSchema(), changes)
        cause = handlers.Cause(actor.brief(), self.actor.correlation_id, self.clock.now())
        return handlers.update(self.work, self.documents, clinic, id, fields, self.secrets, cause)

    @rpc
    def ping(self) -> str:
        """Say that the service answers."""
        return "pong"

    @consumes("booking", "BookingCreated")
    def create_or_fill(self, event: Event) -> None:
        """Make the new booking's patient, or fill in the known one."""
        handlers.create_or_fill(self.work, event, self.clock.now(), self.secrets)
