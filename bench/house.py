"""An installation to measure: private servers, one process per service or several, or all in one process."""

import os
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import requests

from bench.processor import spent
from shared.settings import SERVICES, new_seal_key
from shared.storage.redis_store import connect
from tests.servers.own_process import OwnProcess
from tests.servers.postgres import FreshDatabases
from tests.servers.server import Server
from tests.servers.sources import POSTGRES, RABBITMQ, REDIS, Kind, new_server

ROOT = Path(__file__).parents[1]
PASSWORD = "an-administrator-of-benches"
_READY_SECONDS = 300
_HAS_CORES = len(os.sched_getaffinity(0)) > 1


@dataclass
class House:
    """A running installation."""

    port: int
    environment: dict[str, str]
    folder: Path
    processes: dict[str, subprocess.Popen[bytes]]
    servers: dict[str, Server] = field(default_factory=dict)

    @property
    def url(self) -> str:
        """Return the gateway's address."""
        return f"http://127.0.0.1:{self.port}"

    def start(self, name: str, *arguments: str, core: int | None = 1) -> None:
        """Start `python -m ARGUMENTS`, on one core where there are two."""
        with (self.folder / f"{name}.log").open("ab") as log:
            process = subprocess.Popen(
                [sys.executable, "-W", "ignore", "-m", *arguments],
                cwd=ROOT, env=self.environment, stdin=subprocess.DEVNULL, stdout=log, stderr=subprocess.STDOUT,
            )  # fmt: skip
        self.processes[name] = process
        if core is not None and _HAS_CORES:
            os.sched_setaffinity(process.pid, {core})

    def forget_searches(self) -> None:
        """Empty the slot cache of an installation that has a Redis of its own."""
        if "REDIS_URL" in self.environment:
            with connect(self.environment["REDIS_URL"]) as client:
                for key in client.scan_iter("frontdesk:slots:*"):
                    client.delete(key)

    def share_cores(self) -> None:
        """Let every process run wherever it can."""
        for process in self.processes.values():
            os.sched_setaffinity(process.pid, os.sched_getaffinity(0))

    def stop(self, name: str) -> None:
        """End a process."""
        process = self.processes.pop(name)
        process.terminate()
        try:
            process.wait(20)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()

    def wait_ready(self) -> float:
        """Return the seconds until every service answers."""
        begun = time.monotonic()
        while time.monotonic() < begun + _READY_SECONDS:
            try:
                if requests.get(f"{self.url}/readyz", timeout=5).status_code == 200:
                    return time.monotonic() - begun
            except requests.RequestException:
                pass
            time.sleep(0.05)
        logs = "\n".join(log.read_text()[-2000:] for log in self.folder.glob("*.log"))
        raise SystemExit(f"the installation did not get ready:\n{logs}")

    def apply_clinic(self, document: Mapping[str, Any]) -> None:
        """Put a clinic into force, as staff do."""
        login = {"email": "admin@frontdesk.example", "password": PASSWORD}
        token = requests.post(f"{self.url}/v1/staff/logins", json=login, timeout=20).json()["token"]
        address = f"{self.url}/v1/staff/clinics/{document['clinic']}/document"
        answer = requests.put(address, json=document, headers={"Authorization": f"Bearer {token}"}, timeout=20)
        assert answer.status_code in {200, 201}, answer.text

    def processor_seconds(self, name: str) -> float:
        """Return how much processor time a process or a server has used, with what it started."""
        if name in self.processes:
            return spent(self.processes[name].pid)
        server = self.servers[name]
        if not isinstance(server, OwnProcess):
            raise SystemExit("Processor time is measured of this machine's programs, not of containers.")
        return spent(server.pid)


@contextmanager
def deployed(
    document: Mapping[str, Any],
    *,
    postgres: Kind = POSTGRES,
    prepared: Callable[[Server], None] | None = None,
    each: int = 1,
    **settings: str,
) -> Iterator[House]:
    """Run `each` processes of each service and one gateway on RabbitMQ, PostgreSQL and Redis of their own.

    `settings` are of their environment. `prepared` makes what is wanted of PostgreSQL. The gateway has a core of its
    own; `share_cores` ends that.
    """
    with ExitStack() as stack:
        servers = {}
        for kind in (RABBITMQ, postgres, REDIS):
            servers[kind.name] = new_server(kind)
            stack.callback(servers[kind.name].close)
        if prepared:
            prepared(servers["PostgreSQL"])
        databases = FreshDatabases(servers["PostgreSQL"].address)
        house = stack.enter_context(_house())
        house.servers |= servers
        keys = {name: os.urandom(32).hex() for name in ("ACTOR_KEY", "LINK_KEY", "LOOKUP_KEY")}
        seals = {name: new_seal_key() for name in ("EVENT_KEYS", "IDENTITY_KEYS", "EVENT_SIGNING_KEYS")}
        addresses = {f"{service.upper()}_DATABASE_URL": databases.new() for service in SERVICES}
        more = {"AMQP_URI": servers["RabbitMQ"].address, "REDIS_URL": servers["Redis"].address}
        house.environment |= {**keys, **seals, **addresses, **more, **settings}
        subprocess.run(
            [sys.executable, "-W", "ignore", "-m", "cli.main", "migrate"],
            cwd=ROOT, env=house.environment, check=True, capture_output=True,
        )  # fmt: skip
        for service in SERVICES:
            for number in range(each):
                house.start(f"{service}-{number}" if number else service, "cli.main", "serve", service)
        house.start("gateway", "cli.main", "serve", "gateway", core=0)
        _open(house, document)
        yield house


@contextmanager
def embedded(document: Mapping[str, Any]) -> Iterator[House]:
    """Run everything in one process, as `make run` does."""
    with _house() as house:
        house.start("gateway", "cli.main", "up", "--no-demo-day", core=0)
        _open(house, document)
        yield house


def _open(house: House, document: Mapping[str, Any]) -> None:
    house.start("hello", "bench.slots.hello", str(house.port + 1), core=0)
    house.wait_ready()
    house.apply_clinic(document)


@contextmanager
def _house() -> Iterator[House]:
    kept = {name: value for name, value in os.environ.items() if name in {"PATH", "HOME", "LANG", "TMPDIR"}}
    with TemporaryDirectory(prefix="frontdesk-bench-") as folder:
        port = _free_ports()
        own = {
            "PYTHONPATH": str(ROOT), "DATA_DIR": folder, "PORT": str(port), "BOOKING_RATE_LIMIT": "0",
            "TRUSTED_PROXIES": "127.0.0.1", "FRONTDESK_ADMIN_PASSWORD": PASSWORD,
        }  # fmt: skip
        house = House(port, {**kept, **own}, Path(folder), {})
        try:
            yield house
        finally:
            for name in list(house.processes):
                house.stop(name)


def _free_ports() -> int:
    """Return a port that is free, as is the next one."""
    while True:
        with socket.socket() as first, socket.socket() as second:
            first.bind(("127.0.0.1", 0))
            port: int = first.getsockname()[1]
            try:
                second.bind(("127.0.0.1", port + 1))
            except OSError:
                continue
            return port
