"""A consumer's heartbeats, without a broker."""

from itertools import islice
from typing import Any, Self

import pytest

from shared.bus.wires import queue_consumer
from shared.bus.wires.queue_consumer import BusConsumer


class Steady:
    """A connection that brings a message whenever it is read."""

    connected = True
    default_channel = None

    def __init__(self) -> None:
        self.heartbeats = 0

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        pass

    def ensure_connection(self, *_: Any, **__: Any) -> None:
        """Be connected."""

    def as_uri(self) -> str:
        """Return its address."""
        return "steady://"

    def drain_events(self, timeout: float) -> None:
        """Bring a message at once."""

    def heartbeat_check(self) -> None:
        """Count."""
        self.heartbeats += 1


class Reading(BusConsumer):
    """Reads such a connection."""

    connection = Steady()

    def __init__(self) -> None:
        super().__init__()
        self._consumers = {"some": "queue"}

    def get_consumers(self, consumer_cls: Any, channel: Any) -> Any:
        """Return none: the connection knows what it brings."""
        return []


@pytest.fixture
def steady(monkeypatch: pytest.MonkeyPatch) -> Steady:
    """Return the connection of every consumer of this test."""
    connection = Steady()
    monkeypatch.setattr(Reading, "connection", connection)
    return connection


def test_heartbeats_are_seen_to_while_messages_come_without_a_pause(
    steady: Steady, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(queue_consumer, "_HEARTBEAT_SECONDS", 0.0)
    assert len(list(islice(Reading().consume(), 5))) == 5
    assert steady.heartbeats == 5


def test_heartbeats_cost_nothing_between_their_times(steady: Steady, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(queue_consumer, "_HEARTBEAT_SECONDS", 1000.0)
    assert len(list(islice(Reading().consume(), 5))) == 5
    assert steady.heartbeats == 1


def test_a_connection_that_is_gone_gets_no_heartbeat(steady: Steady, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(steady, "connected", False)
    assert len(list(islice(Reading().consume(), 2))) == 2
    assert steady.heartbeats == 0
