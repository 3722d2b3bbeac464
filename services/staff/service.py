"""The staff service as Nameko runs it."""

from collections.abc import Sequence
from typing import Any

from nameko.timer import timer

from services.staff import schemas
from services.staff.credentials.passwords import Installer, Passwords
from services.staff.handlers import accounts, feeds, links, logging_in, own, two_step
from services.staff.handlers.desk import Desk
from services.staff.store import StaffStore
from shared.bus.events.consumer import consumes
from shared.bus.events.effects import Effect
from shared.bus.rpc import CurrentActor, rpc
from shared.callers import ADMINISTRATOR, ANYBODY, HOUSE, OWN, STAFF
from shared.clinic_documents import Revisions
from shared.contracts.envelope import Event
from shared.contracts.staff import SERVICE, revision_name
from shared.desk import Keys
from shared.given import Cache, Documents, FromSettings, Time, Work
from shared.incoming.fields import checked

_FORGET_SECONDS = 600


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

    @rpc(by=OWN)
    def change_password(self, **fields: Any) -> dict[str, Any]:
        """Give whoever acts another password."""
        return own.change_password(self._desk(), checked(schemas.ChangePasswordSchema(), fields))

    @rpc(by=OWN)
    def begin_two_step(self, **fields: Any) -> dict[str, Any]:
        """Return what the app of whoever acts is told."""
        return two_step.begin_two_step(self._desk(), checked(schemas.PasswordSchema(), fields)["password"])

    @rpc(by=OWN)
    def confirm_two_step(self, **fields: Any) -> dict[str, Any]:
        """Let the logins of whoever acts take two steps."""
        return two_step.confirm_two_step(self._desk(), checked(schemas.CodeSchema(), fields)["code"])

    @rpc(by=OWN)
    def end_two_step(self, **fields: Any) -> dict[str, Any]:
        """Let the logins of whoever acts take one step."""
        return two_step.end_two_step(self._desk(), checked(schemas.CodeSchema(), fields)["code"])

    @rpc(by=OWN)
    def recovery_codes(self, **fields: Any) -> dict[str, Any]:
        """Return new codes that stand for the app of whoever acts."""
        return two_step.recovery_codes(self._desk(), checked(schemas.CodeSchema(), fields)["code"])

    @rpc(by=STAFF)
    def calendar_feeds(self, clinic: str) -> dict[str, Any]:
        """Return the feeds of the clinic's calendars."""
        return feeds.calendar_feeds(self._desk(), clinic)

    @rpc(by=STAFF)
    def add_calendar_feed(self, clinic: str, **fields: Any) -> dict[str, Any]:
        """Make a feed of a practitioner's calendar."""
        return feeds.add_calendar_feed(self._desk(), clinic, checked(schemas.AddFeedSchema(), fields))

    @rpc(by=STAFF)
    def remove_calendar_feed(self, clinic: str, id: str) -> None:
        """Revoke a feed."""
        feeds.remove_calendar_feed(self._desk(), clinic, id)

    @rpc(by=HOUSE)
    def open_calendar_feed(self, token: str) -> dict[str, Any]:
        """Return of what a feed is that is fetched."""
        return feeds.open_calendar_feed(self._desk(), token)

    @rpc(by=HOUSE)
    def ask_reset(self, **fields: Any) -> None:
        """Note that somebody has forgotten a password; for the gateway, which counts who asks."""
        links.ask_reset(self._desk(), checked(schemas.AskResetSchema(), fields))

    @rpc(by=HOUSE)
    def open_reset(self, token: str) -> dict[str, Any]:
        """Return whom a link is for."""
        return links.open_reset(self._desk(), token)

    @rpc(by=HOUSE)
    def reset(self, token: str, **fields: Any) -> dict[str, Any]:
        """Give the account of a link a password."""
        return links.reset(self._desk(), token, checked(schemas.PasswordSchema(), fields)["password"])

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

    @consumes("staff", "ResetAsked")
    def issue_reset(self, events: Sequence[Event]) -> Effect[Any]:
        """Send links to those who have an account."""
        return links.issue_resets(self._desk(), events)

    @timer(interval=_FORGET_SECONDS)
    def forget_links(self) -> None:
        """Forget the links that open no more."""
        links.forget_links(self._desk())

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
