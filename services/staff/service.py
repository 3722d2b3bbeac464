"""The staff service as Nameko runs it."""

from typing import Any

from services.staff import schemas
from services.staff.credentials.passwords import Installer, Passwords
from services.staff.handlers import accounts, logging_in
from services.staff.handlers.desk import Desk
from services.staff.store import StaffStore
from shared.bus.events.consumer import consumes
from shared.bus.rpc import CurrentActor, rpc
from shared.callers import ADMINISTRATOR, ANYBODY, HOUSE
from shared.clinic_documents import Revisions
from shared.contracts.envelope import Event
from shared.contracts.staff import SERVICE, revision_name
from shared.desk import Keys
from shared.given import Cache, Documents, FromSettings, Time, Work
from shared.incoming.fields import checked


class StaffService:
    """Who works at the clinics, and what proves them."""

    name = SERVICE

    work = Work(SERVICE, StaffStore)
    documents = Documents()
    actor = CurrentActor()
    clock = Time()
    cache = Cache()
    keys = FromSettings(Keys.from_settings)
    passwords = FromSettings(Passwords.of_process)
    installer = FromSettings(Installer.from_settings)

    @rpc(by=HOUSE)
    def log_in(self, **fields: Any) -> dict[str, Any]:
        """Return who has logged in; for the gateway, which counts the tries."""
        return logging_in.log_in(self._desk(), checked(schemas.LogInSchema(), fields))

    @rpc(by=ADMINISTRATOR)
    def accounts(self, clinic: str, **query: Any) -> dict[str, Any]:
        """Return a page of the clinic's accounts."""
        return accounts.accounts(self._desk(), clinic, checked(schemas.AccountsSchema(), query))

    @rpc(by=ADMINISTRATOR)
    def add_account(self, clinic: str, **fields: Any) -> dict[str, Any]:
        """Let somebody work at the clinic."""
        return accounts.add_account(self._desk(), clinic, checked(schemas.AddAccountSchema(), fields))

    @rpc(by=ADMINISTRATOR)
    def update_account(self, clinic: str, id: str, **changes: Any) -> dict[str, Any]:
        """Change what somebody is at the clinic."""
        return accounts.update_account(self._desk(), clinic, id, checked(schemas.UpdateAccountSchema(), changes))

    @rpc(by=ADMINISTRATOR)
    def remove_account(self, clinic: str, id: str) -> None:
        """Let somebody work at the clinic no more."""
        accounts.remove_account(self._desk(), clinic, id)

    @rpc(by=ANYBODY)
    def ping(self) -> str:
        """Say that the service answers."""
        return "pong"

    @consumes("staff", "AccountAdded", alone=True)
    @consumes("staff", "AccountChanged", alone=True)
    @consumes("staff", "AccountRemoved", alone=True)
    def end_sessions(self, event: Event) -> None:
        """Announce a revision once more, for the case that Redis was away when it came into force (DESIGN rule 11)."""
        Revisions(self.cache).repeat(revision_name(event.subject), event.subject_version)

    def _desk(self) -> Desk:
        return Desk(
            actor=self.actor.get(),
            correlation_id=self.actor.correlation_id,
            now=self.clock.now(),
            work=self.work,
            documents=self.documents,
            keys=self.keys,
            passwords=self.passwords,
            installer=self.installer,
            revisions=Revisions(self.cache),
        )
