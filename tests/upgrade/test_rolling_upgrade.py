"""Two neighbouring versions serve side by side: on one RabbitMQ, one PostgreSQL, one Redis, each service in turn."""

import io
import subprocess
import sys
import tarfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from itertools import count
from pathlib import Path

import pytest
from pika.exceptions import ChannelClosedByBroker

from shared.settings import SERVICES
from tests.servers.ports import free_port
from tests.servers.providers import Providers
from tests.system.api_client import Client
from tests.system.clinics import OwnClinic, at
from tests.system.installation import ROOT, Installation, environment_of, wait_until
from tests.upgrade.broker import topology
from tests.upgrade.harbour import DAY, PUBLIC_URL, clinic_of, done, rules, somebody, working_hours
from tests.upgrade.wire import Wire

pytestmark = pytest.mark.deep

TAG, COMMIT = "v0.1.0", "17978988c9164983bd793e5cc0101d3ec76f1cbc"
"""The version that was released last, and its commit for clones that have no tags."""

NEW_SERVICES = ("staff",)
"""Those that the released version does not have."""
RELEASED_SERVICES = tuple(service for service in SERVICES if service not in NEW_SERVICES)

ON_THE_WAY = {"ACCEPT_UNSIGNED_EVENTS": "1"}
"""What docs/operations.md (Upgrading) sets while processes of both versions serve."""

CLINIC = "rolling"
READER_KEYS = f"letters:{'A' * 43}:{CLINIC}:*:*"


@dataclass
class Neighbours:
    """Both versions of one installation, and what was booked while they served: `{reference: cancelled}`."""

    old: Installation
    new: Installation
    booked: dict[str, bool] = field(default_factory=dict)
    days: Iterator[int] = field(default_factory=count)

    def serve(self, version: Installation, process: str) -> None:
        """Start a process of a version beside what runs, and wait until it takes part."""
        before = self._readers(process)
        version.start(f"{self._name(version)}-{process}", "serve", process)
        if process == "gateway":
            version.wait_ready()
        else:
            wait_until(lambda: self._readers(process) > before, f"{process} serves; {version.logs()}")

    def end(self, version: Installation, process: str) -> None:
        """End a process as a supervisor does; it finishes what it has in hand."""
        name = f"{self._name(version)}-{process}"
        ending = {name: version.processes.pop(name)}
        Installation(version.port, version.folder, version.environment, processes=ending).stop()

    def book_move_and_cancel(self, *gateways: Installation) -> None:
        """Let patients and staff book by each gateway, and move or cancel by the next."""
        token = clinic_of(gateways[0], CLINIC).administrator.token
        desks = [OwnClinic(Client(each.url), Client(each.url, token=token), CLINIC) for each in gateways]
        for here, there in zip(desks, desks[1:] + desks[:1], strict=True):
            number = next(self.days)
            day = DAY + timedelta(days=number)
            stays = done(here.book(at(day, "08:00"), somebody(50 + 2 * number), practitioner="anna"), 201)
            visit = {"type": "visit", "start": at(day, "09:00"), "practitioner": "anna"}
            goes = done(here.desk("POST", "bookings", {**visit, "patient": somebody(51 + 2 * number)}), 201)
            done(there.link(stays["manage_token"], "rebook", {"start": at(day, "10:00")}), 200)
            change = {"start": at(day, "13:00"), "practitioner": "bo"}
            done(there.desk("POST", f"bookings/{goes['reference']}/rebook", change), 200)
            done(here.desk("POST", f"bookings/{goes['reference']}/cancel", {}), 200)
            self.booked |= {stays["reference"]: False, goes["reference"]: True}

    def _readers(self, process: str) -> int:
        """Return how many processes of both versions answer the calls of a service; none where it is new."""
        if process == "gateway":
            return 0
        with Wire(self.old.environment["AMQP_URI"]) as wire:
            try:
                found: int = wire.channel.queue_declare(f"rpc-{process}", passive=True).method.consumer_count
            except ChannelClosedByBroker:  # nobody has declared it yet: the version before does not have the service
                return 0
            return found

    def _name(self, version: Installation) -> str:
        return "old" if version is self.old else "new"


@pytest.fixture
def released_code(tmp_path: Path) -> Path:
    """Return a folder with the code of the version that was released last, from the repository's own history."""
    known = [name for name in (TAG, COMMIT) if _git("cat-file", "-e", f"{name}^{{commit}}").returncode == 0]
    if not known:
        pytest.fail(
            f"This clone does not reach back to {TAG}: `git fetch --unshallow --tags`, then again.", pytrace=False
        )
    archive = _git("archive", "--format=tar", known[0])
    assert archive.returncode == 0, archive.stderr
    folder = tmp_path / "released"
    with tarfile.open(fileobj=io.BytesIO(archive.stdout)) as files:
        files.extractall(folder, filter="data")
    return folder


