"""An installation with two processes of everything, each server behind a proxy, whose books are compared in the end."""

import signal
import time
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import requests
from pika.exceptions import AMQPError
from sqlalchemy.engine import make_url
from sqlalchemy.exc import SQLAlchemyError

from shared.settings import SERVICES
from shared.storage.limits import Limits
from tests.faults.books import Queues, queues, read_books, unpublished
from tests.faults.ledger import ABSENCE, Faults, Ledger, clocked, judge, released_early
from tests.servers import redis as redises
from tests.servers.ports import free_port
from tests.servers.postgres import FreshDatabases
from tests.servers.proxy import Proxies
from tests.servers.rabbitmq import own_vhost
from tests.servers.server import Server
from tests.system.installation import Installation, deployed, wait_until

BROKER, DATABASE, REDIS = "broker", "database", "redis"
DATABASES = {service: f"{service}_database" for service in SERVICES}
"""The names of the ways to each service's database."""

PROCESSES = (*(f"{service}-{number}" for service in SERVICES for number in (1, 2)), "gateway", "gateway-2")

_OWN_LIMITS = {
    f"DATABASE_{name.upper()}_TIMEOUT": str(seconds)
    for name, seconds in vars(Limits()).items()
    if name in ("connect", "pool", "lock", "statement")
}
"""The product's own, which other tests lengthen: here a database that is away is what is tried."""


@dataclass
class Pairs:
    """Two processes of each service and two gateways, the servers that they stand on, and the ways there."""

    installation: Installation
    urls: tuple[str, str]
    servers: dict[str, Server]
    proxies: Proxies
    environment: dict[str, str]
    """That of the processes, but with the servers' own addresses: by the proxies one would hurt oneself."""
    second_port: int

    def start(self, process: str, ahead: float = 0.0) -> None:
        """Start a process by its name, `booking-1` or `gateway-2`; its clock is so many seconds ahead."""
        command = ("serve", process.partition("-")[0])
        more = {"PORT": str(self.second_port)} if process == "gateway-2" else {}
        if ahead:
            self.installation.start(process, str(ahead), *command, program="tests.faults.ahead", **more)
        else:
            self.installation.start(process, *command, **more)

    def restart(self, process: str, ahead: float = 0.0) -> None:
        """End a process as a supervisor does, and start it again."""
        self.end(process)
        self.start(process, ahead)

    def kill(self, *processes: str) -> None:
        """End processes at once, as a crash would."""
        for process in processes:
            self.installation.kill(process)

    def end(self, process: str) -> None:
        """End a process as a supervisor does: it finishes what it has begun."""
        running = self.installation
        ending = {process: running.processes.pop(process)}
        Installation(running.port, running.folder, running.environment, processes=ending).stop()

    def freeze(self, *processes: str) -> None:
        """Stop processes where they stand; their connections stay open."""
        for process in processes:
            self.installation.processes[process].send_signal(signal.SIGSTOP)

    def thaw(self, *processes: str) -> None:
        """Let frozen processes go on."""
        for process in processes:
            self.installation.processes[process].send_signal(signal.SIGCONT)

    def wait_ready(self) -> None:
        """Wait until both gateways find all services."""
        self.installation.wait_ready()
        wait_until(lambda: _is_ready(self.urls[1]), f"the second gateway is ready; {self.installation.logs()}")

    def wait_quiet(self, seconds: float) -> bool:
        """Wait until nothing waits to be published or acted on any more; tell whether that came in time."""
        end = clocked() + seconds
        while not self._is_quiet():
            if clocked() > end:
                return False
            time.sleep(0.2)  # between looks at five servers, which cost
        return True

    def queues(self) -> Queues:
        """Return what lies in the broker's queues."""
        return queues(self.environment["AMQP_URI"])

    def _is_quiet(self) -> bool:
        try:
            waiting = self.queues()
            return not (waiting.work or waiting.retry or unpublished(self.environment))
        except (AMQPError, SQLAlchemyError):
            return False  # a server that is not well yet


@contextmanager
def pairs(folder: Path, broker: Server, database: Server, redis: Server) -> Iterator[Pairs]:
    """Yield a running installation of pairs on these servers, which others of this test run use or have used."""
    own = {"AMQP_URI": own_vhost(broker), "REDIS_URL": redises.FreshDatabases(redis.address).new()}
    ports = {name: make_url(server.address).port or 0 for name, server in ((BROKER, broker), (REDIS, redis))}
    port = make_url(database.address).port or 0
    proxies = Proxies(**ports, **dict.fromkeys(DATABASES.values(), port))
    made = iter(SERVICES)
    fresh, addresses = FreshDatabases(database.address), {}

    def new_database() -> str:
        service = next(made)
        addresses[f"{service.upper()}_DATABASE_URL"] = address = fresh.new()
        return _by(address, proxies.ports[DATABASES[service]])

    installation = deployed(
        folder,
        own["AMQP_URI"].replace(f":{ports[BROKER]}", f":{proxies.ports[BROKER]}"),
        own["REDIS_URL"].replace(f":{ports[REDIS]}", f":{proxies.ports[REDIS]}"),
        new_database,
        dict.fromkeys(SERVICES, 2),
        demo=False,
        **_OWN_LIMITS,
    )
    second = free_port()
    found = Pairs(
        installation,
        (installation.url, f"http://127.0.0.1:{second}"),
        {BROKER: broker, DATABASE: database, REDIS: redis},
        proxies,
        {**installation.environment, **own, **addresses},
        second,
    )
    try:
        found.start("gateway-2")
        found.wait_ready()
        yield found
    finally:
        installation.stop()
        proxies.close()


def compared(house: Pairs, clinic: str, ledger: Ledger, seconds: float) -> Faults:
    """Return what is wrong with a clinic's books once all that follows has followed, or after so many seconds."""
    end = clocked() + seconds
    while True:
        quiet = house.wait_quiet(max(0.0, end - clocked()))
        books = read_books(house.environment, clinic)
        attempts = ledger.attempts()
        early = {"early": sentences} if (sentences := released_early(attempts)) else {}
        faults = _joined(judge(attempts, books.kept()), early, _absences(ledger, books.absences), books.effects())
        waits = {"missing", "stale"} & set(faults)
        if not waits or clocked() > end:
            return faults if quiet or waits else {**faults, "missing": ["the queues do not run empty"]}
        time.sleep(0.5)  # what is missing may be in somebody's hands


def _joined(*found: Faults) -> Faults:
    names = {name for each in found for name in each}
    return {name: [sentence for each in found for sentence in each.get(name, ())] for name in sorted(names)}


def _absences(ledger: Ledger, found: Sequence[Mapping[str, Any]]) -> Faults:
    there = Counter(each["reason"] for each in found)
    answered = {str(each.subject) for each in ledger.attempts(ABSENCE) if each.is_done}
    faults = {
        "lost": [f"absence {reason} was answered and is not there" for reason in sorted(answered - set(there))],
        "repeated": [f"absence {reason} is there {number} times" for reason, number in there.items() if number > 1],
    }
    return {what: sentences for what, sentences in faults.items() if sentences}


def _by(address: str, port: int) -> str:
    return make_url(address).set(port=port).render_as_string(hide_password=False)


def _is_ready(url: str) -> bool:
    try:
        return requests.get(f"{url}/readyz", timeout=5).status_code == 200
    except requests.RequestException:
        return False
