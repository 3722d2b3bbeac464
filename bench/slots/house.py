"""An installation to measure: private servers, one process per service, or all in one; the gateway has its own core."""

import json
import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

import requests

from bench.slots.clinic import document
from shared.settings import SERVICES, new_seal_key
from shared.storage.redis_store import connect
from tests.servers.postgres import FreshDatabases
from tests.servers.sources import POSTGRES, RABBITMQ, REDIS, new_server

ROOT = Path(__file__).parents[2]
PASSWORD = "an-administrator-of-benches"
_READY_SECONDS = 90
_TICKS = os.sysconf("SC_CLK_TCK")
_HAS_CORES = len(os.sched_getaffinity(0)) > 1


@dataclass
class House:
    """A running installation."""

    port: int
    environment: dict[str, str]
    folder: Path
    processes: dict[str, subprocess.Popen[bytes]]

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

    def apply_clinic(self) -> None:
        """Put the searched clinic into force, as staff do."""
        login = {"email": "admin@frontdesk.example", "password": PASSWORD}
        token = requests.post(f"{self.url}/v1/staff/logins", json=login, timeout=20).json()["token"]
        address = f"{self.url}/v1/staff/clinics/bench/document"
        answer = requests.put(address, json=document(), headers={"Authorization": f"Bearer {token}"}, timeout=20)
        assert answer.status_code in {200, 201}, answer.text

    def processor_seconds(self, name: str) -> float:
        """Return how much processor time a process has used."""
        numbers = Path(f"/proc/{self.processes[name].pid}/stat").read_text().rpartition(")")[2].split()
        return (int(numbers[11]) + int(numbers[12])) / _TICKS


@contextmanager
def deployed() -> Iterator[House]:
    """Run one process of each service and of the gateway on RabbitMQ, PostgreSQL and Redis of their own."""
    with ExitStack() as stack:
        servers = {}
        for kind in (RABBITMQ, POSTGRES, REDIS):
            servers[kind.name] = new_server(kind)
            stack.callback(servers[kind.name].close)
        databases = FreshDatabases(servers["PostgreSQL"].address)
        house = stack.enter_context(_house())
        keys = {name: os.urandom(32).hex() for name in ("ACTOR_KEY", "LINK_KEY", "LOOKUP_KEY")}
        seals = {name: new_seal_key() for name in ("EVENT_KEYS", "IDENTITY_KEYS", "EVENT_SIGNING_KEYS")}
        addresses = {f"{service.upper()}_DATABASE_URL": databases.new() for service in SERVICES}
        more = {"AMQP_URI": servers["RabbitMQ"].address, "REDIS_URL": servers["Redis"].address}
        house.environment |= {**keys, **seals, **addresses, **more}
        subprocess.run(
            [sys.executable, "-W", "ignore", "-m", "cli.main", "migrate"],
            cwd=ROOT, env=house.environment, check=True, capture_output=True,
        )  # fmt: skip
        for service in SERVICES:
            house.start(service, "cli.main", "serve", service)
        house.start("gateway", "cli.main", "serve", "gateway", core=0)
        house.start("hello", "bench.slots.hello", str(house.port + 1), core=0)
        house.wait_ready()
        house.apply_clinic()
        yield house


@contextmanager
def embedded() -> Iterator[House]:
    """Run everything in one process, as `make run` does."""
    with _house() as house:
        house.start("gateway", "cli.main", "up", core=0)
        house.start("hello", "bench.slots.hello", str(house.port + 1), core=0)
        house.wait_ready()
        house.apply_clinic()
        yield house


@contextmanager
def _house() -> Iterator[House]:
    kept = {name: value for name, value in os.environ.items() if name in {"PATH", "HOME", "LANG", "TMPDIR"}}
    with TemporaryDirectory(prefix="frontdesk-bench-") as folder:
        port = _free_ports()
        own = {
            "PYTHONPATH": str(ROOT), "DATA_DIR": folder, "PORT": str(port), "BOOKING_RATE_LIMIT": "0",
            "FRONTDESK_ADMIN_PASSWORD": PASSWORD,
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


def generate(port: int, connections: int, seconds: float, addresses: list[str]) -> dict[str, float]:
    """Run the load generator beside the gateway and return what it measured."""
    command = [sys.executable, "-m", "bench.slots.load", str(port), str(connections), str(seconds)]
    process = subprocess.Popen(command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE)
    if _HAS_CORES:
        os.sched_setaffinity(process.pid, {1})
    out, _ = process.communicate("\n".join(addresses).encode(), timeout=600)
    if process.returncode:
        raise SystemExit("the load generator failed")
    measured: dict[str, float] = json.loads(out)
    return measured
