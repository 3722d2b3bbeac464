"""What services are given besides each other: their database, the time, the settings, documents, the cache."""

import logging
from collections.abc import Callable, Sequence
from datetime import timedelta
from functools import partial
from typing import Any

import eventlet
import redis
from nameko.extensions import DependencyProvider
from sqlalchemy import Connection, text
from sqlalchemy.exc import OperationalError

from shared.actor import CONTEXT_KEY
from shared.bus.calls.calling import Calls
from shared.bus.calls.context import service_actor, signed
from shared.bus.events.readers import Readers
from shared.bus.events.relay import Ledgers, Relay, Told
from shared.bus.events.republishing import publish_anew
from shared.bus.events.signatures import Signatures
from shared.bus.events.topology import events_exchange
from shared.bus.events.unit_of_work import ServiceStore, UnitOfWork
from shared.bus.wires.budget import Budget, budget_of
from shared.bus.wires.link import ConfirmedLink
from shared.bus.wires.message import HEADER_PREFIX
from shared.bus.wires.rabbitmq import connection_to
from shared.clinic_documents import ClinicDocument, ClinicDocuments, Revisions
from shared.clock import Clock, SystemClock
from shared.contracts.booking import SLOT_HELD, SLOT_RELEASED
from shared.contracts.notification import MESSAGE_SENT
from shared.settings import Settings
from shared.storage.database import Database
from shared.storage.migrations import NotMigrated
from shared.storage.pulse import Pulse
from shared.storage.redis_store import connect
from shared.storage.slot_cache import SlotCache

_log = logging.getLogger(__name__)

_RETRY_SECONDS = 1.0
_REPUBLISHED = timedelta(days=2)
_DOCUMENT_TIMEOUT = 3.0
_SEEN_NOWHERE = frozenset({SLOT_HELD, SLOT_RELEASED, MESSAGE_SENT})
"""Consoles show no holds, and of messages what booking has noted, which says so itself."""


class Work(DependencyProvider):
    """Injects the service's UnitOfWork; owns its database and the relay that publishes its outbox.

    `config["require_tables"]` raises NotMigrated while the database has not the tables of the service.
    """

    link = ConfirmedLink()

    def __init__(self, service: str, make_store: Callable[[Connection], ServiceStore]) -> None:
        self.service = service
        self.make_store = make_store

    def setup(self) -> None:
        """Wait for the database, and declare the exchange, so that the relay can publish once consumers have queues."""
        config = self.container.config
        settings: Settings = config["settings"]
        self.database = Database(settings.database_url(self.service), settings.database_limits)
        _wait_for(self.database, self.service, config.get("require_tables", _require_nothing))
        with connection_to(config["AMQP_URI"], connect_timeout=5) as connection:
            events_exchange(self.service)(connection.channel()).declare()
        store: Any = self.make_store
        heard = (
            {type for source, type in config["heard_events"] if source == self.service}
            if "heard_events" in config
            else None
        )
        self.ledgers = Ledgers(store.outbox, store.inbox)
        signatures, readers = Signatures.from_settings(settings), Readers.from_settings(settings)
        self.client = connect(settings.redis_url)
        self.relay = Relay(
            self.service,
            self.database,
            self.ledgers,
            self.link,
            SystemClock(),
            signatures,
            readers,
            heard,
            told=partial(_beat, Pulse(self.client)),
        )
        self.work = UnitOfWork(self.database, self.make_store, self.relay.take)

    def start(self) -> None:
        """Start publishing; a bus that forgot with its process gets the last days' events again."""
        if self.container.config["settings"].embedded:
            now = SystemClock().now()
            publish_anew(self.database, self.ledgers.outbox, now - _REPUBLISHED, now)
        self._publishing = self.container.spawn_managed_thread(self.relay.run, identifier="relay")
        self._purging = self.container.spawn_managed_thread(self.relay.run_purge, identifier="purge")

    def stop(self) -> None:
        """Publish what is in hand and close the database."""
        self.relay.stop()
        self._purging.kill()
        self._publishing.wait()
        self.client.close()
        self.database.close()

    def get_dependency(self, worker_ctx: Any) -> UnitOfWork[Any]:
        """Return the process's unit of work, within the worker's budget."""
        return self.work.within(budget_of(worker_ctx.data))


