"""A consumer's heartbeats and acknowledgements, without a broker."""

from itertools import islice
from types import SimpleNamespace
from typing import Any, Self

import eventlet
import pytest

from shared.bus.calls.serving import RequestQueue
from shared.bus.events.consumer import MOST as MOST_IN_A_BATCH
from shared.bus.events.consumer import EventConsumer
from shared.bus.wires import queue_consumer
from shared.bus.wires.queue_consumer import BusConsumer
from shared.bus.wires.taken import Taken


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


class Channel:
    """A channel that notes what is acknowledged or given back."""

    connection = "there"

    def __init__(self) -> None:
        self.settled: list[tuple[Any, ...]] = []


class Message:
    """A delivery on a channel."""

    def __init__(self, channel: Channel, delivery_tag: int) -> None:
        self.channel = channel
        self.delivery_tag = delivery_tag

    def ack(self, multiple: bool = False) -> None:
        """Note the acknowledgement."""
        self.channel.settled.append(("up to" if multiple else "only", self.delivery_tag))

    def requeue(self) -> None:
        """Note that it was given back."""
        self.channel.settled.append(("back", self.delivery_tag))


class Gatherer:
    """A provider that gathers messages."""

    def __init__(self) -> None:
        self.gathered: list[Any] = []

    def receive(self, message: Any) -> None:
        """Take a message."""
        self.gathered.append(message)


MOST = 5


def delivered(channel: Channel, count: int) -> tuple[Any, list[Any]]:
    """Return a consumer to which so many messages have come on a channel, and them."""
    consumer, gatherer = BusConsumer(), Gatherer()
    consumer._taken = {channel: Taken(MOST)}
    for tag in range(1, count + 1):
        consumer._take(gatherer, Message(channel, tag))
    return consumer, gatherer.gathered


def test_what_is_done_is_acknowledged_with_what_is_done_soon_after() -> None:
    consumer, messages = delivered(channel := Channel(), 5)
    consumer.ack_soon(messages[1:3])
    consumer.ack_soon(messages[:1])
    assert channel.settled == []
    consumer.acknowledge()
    consumer.ack_soon(messages[3:])
    consumer.acknowledge()
    consumer.acknowledge()
    assert channel.settled == [("up to", 3), ("up to", 5)]


def test_what_is_done_in_a_quiet_hour_is_acknowledged_by_itself(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(queue_consumer, "ACK_SECONDS", 0.001)
    consumer, messages = delivered(channel := Channel(), 2)
    for message, last in zip(messages, (1, 2), strict=True):
        consumer.ack_soon([message])
        with eventlet.Timeout(20):
            while not channel.settled or channel.settled[-1] != ("up to", last):
                eventlet.sleep(0.001)


def test_many_that_are_done_wait_for_no_more() -> None:
    consumer, messages = delivered(channel := Channel(), MOST + 2)
    consumer.ack_soon(messages[: MOST - 1])
    assert channel.settled == []
    consumer.ack_soon(messages[MOST - 1 : MOST])
    consumer.ack_soon(messages[MOST:])
    assert channel.settled == [("up to", MOST)]


def test_who_waits_for_acknowledgements_gets_more_meanwhile() -> None:
    queue = RequestQueue()
    for workers, more in ((20, 5), (1, 0)):
        queue.container = SimpleNamespace(max_workers=workers)
        assert (queue.late, queue.prefetch) == (more, workers + more)
    assert EventConsumer.prefetch - EventConsumer.late >= MOST_IN_A_BATCH


def test_what_is_not_done_is_not_acknowledged_with_what_came_after_it() -> None:
    consumer, messages = delivered(channel := Channel(), 6)
    consumer.ack_soon([messages[2], messages[0], messages[3]])
    consumer.acknowledge()
    assert channel.settled == [("up to", 1), ("only", 3), ("only", 4)]
    consumer.ack_message(messages[1])
    assert channel.settled[-1] == ("only", 2)
    consumer.requeue_message(messages[4])
    consumer.ack_soon([messages[5]])
    consumer.acknowledge()
    assert channel.settled[-2:] == [("back", 5), ("up to", 6)]


def test_what_came_on_a_channel_that_is_gone_is_not_acknowledged_on_the_next() -> None:
    consumer, old = delivered(channel := Channel(), 2)
    _, new = delivered(later := Channel(), 2)
    consumer.ack_soon(old[:1])
    consumer._taken = {later: Taken(MOST)}
    for message in new:
        consumer._take(Gatherer(), message)
    consumer.ack_soon([old[1], new[0]])
    consumer.acknowledge()
    assert (channel.settled, later.settled) == ([], [("up to", 1)])


def test_who_reads_no_more_leaves_nothing_behind_that_is_done(steady: Steady) -> None:
    consumer, channel = Reading(), Channel()
    message = Message(channel, 1)
    reading = consumer.consume()
    next(reading)
    consumer._taken = {channel: Taken(MOST)}
    consumer._take(Gatherer(), message)
    consumer.ack_soon([message])
    assert (next(reading), channel.settled) == (None, [])
    consumer.should_stop = True
    assert list(reading) == []
    assert channel.settled == [("up to", 1)]
