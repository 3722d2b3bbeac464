"""Surroundings of calls, for tests of staff's use cases."""

from dataclasses import replace
from datetime import UTC, datetime
from functools import cache
from typing import Any

import fakeredis
from argon2 import PasswordHasher

from services.staff.credentials.passwords import Installer, Passwords
from services.staff.handlers.desk import Desk
from services.staff.store import StaffStore
from shared.actor import Actor
from shared.bus.events.unit_of_work import UnitOfWork
from shared.clinic_documents import ClinicDocument, Revisions, revision_key
from shared.contracts.errors import NotFound
from shared.contracts.staff import revision_name
from shared.desk import Keys
from shared.sealed import Sealer

Work = UnitOfWork[StaffStore]

NOW = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
INSTALLER, INSTALLERS_PASSWORD = "admin@frontdesk.example", "the installation's own"
PASSWORD = "correct horse battery"
KEYS = Keys(
    link="link key", lookup="lookup", people=Sealer("p:" + "B" * 42 + "A="), public_url="https://booking.example"
)
HEAD = Actor(kind="staff", id="eva@solna.example", role="administrator", clinic="solna")
GATEWAY = Actor(kind="service", id="gateway")


class FakeDocuments:
    """The documents of solna and lund: anna and bo work at both; `wishes` say what each says of two-step login."""

    def __init__(self, **wishes: str) -> None:
        self.wishes = wishes

    def get(self, clinic: str) -> ClinicDocument:
        """Return the clinic's document."""
        if clinic not in {"solna", "lund"}:
            raise NotFound.because("There is no such clinic.")
        document = {
            "clinic": clinic,
            "practitioners": [{"key": "anna"}, {"key": "bo"}],
            "two_step": {"staff": self.wishes.get(clinic, "optional")},
        }
        return ClinicDocument(1, document)


class FakeRevisions(Revisions):
    """Announced revisions, in a Redis of their own."""

    def __init__(self) -> None:
        self.redis = fakeredis.FakeRedis(decode_responses=True)
        super().__init__(self.redis)

    def of(self, account: str) -> int:
        """Return the announced revision of an account; 0 where none was."""
        return int(self.redis.get(revision_key(revision_name(account))) or 0)


@cache
def passwords() -> Passwords:
    """Return what hashes quickly, where Argon2 is slow on purpose."""
    return Passwords(lambda function, *given: function(*given), PasswordHasher(1, 8, 1))


@cache
def installer() -> Installer:
    """Return the installation's administrator."""
    return Installer(INSTALLER, passwords().hash(INSTALLERS_PASSWORD))


def a_desk(work: Work, actor: Actor = HEAD, **changes: Any) -> Desk:
    """Return the surroundings of a call by `actor`."""
    made = Desk(actor, "abc", NOW, work, FakeDocuments(), KEYS, passwords(), installer(), FakeRevisions())  # type: ignore[arg-type]
    return replace(made, **changes)
