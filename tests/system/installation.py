"""A running Frontdesk of real processes: embedded in one, or one process per service on the real parts."""

import os
import signal
import subprocess
import time
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

import requests

from shared.settings import SERVICES, new_seal_key
from shared.storage.slot_cache import LIFE_SECONDS
from tests.servers.ports import free_port
from tests.servers.warm import Process, ended, start_cold, start_warm

ROOT = Path(__file__).parents[2]
SLOW_MACHINE = 120.0
"""Seconds for what takes one on a quiet machine: an event whose consumer was late is tried again after 1, 5 and 30."""
PROMPT = LIFE_SECONDS - 5
"""Seconds in which a search shows what has happened, on any machine: sooner than it forgets by itself what it knew."""
STOP_SECONDS = 30.0
"""How long a process may take to end: it lets running work finish for 20."""
ADMIN = ("admin@frontdesk.example", "an-administrator-of-tests")


def wait_until(condition: Callable[[], object], what: str, seconds: float = SLOW_MACHINE) -> None:
    """Wait until `condition` holds; fail with `what` after the limit, which only a broken installation reaches."""
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, f"not within {seconds} s: {what}"
        time.sleep(0.02)


@dataclass
class Installation:
    """The processes of one installation, its address and its environment."""

    port: int
    folder: Path
    environment: dict[str, str]
    cold: bool = False
    processes: dict[str, Process] = field(default_factory=dict)

    @property
    def url(self) -> str:
        """Return the gateway's address."""
        return f"http://127.0.0.1:{self.port}"

    def start(self, name: str, *arguments: str, program: str = "cli.main", **more: str) -> None:
        """Start `frontdesk <arguments>` as the process `name`; what it prints goes to a log in the folder.

        `program` is a module that stands in for the command; `more` are settings of this process alone.
        """
        run, environment = start_cold if self.cold else start_warm, {**self.environment, **more}
        with (self.folder / f"{name}.log").open("ab") as log:
            self.processes[name] = run(program, *arguments, env=environment, output=log, errors=log)

    def run(self, name: str, *arguments: str) -> None:
        """Run `frontdesk <arguments>` to its end; fail with the logs where it does not go well."""
        self.start(name, *arguments)
        assert ended(self.processes.pop(name), within=SLOW_MACHINE) == 0, self.logs()

    def kill(self, name: str) -> None:
        """End the process at once, as a crash would."""
        process = self.processes.pop(name)
        process.kill()
        ended(process)

    def wait_ready(self, seconds: float = 2 * SLOW_MACHINE) -> None:
        """Wait for /readyz; fail with the logs where a process has ended instead."""
        wait_until(self._is_ready, f"ready; {self.logs()}", seconds)

    def _is_ready(self) -> bool:
        ended = [name for name, process in self.processes.items() if process.poll() is not None]
        assert not ended, f"{ended} ended: {self.logs()}"
        with suppress(requests.RequestException):
            return requests.get(f"{self.url}/readyz", timeout=5).status_code == 200
        return False

    def stop(self) -> None:
        """End all processes as a supervisor does: SIGTERM, then SIGKILL after a while."""
        for process in self.processes.values():
            process.send_signal(signal.SIGTERM)
        for process in self.processes.values():
            try:
                ended(process, within=STOP_SECONDS)
            except subprocess.TimeoutExpired:
                process.kill()
                ended(process)
        self.processes.clear()

    def logs(self) -> str:
        """Return the ends of all logs."""
        return "\n".join(f"--- {log.name}\n{log.read_text()[-3000:]}" for log in sorted(self.folder.glob("*.log")))


def environment_of(folder: Path, port: int, **more: str) -> dict[str, str]:
    """Return the environment of an installation whose data lies in `folder`; `more` are further settings.

    A slow machine is no database that is away: what is waited for has generous limits.
    """
    inherited = {"PATH", "HOME", "LANG", "TMPDIR", "PYTHONPYCACHEPREFIX"}
    kept = {name: value for name, value in os.environ.items() if name in inherited}
    return {
        **kept,
        "PYTHONPATH": str(ROOT),
        "PYTHONUNBUFFERED": "1",
        "DATA_DIR": str(folder / "data"),
        "PORT": str(port),
        "FRONTDESK_ADMIN_EMAIL": ADMIN[0],
        "FRONTDESK_ADMIN_PASSWORD": ADMIN[1],
        "BOOKING_RATE_LIMIT": "0",
        "DAY_LISTS_AT": "off",
        "TRUSTED_PROXIES": "127.0.0.1",  # so that tests can come from different addresses
        **dict.fromkeys((f"DATABASE_{what}_TIMEOUT" for what in ("CONNECT", "POOL", "LOCK", "STATEMENT")), "60"),
        **more,
    }


def embedded(folder: Path, *, cold: bool = False, demo_day: bool = False, **more: str) -> Installation:
    """Return an installation in one process, started but perhaps not ready; `cold` as people start it.

    With a `demo_day` its demo clinics are at work, as people find them.
    """
    port = free_port()
    installation = Installation(port, folder, environment_of(folder, port, **more), cold)
    installation.start("up", "up", *([] if demo_day else ["--no-demo-day"]))
    return installation


def deployed(
    folder: Path,
    rabbitmq_uri: str,
    redis_url: str,
    new_database: Callable[[], str],
    instances: Mapping[str, int],
    *,
    cold: bool = False,
    demo: bool = True,
    **more: str,
) -> Installation:
    """Return an installation on RabbitMQ, PostgreSQL and Redis with `instances` of each service (one if not named).

    `cold` starts its processes as people do; `demo` sets up the demo clinics; `more` are further settings.
    """
    port = free_port()
    keys = {name: os.urandom(32).hex() for name in ("ACTOR_KEY", "LINK_KEY", "LOOKUP_KEY")}
    seals = {name: new_seal_key() for name in ("EVENT_KEYS", "IDENTITY_KEYS", "EVENT_SIGNING_KEYS")}
    databases = {f"{service.upper()}_DATABASE_URL": new_database() for service in SERVICES}
    made = {**keys, **seals, **databases, **more}
    environment = environment_of(folder, port, AMQP_URI=rabbitmq_uri, REDIS_URL=redis_url, **made)
    installation = Installation(port, folder, environment, cold)
    installation.run("migrate", "migrate")
    for service in SERVICES:
        for number in range(1, instances.get(service, 1) + 1):
            installation.start(f"{service}-{number}", "serve", service)
    installation.start("gateway", "serve", "gateway")
    installation.wait_ready()
    if demo:
        installation.run("apply", "clinic", "apply", *map(str, sorted((ROOT / "demo").glob("*.yaml"))))
    return installation
