"""A gateway process with small services behind it, for tests that need real sockets and a real bus.

Run as `python -m tests.integration.gateway.installation <service> …`: those of the five services are served, by
stand-ins whose `slots` answers according to the clinic's name: `slow`, `waiting`, `broken`, or any other.
"""

import eventlet

eventlet.monkey_patch()

import os  # noqa: E402 - Eventlet patches the standard library before anything else is imported
import sys  # noqa: E402
from datetime import UTC, datetime, timedelta  # noqa: E402
from typing import Any  # noqa: E402
from uuid import uuid4  # noqa: E402

from gateway.service import Gateway  # noqa: E402
from shared.bus.rpc import CurrentActor, rpc  # noqa: E402
from shared.bus.runner import run  # noqa: E402
from shared.callers import ADMINISTRATOR, ANYBODY, HOUSE, PUBLIC, STAFF  # noqa: E402
from shared.contracts.errors import WrongLogin  # noqa: E402
from shared.given import Configuration  # noqa: E402
from shared.settings import from_environment  # noqa: E402
from shared.telemetry import log_to_stderr  # noqa: E402
from tests.builders.contracts import require_known  # noqa: E402

SLOW_SECONDS = 30
WAITING = "somebody waits for times"
"""What the log says as soon as the question of who has to wait has come."""
RIGHT_CODE = "7K3M-9QX2"
PATIENTS_RULES = {
    "booking": {"active": True},
    "contact": {},
    "country": "SE",
    "identity": "none",
    "languages": ["sv"],
    "time_zone": "Europe/Stockholm",
    "two_step": {"patients": False, "staff": "optional"},
}
"""What a login is checked by."""


class Ping:
    """What all services answer."""

    @rpc(by=ANYBODY)
    def ping(self) -> str:
        """Say that the service answers."""
        return "pong"


class Availability(Ping):
    """Stands in for availability."""

    name = "availability"
    actor = CurrentActor()

    @rpc(by=ANYBODY)
    def clinics(self) -> dict[str, Any]:
        """Return one clinic."""
        return {"clinics": [{"clinic": "solna", "name": "Solna", "active": True}]}

    @rpc(by=PUBLIC)
    def slots(self, clinic: str, **query: Any) -> dict[str, Any]:
        """Answer by the clinic's name."""
        if clinic == "slow":
            eventlet.sleep(SLOW_SECONDS)
        if clinic == "broken":
            raise RuntimeError("the secret cause")
        if clinic == "waiting":
            print(WAITING, file=sys.stderr, flush=True)
            eventlet.sleep(0.8)
        return {"slots": [], "asked_by": self.actor.brief(), "correlation_id": self.actor.correlation_id}

    @rpc(by=STAFF)
    def document(self, clinic: str) -> dict[str, Any]:
        """Return who asked."""
        about = {"clinic": clinic, "asked_by": self.actor.brief(), "size": "x" * 200_000}
        return {"revision": 1, "document": {**about, **PATIENTS_RULES}}

    @rpc(by=ADMINISTRATOR)
    def apply_document(self, clinic: str, document: Any, if_revision: int | None = None) -> dict[str, Any]:
        """Return what came."""
        return {"revision": 2, "document": document, "changes": []}


class Booking(Ping):
    """Stands in for booking."""

    name = "booking"

    @rpc(by=PUBLIC)
    def hold(self, clinic: str, **wanted: Any) -> dict[str, Any]:
        """Hold whatever is wanted, for ten minutes."""
        expires = datetime.now(UTC) + timedelta(minutes=10)
        return {**wanted, "hold": uuid4().hex, "expires": expires.isoformat()}

    @rpc(by=PUBLIC)
    def release(self, hold: str) -> None:
        """Give nothing back."""

    @rpc(by=PUBLIC)
    def open_recall(self, **typed: Any) -> dict[str, Any]:
        """Open by the one right code, whoever says it."""
        if typed["code"] != RIGHT_CODE:
            raise WrongLogin.because("There is no such code.")
        return {"manage_token": "opened"}


class Patient(Ping):
    """Stands in for patient."""

    name = "patient"


class Notification(Ping):
    """Stands in for notification."""

    name = "notification"

    @rpc(by=HOUSE)
    def send_code(self, clinic: str, mobile: str, code: str, language: str) -> None:
        """Send nothing."""


class Staff(Ping):
    """Stands in for staff, where the installation's administrator alone has an account."""

    name = "staff"
    settings = Configuration()

    @rpc(by=HOUSE)
    def log_in(self, email: str, password: str) -> dict[str, Any]:
        """Let in who has the environment's password."""
        if password != self.settings.admin_password:
            raise WrongLogin.because("The password is wrong.")
        return {"account": None, "email": email, "clinics": None, "revision": 0, "two_step": False}


STAND_INS = {each.name: each for each in (Availability, Booking, Patient, Notification, Staff)}


def main() -> None:
    """Serve the gateway and the services that are named, until SIGTERM; refuse stand-ins that do what nobody could."""
    for name, stand_in in STAND_INS.items():
        for method in vars(stand_in).keys() - vars(Ping).keys() - {"name", "actor", "settings"}:
            require_known(name, method)
    log_to_stderr("INFO")
    run([Gateway, *(STAND_INS[name] for name in sys.argv[1:])], from_environment(os.environ))


if __name__ == "__main__":
    main()
