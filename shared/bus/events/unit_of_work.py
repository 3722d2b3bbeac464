"""One transaction of a service: its store, and the events it causes, which the relay gets at commit.

A transaction for which somebody waits commits only while they do (ADR 18).
"""

import logging
from collections.abc import Callable, Collection, Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Any, Generic, TypeVar

from sqlalchemy import Connection, Table, Text, bindparam, text
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.exc import SQLAlchemyError

from shared.bus.events.inbox import first_times
from shared.bus.events.outbox import CLAIM, add_events, blank_persons
from shared.bus.wires.budget import UNLIMITED, Budget
from shared.contracts.envelope import Event
from shared.contracts.errors import Timeout, Unavailable
from shared.storage.database import Database, insert_into, is_away
from shared.storage.prepared import Prepared, send_unsent

_log = logging.getLogger(__name__)

_ONE_AT_A_TIME = Prepared(
    text("SELECT count(pg_advisory_xact_lock(hashtextextended(name, 0))) FROM unnest(:names) AS name").bindparams(
        bindparam("names", type_=ARRAY(Text))
    )
)


class ServiceStore:
    """What every service's store can do besides its own queries. Subclasses name their two tables."""

    outbox: Table
    inbox: Table

    def __init__(self, connection: Connection) -> None:
        self.connection = connection
        self.told: list[Event] = []

    def publish(self, event: Event) -> None:
        """Let `event` be written into the outbox at the end of this transaction."""
        self.told.append(event)

    def write_told(self, claimed_until: datetime | None = None) -> None:
        """Write what this transaction tells into the outbox; the unit of work does so before it commits."""
        add_events(self.connection, self.outbox, self.told, claimed_until)

    def blank_persons(self, about: Collection[str], blank: Callable[[str], str | None]) -> None:
        """Take the person out of what the outbox holds about these subjects or bookings (`outbox.blank_persons`)."""
        blank_persons(self.connection, self.outbox, about, blank)

    def one_at_a_time(self, names: Collection[str]) -> None:
        """Wait until no other transaction is at what has any of these names, be it in no table yet or no longer.

        In their order, so that nobody waits in a circle, and as the next query is asked, which sees what others have
        done. On SQLite writers already wait for each other.
        """
        if names and self.connection.dialect.name == "postgresql":
            _ONE_AT_A_TIME.write(self.connection, names=sorted(names))

    def insert_into(self, table: Table) -> Any:
        """Return an INSERT that can say what to do on conflict."""
        return insert_into(self.connection, table)

    def first_time(self, consumer: str, event: Event, now: datetime) -> bool:
        """Note that `consumer` takes `event` in; False where it already did, and nothing must be done."""
        return bool(self.first_times(consumer, [event], now))

    def first_times(self, consumer: str, events: Collection[Event], now: datetime) -> set[str]:
        """Note that `consumer` takes `events` in; return the ids of those that it had not taken in before."""
        return first_times(self.connection, self.inbox, consumer, {event.id for event in events}, now)


StoreT = TypeVar("StoreT", bound=ServiceStore)
HandOver = Callable[[Sequence[Event], datetime], None]
"""Takes events that were committed, and until when they are claimed for whoever publishes them."""


def nobody(_events: Sequence[Event], _claimed_until: datetime) -> None:
    """Publish nothing, where no relay runs."""


class UnitOfWork(Generic[StoreT]):
    """Opens transactions: `with work() as store:` commits when the block ends, rolls back when it raises."""

    def __init__(
        self,
        database: Database,
        make_store: Callable[[Connection], StoreT],
        hand_over: HandOver = nobody,
        budget: Budget = UNLIMITED,
    ) -> None:
        self.database = database
        self._make_store = make_store
        self._hand_over = hand_over
        self._budget = budget

    def within(self, budget: Budget) -> "UnitOfWork[StoreT]":
        """Return the same for work that may take as long as `budget` lasts."""
        return UnitOfWork(self.database, self._make_store, self._hand_over, budget)

    @contextmanager
    def __call__(self) -> Iterator[StoreT]:
        """Open one writing transaction and yield its store; raise Unavailable where the database does not answer.

        Raises Timeout, and leaves all as it was, where the budget is over before the commit.
        """
        self._budget.require_left()
        with _told_kindly(), self.database.transaction() as connection:
            store = self._make_store(connection)
            yield store
            claimed_until = datetime.now(UTC) + CLAIM
            store.write_told(claimed_until)
            if self._budget is not UNLIMITED:
                send_unsent(connection)  # and wait for others with it, before the last look
                self._require_that_somebody_waits()
        if store.told:
            self._hand_over(store.told, claimed_until)

    @contextmanager
    def reading(self) -> Iterator[StoreT]:
        """Yield a store for queries, each of which sees the newest state; raise Unavailable, or Timeout as above."""
        self._budget.require_left()
        with _told_kindly(), self.database.reading() as connection:
            yield self._make_store(connection)

    @contextmanager
    def snapshot(self) -> Iterator[StoreT]:
        """Yield a store for queries that all see one state, where that matters; raise Unavailable, or Timeout."""
        self._budget.require_left()
        with _told_kindly(), self.database.snapshot() as connection:
            yield self._make_store(connection)

    def _require_that_somebody_waits(self) -> None:
        try:
            self._budget.require_left()
        except Timeout:
            _log.warning("a transaction was taken back: nobody waited for it any more")
            raise


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
