"""One transaction of a service: its store, the events it causes, and the relay's wake-up at commit."""

import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import Any, Generic, TypeVar

from sqlalchemy import Connection, Table
from sqlalchemy.exc import SQLAlchemyError

from shared.bus.events.inbox import first_time
from shared.bus.events.outbox import add_event
from shared.contracts.envelope import Event
from shared.contracts.errors import Unavailable
from shared.storage.database import Database, insert_into, is_away

_log = logging.getLogger(__name__)


class ServiceStore:
    """What every service's store can do besides its own queries. Subclasses name their two tables."""

    outbox: Table
    inbox: Table

    def __init__(self, connection: Connection) -> None:
        self.connection = connection
        self.has_news = False

    def publish(self, event: Event) -> None:
        """Write `event` into the outbox, in this transaction."""
        add_event(self.connection, self.outbox, event)
        self.has_news = True

    def insert_into(self, table: Table) -> Any:
        """Return an INSERT that can say what to do on conflict."""
        return insert_into(self.connection, table)

    def first_time(self, consumer: str, event: Event, now: datetime) -> bool:
        """Note that `consumer` takes `event` in; False where it already did, and nothing must be done."""
        return first_time(self.connection, self.inbox, consumer, event.id, now)


StoreT = TypeVar("StoreT", bound=ServiceStore)


class UnitOfWork(Generic[StoreT]):
    """Opens transactions: `with work() as store:` commits when the block ends, rolls back when it raises."""

    def __init__(
        self, database: Database, make_store: Callable[[Connection], StoreT], wake_relay: Callable[[], None]
    ) -> None:
        self.database = database
        self._make_store = make_store
        self._wake_relay = wake_relay

    @contextmanager
    def __call__(self) -> Iterator[StoreT]:
        """Open one writing transaction and yield its store; raise Unavailable where the database does not answer."""
        with _told_kindly(), self.database.transaction() as connection:
            store = self._make_store(connection)
            yield store
        if store.has_news:
            self._wake_relay()

    @contextmanager
    def reading(self) -> Iterator[StoreT]:
        """Open one consistent view and yield its store; raise Unavailable where the database does not answer."""
        with _told_kindly(), self.database.reading() as connection:
            yield self._make_store(connection)


@contextmanager
def _told_kindly() -> Iterator[None]:
    """Tell callers of a database that is away what the bus tells them of a service that is."""
    try:
        yield
    except SQLAlchemyError as trouble:
        if not is_away(trouble):
            raise
        _log.warning("the database does not answer: %s", trouble)
        raise Unavailable.because("The service's database does not answer.") from trouble
