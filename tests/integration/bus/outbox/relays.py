"""What relays are tested with: events that were written, and a broker that takes what they publish."""

from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from typing import Any

import pytest
from sqlalchemy import Connection, select

from shared.bus.events.readers import Readers
from shared.bus.events.relay import Ledgers, Relay, Told
from shared.bus.events.signatures import Signatures
from shared.bus.wires.message import Outgoing
from shared.contracts.envelope import Event, new_event
from shared.sealed import Sealer
from shared.settings import new_seal_key
from shared.storage.database import Database
from tests.builders.clock import FakeClock
from tests.contract.bus.services import Store

NOW = datetime(2026, 12, 1, 12, tzinfo=UTC)
SIGNATURES = Signatures(new_seal_key())
NO_READERS = Readers({}, Sealer(new_seal_key()))
ON_POSTGRESQL = pytest.mark.parametrize("database", ["postgresql"], indirect=True)


class FakeLink:
    """Takes batches, and can fail or find nobody."""

    def __init__(self) -> None:
        self.batches: list[list[str]] = []
        self.messages: list[Outgoing] = []
        self.trouble: BaseException | None = None
        self.unheard: list[str] = []
        self.meanwhile: Callable[[], object] = lambda: None
        """What happens while the broker is waited for."""

    def deliver(self, messages: list[Outgoing]) -> list[str]:
        """Take a batch as the broker does."""
        self.meanwhile()
        if self.trouble is not None:
            raise self.trouble
        self.batches.append([str(message.properties["message_id"]) for message in messages])
        self.messages += messages
        return self.unheard

    @property
    def delivered(self) -> list[str]:
        """The ids of all events, in the order in which they came."""
        return [event_id for batch in self.batches for event_id in batch]


def a_relay(
    database: Database,
    link: Any,
    clock: FakeClock | None = None,
    heard: set[str] | None = None,
    told: Callable[[Sequence[Told]], None] = lambda _told: None,
    readers: Readers = NO_READERS,
) -> Relay:
    """Return the relay of a process, which publishes by `link`."""
    ledgers = Ledgers(Store.outbox, Store.inbox)
    return Relay("teller", database, ledgers, link, clock or FakeClock(NOW), SIGNATURES, readers, heard, told)


def an_event(type: str = "Told", source: str = "teller", **data: Any) -> Event:
    """Return an event of a teller."""
    return new_event(
        source, type, clinic="solna", subject="A", version=1, data=data, now=NOW,
        actor={"kind": "tool", "id": None}, correlation_id="c",
    )  # fmt: skip


def write(connection: Connection, *events: Event, claimed_until: datetime | None = None) -> None:
    """Write events as a unit of work does at its end."""
    store = Store(connection)
    for each in events:
        store.publish(each)
    store.write_told(claimed_until)


def publish(database: Database, *types: str) -> list[str]:
    """Write events in one transaction and return their ids."""
    events = [an_event(type) for type in types]
    with database.transaction() as connection:
        write(connection, *events)
    return [event.id for event in events]


def commit(database: Database, count: int, claimed_until: datetime) -> list[Event]:
    """Commit events that are claimed until then, and return them, as a unit of work hands them over."""
    events = [an_event() for _ in range(count)]
    with database.transaction() as connection:
        write(connection, *events, claimed_until=claimed_until)
    return events


def unpublished(database: Database) -> int:
    """Return how many events wait."""
    with database.reading() as connection:
        return len(connection.execute(select(Store.outbox).where(Store.outbox.c.published_at.is_(None))).all())
