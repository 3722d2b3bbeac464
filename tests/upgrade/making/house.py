"""An installation of which a baseline is made: it lives, is looked at, and crashes."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any
from uuid import uuid4

import requests

from tests.servers import postgres, redis
from tests.servers.providers import Providers, running_providers
from tests.servers.rabbitmq import FreshVhosts
from tests.servers.server import Server
from tests.servers.sources import POSTGRES, RABBITMQ, REDIS, Kind, new_server
from tests.system.clinics import OwnClinic, at
from tests.system.installation import Installation, deployed, embedded, wait_until
from tests.upgrade.harbour import DAY, PUBLIC_URL, clinic_of, somebody
from tests.upgrade.making.demo_life import BOOKABLE, live_in_demo_clinics
from tests.upgrade.making.life import Life
from tests.upgrade.readings import everything
from tests.upgrade.stores import Stores

CLINIC = "hamnen"
"""The clinic that lives in every installation."""

NOT_YET = "later"
"""A clinic that nobody has set up: events of it cannot be handled."""

OF_NOT_YET = "0BASE00000"
"""The reference of a booking at it."""

SET_ASIDE_FROM = (
    "evt-booking-BookingCreated--notification.send_confirmation",
    "evt-patient-PatientCreated--notification.keep_consent",
    "evt-booking-SlotReleased--availability.free_hold",
)
"""The queues in which what cannot be handled is set aside: twice for want of the clinic, once for want of an event."""

_HOURS, _WITH = ("08:00", "09:00", "10:00", "13:00"), ("anna", "bo")
_SETTLING_SECONDS = 600.0
_ANSWERED = 3
"""So many bookings are answered before a crash."""


@dataclass
class House:
    """One installation, its providers, and the `facts` that tests need of it."""

    installation: Installation
    providers: Providers
    facts: dict[str, Any] = field(default_factory=dict)

    @property
    def stores(self) -> Stores:
        """The databases."""
        return Stores.of(self.installation)

    @property
    def clinic(self) -> OwnClinic:
        """The clinic that lives, with a fresh login."""
        return clinic_of(self.installation, CLINIC)

    def live(self) -> None:
        """Let the clinics live, until everything that follows has followed."""
        self.facts["demo"] = live_in_demo_clinics(self.installation)
        self.facts["noted"] = Life(self.clinic, self.providers).live()
        self._settle()

    def send_what_cannot_be_handled(self) -> None:
        """Announce a booking of a clinic that there is not, and an event that is none."""
        body = next(body for body in self.stores.announced("booking", "BookingCreated") if body["clinic"] == CLINIC)
        data = {**body["data"], "reference": OF_NOT_YET}
        self.stores.announce(
            "booking", "BookingCreated", {**body, "clinic": NOT_YET, "subject": OF_NOT_YET, "data": data}
        )
        self.stores.announce("booking", "SlotReleased", {"correlation_id": uuid4().hex})

    def look(self) -> None:
        """Read everything, and hold a time."""
        links = [booked["manage_token"] for booked in self.facts["noted"].values() if _is_to_come(booked)]
        self.facts["readings"] = everything(self.installation, [CLINIC, *BOOKABLE], links)
        self.facts["held"] = Life(self.clinic, self.providers).held("08:00")

    def crash(self, process: str, day: date) -> bool:
        """Kill a process while it answers bookings; tell whether some were answered and events lie unpublished."""
        wait_until(lambda: not self.stores.unpublished(), "all else is published")
        self.facts["crashed"] = self._answered_before_the_crash(process, day)
        waiting = self.stores.unpublished()
        self.facts["unpublished"] = [row for row in waiting if process in {"up", f"{row['service']}-1"}]
        return len(self.facts["crashed"]) >= _ANSWERED and bool(self.facts["unpublished"])

    def _answered_before_the_crash(self, process: str, day: date) -> list[dict[str, Any]]:
        """Let many patients book at once, kill the process, and return the receipts of those who got one."""
        clinic = self.clinic
        answered: list[dict[str, Any]] = []

        def book(number: int) -> None:
            hour, practitioner = _HOURS[number // len(_WITH)], _WITH[number % len(_WITH)]
            with suppress(requests.ConnectionError, ValueError):  # it died before, or in the middle of, an answer
                answer = clinic.book(at(day, hour), somebody(30 + number), practitioner=practitioner)
                if answer.status == 201:
                    answered.append(answer.body)

        with ThreadPoolExecutor(len(_HOURS) * len(_WITH)) as pool:
            attempts = [pool.submit(book, number) for number in range(len(_HOURS) * len(_WITH))]
            wait_until(lambda: len(answered) >= _ANSWERED or all(each.done() for each in attempts), "some are answered")
            self.installation.kill(process)
        return answered

    def _settle(self) -> None:
        """Wait until everything that follows has followed: nothing is on its way, and two looks see the same."""
        before: list[Any] = []

        def is_quiet() -> bool:
            now = everything(self.installation, [CLINIC, *BOOKABLE], [])
            same, before[:] = now == before, now
            return same and not self.stores.unpublished()

        wait_until(is_quiet, "everything has followed", _SETTLING_SECONDS)


@contextmanager
def embedded_house(folder: Path) -> Iterator[House]:
    """Yield an installation in one process."""
    folder.mkdir()
    with running_providers() as providers:
        installation = embedded(folder, PUBLIC_URL=PUBLIC_URL, **providers.settings())
        try:
            installation.wait_ready()
            yield House(installation, providers)
        finally:
            installation.stop()


@contextmanager
def deployed_house(folder: Path, keys: dict[str, str]) -> Iterator[House]:
    """Yield an installation on the real parts, one process of each service."""
    folder.mkdir()
    with running_providers() as providers, ExitStack() as stack:
        rabbitmq, databases, cache = (stack.enter_context(_server(kind)) for kind in (RABBITMQ, POSTGRES, REDIS))
        fresh = FreshVhosts(rabbitmq.address).new(), redis.FreshDatabases(cache.address).new()
        settings = {**keys, "PUBLIC_URL": PUBLIC_URL, **providers.settings()}
        installation = deployed(folder, *fresh, postgres.FreshDatabases(databases.address).new, {}, **settings)
        try:
            yield House(installation, providers)
        finally:
            installation.stop()


@contextmanager
def _server(kind: Kind) -> Iterator[Server]:
    server = new_server(kind)
    try:
        yield server
    finally:
        server.close()


def _is_to_come(booked: Any) -> bool:
    return isinstance(booked, dict) and str(booked.get("start")).startswith(str(DAY.year))