@pytest.fixture
def neighbours(
    released_code: Path,
    tmp_path: Path,
    providers: Providers,
    new_rabbitmq_vhost: Callable[[], str],
    new_redis_database: Callable[[], str],
    new_postgres_database: Callable[[], str],
) -> Iterator[Neighbours]:
    """Return the released version, running, and today's, of which nothing runs yet."""
    of_old = {"PYTHONPATH": str(released_code), "PYTHONSAFEPATH": "1"}  # its own code, not that of the folder it is in
    shared = {
        **_keys(environment_of(tmp_path, 1)),  # settings that are new since, which the released version does not read
        **_keys(environment_of(tmp_path, 1, **of_old)),
        **ON_THE_WAY,
        "READER_KEYS": READER_KEYS,  # whom the released version does not know, and whose part of events it passes over
        **{f"{service.upper()}_DATABASE_URL": new_postgres_database() for service in SERVICES},
        **providers.settings(),
        "AMQP_URI": new_rabbitmq_vhost(),
        "REDIS_URL": new_redis_database(),
        "PUBLIC_URL": PUBLIC_URL,
    }
    old, new = (  # cold: a forked process would be of today's code, whatever is asked for
        Installation(port, tmp_path, environment_of(tmp_path, port, **shared, **code), cold=True)
        for port, code in ((free_port(), of_old), (free_port(), {}))
    )
    try:
        where = [sys.executable, "-c", "import cli.main; print(cli.main.__file__)"]
        found = subprocess.run(where, cwd=ROOT, env=old.environment, capture_output=True, text=True, check=True).stdout
        assert Path(found.strip()).is_relative_to(released_code), "the released code is what runs"
        _said(old.environment, "migrate")
        for process in (*RELEASED_SERVICES, "gateway"):
            old.start(f"old-{process}", "serve", process)
        old.wait_ready()
        yield Neighbours(old, new)
    finally:
        old.stop()
        new.stop()


def test_each_service_is_upgraded_and_taken_back_while_patients_book(neighbours: Neighbours) -> None:
    """So each version of a service meets both of every other; nothing is lost, nothing done twice."""
    old, new = neighbours.old, neighbours.new
    clinic_of(old, CLINIC).apply(*working_hours(), **rules())
    neighbours.book_move_and_cancel(old)
    _said(new.environment, "migrate")
    for process in (*NEW_SERVICES, "gateway"):
        neighbours.serve(new, process)
    for later, earlier in ((new, old), (old, new)):
        for service in RELEASED_SERVICES:
            neighbours.serve(later, service)
            neighbours.book_move_and_cancel(old, new, old, new)
            neighbours.end(earlier, service)
            neighbours.book_move_and_cancel(old, new)
    neighbours.end(new, "gateway")
    clinic = clinic_of(old, CLINIC)
    for reference, is_cancelled in neighbours.booked.items():
        wait_until(lambda made=reference, off=is_cancelled: _followed(clinic, made, off), "what follows a booking")
    _assert_projected(neighbours, clinic)
    for service in ("patient", "booking"):  # which alone know what covers the entries of both versions (ADR 52)
        neighbours.serve(new, service)
        neighbours.end(old, service)
    _assert_nothing_failed(neighbours)


def _followed(clinic: OwnClinic, reference: str, is_cancelled: bool) -> bool:
    """Tell whether patient and messages are what a booking, its changes and perhaps its cancellation lead to."""
    told = clinic.desk("GET", "messages", booking=reference, limit=200)["messages"]
    written = [(each["event"], each["channel"]) for each in told if each["audience"] == "patient"]
    events = ["booked", "moved", *(["cancelled"] if is_cancelled else [])]
    expected = sorted((event, channel) for event in events for channel in ("email", "sms"))
    is_told = sorted(each for each in written if each[0] != "reminder") == expected
    reminds = any(each["state"] == "planned" for each in told)
    return is_told and reminds != is_cancelled and bool(clinic.desk("GET", f"bookings/{reference}")["patient"]["id"])


def _assert_projected(neighbours: Neighbours, clinic: OwnClinic) -> None:
    """Check that searches know of every change: what was moved to is taken, what was left or cancelled is free."""
    last = next(neighbours.days) - 1
    for number in range(last):
        day = DAY + timedelta(days=number)
        free = {
            (slot["start"], key)
            for slot in clinic.public.slots(CLINIC, "visit", day, 1, **{"for": None})
            for key in slot["practitioners"]
        }
        assert (at(day, "10:00"), "anna") not in free
        assert {(at(day, "08:00"), "anna"), (at(day, "09:00"), "anna"), (at(day, "13:00"), "bo")} <= free


def _assert_nothing_failed(neighbours: Neighbours) -> None:
    environment = neighbours.old.environment
    queues = [queue["name"] for queue in topology(environment["AMQP_URI"])["queues"]]
    with Wire(environment["AMQP_URI"], environment["ACTOR_KEY"]) as wire:
        left = {name: wire.waiting_in(name) for name in queues if name.endswith(".dead")}
        assert {name: number for name, number in left.items() if number} == {}
        assert wire.call("booking", "verify_history", CLINIC)["result"]["broken"] == []
    for log in neighbours.new.folder.glob("new-*.log"):  # 0.1.0 lets kombu log one of each connection that breaks
        assert "Traceback" not in log.read_text(), log.read_text()
    said = "".join(log.read_text() for log in neighbours.old.folder.glob("old-*.log"))
    assert said.count("Traceback") <= said.count("Connection to broker lost"), neighbours.old.logs()


def _said(environment: dict[str, str], *arguments: str) -> str:
    """Run a command of the version that the environment names, and return what it said."""
    command = [sys.executable, "-m", "cli.main", *arguments]
    return subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=True).stdout


def _keys(environment: dict[str, str]) -> dict[str, str]:
    """Return fresh keys, as the version that the environment names wants them."""
    return dict(line.split("=", 1) for line in _said(environment, "keys").splitlines())


def _git(*arguments: str) -> subprocess.CompletedProcess[bytes]:
    return subprocess.run(["git", *arguments], cwd=ROOT, capture_output=True, check=False)
