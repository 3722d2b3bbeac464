"""Installations on what released versions have left behind."""

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from tests.servers.providers import Providers, running_providers
from tests.system.clinics import OwnClinic
from tests.system.installation import Installation, deployed, embedded
from tests.upgrade.broker import declare
from tests.upgrade.golden import Baseline, released
from tests.upgrade.harbour import clinic_of
from tests.upgrade.readings import Reader, differences, is_of_the_version
from tests.upgrade.stores import Stores
from tests.upgrade.wire import Message, Wire

NOT_YET, OF_NOT_YET = "later", "0BASE00000"
"""A clinic that was not set up when a booking of it was announced, and that booking."""


@dataclass
class Upgraded:
    """An installation of today's code on a baseline.

    `facts` are what was noted of it then, `lost` what is read otherwise now, `events` messages of its own bus.
    """

    installation: Installation
    baseline: Baseline
    facts: dict[str, Any]
    lost: list[str]
    providers: Providers
    events: list[Message]

    @property
    def clinic(self) -> OwnClinic:
        """The clinic that lived in the baseline."""
        return clinic_of(self.installation, "hamnen")

    @property
    def stores(self) -> Stores:
        """Its databases."""
        return Stores.of(self.installation)

    def key(self, name: str) -> str:
        """Return one of its keys, which an embedded installation has made into its data folder."""
        environment = self.installation.environment
        found: str = (
            environment.get(name) or json.loads((Path(environment["DATA_DIR"]) / "keys.json").read_text())[name]
        )
        return found

    def happened_twice(self) -> list[str]:
        """Return the bookings of then whose history has other entries than then, though nobody changed them since."""
        histories = {
            each["path"]: each["body"]["history"] for each in self.facts["readings"] if "/history" in each["path"]
        }
        noted = (each.get("reference") for each in self.facts["noted"].values() if isinstance(each, dict))
        paths = {f"bookings/{reference}/history" for reference in noted if reference}
        then = {path: len(histories[f"/staff/clinics/hamnen/{path}"]) for path in paths}
        now = {path: sum(map(_was_done, self.clinic.desk("GET", path, limit=200)["history"])) for path in paths}
        return [path for path in paths if then[path] != now[path]]

    def wire(self) -> Wire:
        """Return a connection to its bus."""
        environment = self.installation.environment
        return Wire(environment["AMQP_URI"], environment["ACTOR_KEY"])


@pytest.fixture(scope="session")
def providers() -> Iterator[Providers]:
    """Return Twilio and SendGrid."""
    with running_providers() as running:
        yield running


@pytest.fixture(scope="session", params=released(), ids=lambda baseline: baseline.folder.name)
def baseline(request: pytest.FixtureRequest) -> Baseline:
    """Return the golden files of each released version."""
    found: Baseline = request.param
    return found


@pytest.fixture(scope="session")
def data_folder(
    baseline: Baseline, providers: Providers, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Upgraded]:
    """Return what `frontdesk up` starts on the baseline's data folder."""
    folder = tmp_path_factory.mktemp("data-folder")
    baseline.unpack(folder)
    settings = {"PUBLIC_URL": baseline.settings["PUBLIC_URL"], **providers.settings()}
    with _running(embedded(folder, **settings)) as installation:
        yield _looked_at(installation, baseline, "embedded", providers)


@pytest.fixture(scope="session")
def on_rabbitmq(
    baseline: Baseline,
    providers: Providers,
    tmp_path_factory: pytest.TempPathFactory,
    new_rabbitmq_vhost: Callable[[], str],
) -> Iterator[Upgraded]:
    """Return an installation on the same folder whose bus is a RabbitMQ with the queues of then, and dead letters."""
    folder = tmp_path_factory.mktemp("on-rabbitmq")
    baseline.unpack(folder)
    address = new_rabbitmq_vhost()
    fill_queues(baseline, address, [])
    settings = {**baseline.environment(providers), "AMQP_URI": address}
    with _running(embedded(folder, **settings)) as installation:
        sent = Stores.of(installation).published(baseline.read("events"))
        could_be_handled = [event for event in sent if event["body"]["clinic"] != NOT_YET]
        yield Upgraded(installation, baseline, baseline.read("embedded"), [], providers, could_be_handled)


@pytest.fixture(scope="session")
def databases(
    baseline: Baseline,
    providers: Providers,
    tmp_path_factory: pytest.TempPathFactory,
    new_rabbitmq_vhost: Callable[[], str],
    new_redis_database: Callable[[], str],
    new_postgres_database: Callable[[], str],
) -> Iterator[Upgraded]:
    """Return an installation on the real parts, on the baseline's databases and with what waited in its queues."""
    facts = baseline.read("deployed")
    stores = {service: new_postgres_database() for service in ("availability", "booking", "patient", "notification")}
    for service, url in stores.items():
        baseline.restore(service, url)
    Stores(stores).let_be_recent()
    address = new_rabbitmq_vhost()
    fill_queues(baseline, address, facts["waiting"])
    settings = {
        **baseline.environment(providers),
        **{f"{service.upper()}_DATABASE_URL": url for service, url in stores.items()},
    }
    folder = tmp_path_factory.mktemp("databases")
    servers = address, new_redis_database(), new_postgres_database
    with _running(deployed(folder, *servers, {}, demo=False, **settings)) as running:
        yield _looked_at(running, baseline, "deployed", providers)


def fill_queues(baseline: Baseline, amqp_uri: str, waiting: list[dict[str, Any]]) -> None:
    """Make the baseline's queues on an empty broker, and put into them what waited and what was set aside."""
    with Wire(amqp_uri) as wire:
        declare(wire, baseline.read("queues"))
        for message in waiting:
            wire.publish(message, message["queue"])
        for message in baseline.read("dead_letters"):
            wire.publish(message, f"{message['queue']}.dead")


@contextmanager
def _running(installation: Installation) -> Iterator[Installation]:
    try:
        installation.wait_ready()
        yield installation
    finally:
        installation.stop()


def _was_done(entry: dict[str, Any]) -> bool:
    """Tell whether somebody did this; what booking has learned of a record's addresses meanwhile, nobody did."""
    learned: bool = (entry["type"], entry["actor"]["kind"]) == ("BookingChanged", "service")
    return not learned


def _looked_at(installation: Installation, baseline: Baseline, name: str, providers: Providers) -> Upgraded:
    """Read again what was read then, before any test changes something."""
    facts = baseline.read(name)
    reader = Reader(installation)
    lost = [
        each
        for reading in facts["readings"]
        if not is_of_the_version(reading["path"])
        for each in differences(reading["body"], reader.again(reading), reading["path"])
    ]
    return Upgraded(installation, baseline, facts, lost, providers, baseline.read("events"))