class Time(DependencyProvider):
    """Injects the clock; `config["clock"]` replaces it in tests."""

    def get_dependency(self, worker_ctx: Any) -> Clock:
        """Return the clock."""
        clock: Clock = self.container.config.get("clock") or SystemClock()
        return clock


class Configuration(DependencyProvider):
    """Injects the settings."""

    def get_dependency(self, worker_ctx: Any) -> Settings:
        """Return the process's settings."""
        settings: Settings = self.container.config["settings"]
        return settings


class FromSettings(DependencyProvider):
    """Injects what is made of the settings once per process: keys, ways out of the house."""

    def __init__(self, make: Callable[[Settings], Any]) -> None:
        self.make = make

    def setup(self) -> None:
        """Make it."""
        self.made = self.make(self.container.config["settings"])

    def get_dependency(self, worker_ctx: Any) -> Any:
        """Return it, the same to all."""
        return self.made


class Cache(DependencyProvider):
    """Injects Redis, or its twin inside the process."""

    def setup(self) -> None:
        """Make the client; it connects when it is first used."""
        self.client = connect(self.container.config["settings"].redis_url)

    def stop(self) -> None:
        """Close the client's connections."""
        self.client.close()

    def get_dependency(self, worker_ctx: Any) -> redis.Redis:
        """Return the process's client."""
        return self.client


class Changes(Cache):
    """Injects the clinics' pulse."""

    def get_dependency(self, worker_ctx: Any) -> Any:
        """Return what tells of changes, and notes them."""
        return Pulse(self.client)


class SearchedDays(DependencyProvider):
    """Injects the slot cache; the gateway's search is built on it."""

    def setup(self) -> None:
        """Make the clients; they connect when they are first used."""
        self.client = connect(self.container.config["settings"].redis_url, decoded=False)
        self.cache = SlotCache(self.client)

    def stop(self) -> None:
        """Close the client's connections."""
        self.client.close()

    def get_dependency(self, worker_ctx: Any) -> Any:
        """Return the process's slot cache."""
        return self.cache


class Documents(DependencyProvider):
    """Injects the clinics' documents as this process knows them, fetched from availability where they are newer."""

    calls = Calls()

    def setup(self) -> None:
        """Start with no copies."""
        self.client = connect(self.container.config["settings"].redis_url)
        self.revisions, self.copies = Revisions(self.client), dict[str, ClinicDocument]()

    def stop(self) -> None:
        """Close the client's connections."""
        self.client.close()

    def get_dependency(self, worker_ctx: Any) -> ClinicDocuments:
        """Return the process's copies, refreshed within the worker's budget."""
        return ClinicDocuments(self.revisions, partial(self._fetch, budget_of(worker_ctx.data)), self.copies)

    def _fetch(self, budget: Budget, clinic: str) -> dict[str, Any]:
        """Ask availability as this service: a document is fetched for everybody, not for whoever asked first."""
        token = signed(service_actor(self.container.service_name), self.container.config["settings"])
        headers = {HEADER_PREFIX + CONTEXT_KEY: token}
        timeout = budget.at_most(_DOCUMENT_TIMEOUT)
        reply = self.calls.request("availability.document", (clinic,), {}, headers, timeout)
        answer: dict[str, Any] = reply.result()
        return answer


def _beat(pulse: Pulse, told: Sequence[Told]) -> None:
    """Let the consoles of clinics see what was told."""
    pulse.beat({each.body["clinic"] for each in told if each.type not in _SEEN_NOWHERE})


def _require_nothing(_service: str, _connection: Connection) -> None:
    """Be content with any tables: whoever has just made them needs no question."""


def _wait_for(database: Database, service: str, require_tables: Callable[[str, Connection], None]) -> None:
    """Return when the database answers and has its tables; log once per second why it does not."""
    while True:
        try:
            with database.reading() as connection:
                connection.execute(text("SELECT 1"))
                require_tables(service, connection)
        except OperationalError as trouble:
            _log.warning("%s waits for its database: %s", service, str(trouble.orig).splitlines()[0])
        except NotMigrated as trouble:
            _log.warning("%s waits for its database: %s", service, trouble)
        else:
            return
        eventlet.sleep(_RETRY_SECONDS)
