"""Gateway processes for these tests, on the embedded bus or on RabbitMQ."""

import os
import signal
import socket
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from http.client import HTTPConnection
from pathlib import Path
from typing import Any

import orjson
import pytest

from shared.settings import SERVICES, new_seal_key
from tests.servers.ports import free_port
from tests.servers.warm import Process, ended, start_warm

PASSWORD = "a long enough password"
START_SECONDS = 120
PATIENCE_SECONDS = 40
"""How long a client waits: longer than the gateway lets a connection lie idle, on a machine that stands still too."""


@dataclass
class Installation:
    """A running gateway process with its stand-ins."""

    process: Process
    port: int
    log: Path

    def request(
        self, method: str, path: str, body: bytes | None = None, headers: dict[str, str] | None = None
    ) -> tuple[int, dict[str, str], bytes]:
        """Return status, headers and body of one request on a connection of its own."""
        connection = HTTPConnection("127.0.0.1", self.port, timeout=PATIENCE_SECONDS)
        try:
            connection.request(method, path, body, headers or {})
            response = connection.getresponse()
            return response.status, {name.lower(): value for name, value in response.getheaders()}, response.read()
        finally:
            connection.close()

    def get(self, path: str, **headers: str) -> tuple[int, Any]:
        """Return status and JSON of a GET."""
        status, _, body = self.request("GET", path, headers=headers)
        return status, orjson.loads(body)

    def connect(self, source: str = "127.0.0.1") -> socket.socket:
        """Return a raw connection from one of the loopback's addresses, all of which are this machine's."""
        return socket.create_connection(("127.0.0.1", self.port), timeout=PATIENCE_SECONDS, source_address=(source, 0))

    def lives(self) -> bool:
        """Tell whether the process still runs and answers."""
        return self.process.poll() is None and self.request("GET", "/healthz")[0] == 200

    def stop(self) -> int:
        """Ask the process to end and return its exit code."""
        self.process.send_signal(signal.SIGTERM)
        return ended(self.process, within=60)


Start = Callable[..., Installation]


@pytest.fixture(scope="session")
def start_installation(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Start]:
    """Return a function that starts a gateway with the services named; all are ended with the session."""
    started: list[Installation] = []

    def start(*services: str, **environment: str) -> Installation:
        folder = tmp_path_factory.mktemp("gateway")
        installation = _started(folder, services, environment)
        started.append(installation)
        _wait_until_it_answers(installation, services)
        return installation

    yield start
    for each in started:
        if each.process.poll() is None:
            each.process.kill()
            ended(each.process, within=60)


@pytest.fixture(scope="module")
def installation(start_installation: Start) -> Installation:
    """Return a whole installation on the embedded bus."""
    return start_installation(*SERVICES)


def on_rabbitmq(uri: str) -> dict[str, str]:
    """Return the environment that puts an installation on RabbitMQ, where keys have to be given."""
    keys = dict.fromkeys(("ACTOR_KEY", "LINK_KEY", "LOOKUP_KEY"), "k" * 64)
    seals = {name: new_seal_key() for name in ("EVENT_KEYS", "IDENTITY_KEYS", "EVENT_SIGNING_KEYS")}
    return {"AMQP_URI": uri, **keys, **seals}


def _started(folder: Path, services: tuple[str, ...], environment: dict[str, str]) -> Installation:
    port, log = free_port(), folder / "log"
    names = {"PATH", "HOME", "LANG", "PYTHONPYCACHEPREFIX"}
    inherited = {name: value for name, value in os.environ.items() if name in names}
    own = {"PORT": str(port), "DATA_DIR": str(folder), "FRONTDESK_ADMIN_PASSWORD": PASSWORD, "DAY_LISTS_AT": "off"}
    program, settings = "tests.integration.gateway.installation", {**inherited, **own, **environment}
    with log.open("wb") as file:
        process = start_warm(program, *services, env=settings, output=file, errors=file)
    return Installation(process, int(environment.get("PORT", port)), log)


def _wait_until_it_answers(installation: Installation, services: tuple[str, ...]) -> None:
    """Wait for the gateway and for all `services`, which take up their queues on their own time."""
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline and installation.process.poll() is None:
        try:
            answering = installation.get("/readyz")[1]["services"]
        except OSError:
            answering = {}
        if all(answering.get(service) for service in services) and answering:
            return
        time.sleep(0.05)
    pytest.fail(f"the gateway did not start:\n{installation.log.read_text()}")
