"""An installation on a broker whose users have narrow rights, as docker-compose.yml makes it."""

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit, urlunsplit
from uuid import uuid4

import pika
import requests
from pika.exceptions import ChannelClosedByBroker

from cli.commands.running import PROCESSES
from shared.bus.client import connection_parameters
from shared.environment.web_address import with_password
from shared.settings import SERVICES, new_seal_key
from tests.servers.ports import free_port
from tests.system.installation import Installation, environment_of

USERS = (*PROCESSES, "tool-till", "tool-board")
TILL_KEY = os.urandom(32).hex()
BOARD_KEY = os.urandom(32).hex()
"""Of the tool that works for the clinic `solna` and hears what booking tells; the other hears nothing."""
_ACCESS_REFUSED = 403
_MANAGEMENT = 10_000
"""How far above the port for AMQP a broker of `tests.servers` is managed."""


@dataclass
class Guarded:
    """An installation whose processes have users with narrow rights; `address` is the administrator's."""

    installation: Installation
    address: str
    passwords: dict[str, str]

    def address_of(self, user: str) -> str:
        """Return the broker's address as a user knows it, with a password of all that has to be quoted."""
        broker = urlsplit(self.address)
        address = urlunsplit(broker._replace(netloc=f"{user}@{broker.hostname}:{broker.port}"))
        return with_password(address, self.passwords[user])

    @contextmanager
    def channel(self, user: str = "") -> Iterator[Any]:
        """Open a channel of a user; of the administrator where none is named."""
        parameters = connection_parameters(self.address_of(user) if user else self.address)
        connection = pika.BlockingConnection(parameters)
        try:
            yield connection.channel()
        finally:
            connection.close()

    def start(self, name: str, *arguments: str, user: str) -> None:
        """Start a process with the address of its user."""
        self.installation.environment["AMQP_URI"] = self.address_of(user)
        self.installation.start(name, *arguments)

    def refused(self, user: str, what: Callable[[Any], object]) -> bool:
        """Tell whether the broker refuses a user something."""
        with self.channel(user) as channel:
            channel.confirm_delivery()
            try:
                what(channel)
            except ChannelClosedByBroker as closed:
                if closed.reply_code == _ACCESS_REFUSED:
                    return True
                raise
        return False


@contextmanager
def guarded_installation(
    folder: Path, rabbitmq_uri: str, redis_url: str, new_postgres_database: Callable[[], str]
) -> Iterator[Guarded]:
    """Start an installation as docker-compose.yml does: migrate, make users, then each process with its own."""
    port = free_port()
    keys = {name: os.urandom(32).hex() for name in ("ACTOR_KEY", "LINK_KEY", "LOOKUP_KEY")}
    seals = {name: new_seal_key() for name in ("EVENT_KEYS", "IDENTITY_KEYS", "EVENT_SIGNING_KEYS")}
    databases = {f"{service.upper()}_DATABASE_URL": new_postgres_database() for service in SERVICES}
    passwords = {name: f"{uuid4().hex}@/:#' %" for name in USERS}
    more = {
        "AMQP_URI": rabbitmq_uri,
        "REDIS_URL": redis_url,
        "TOOL_KEYS": f"till:{TILL_KEY},board:{BOARD_KEY}:solna:*:booking",
        "BROKER_PASSWORDS": ",".join(f"{name}:{password}" for name, password in passwords.items()),
        "BROKER_MANAGEMENT_URL": management(rabbitmq_uri),
    }
    installation = Installation(port, folder, environment_of(folder, port, **keys, **seals, **databases, **more))
    made = Guarded(installation, rabbitmq_uri, passwords)
    try:
        installation.run("migrate", "migrate")
        installation.run("broker-users", "broker-users")
        installation.run("broker-users", "broker-users")  # as at each `docker compose up`
        del installation.environment["BROKER_PASSWORDS"]
        for process in PROCESSES:
            made.start(process, "serve", process, user=process)
        installation.wait_ready()
        yield made
    finally:
        installation.stop()
        remove_users(rabbitmq_uri)


def management(address: str) -> str:
    """Return where a broker is managed."""
    broker = urlsplit(address)
    given = os.environ.get("TEST_AMQP_MANAGEMENT_URL")
    return given or f"http://{broker.hostname}:{(broker.port or 5672) + _MANAGEMENT}"


def remove_users(address: str) -> None:
    """Leave no users behind on a broker that may be somebody else's."""
    broker = urlsplit(address)
    for name in USERS:
        login = broker.username or "guest", broker.password or "guest"
        requests.delete(f"{management(address)}/api/users/{name}", auth=login, timeout=30).raise_for_status()
