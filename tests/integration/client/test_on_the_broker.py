"""`frontdesk_client` on a real RabbitMQ: time limits, lost connections, events that come twice (C5)."""

import json
import re
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from uuid import uuid4

import pika
import pytest
from pika.exceptions import ChannelClosedByBroker, ProbableAuthenticationError
from sqlalchemy.engine import make_url

from frontdesk_client import Events, Frontdesk, Refused, SqliteNotes
from frontdesk_client.events import Event
from shared.bus.client import connection_parameters
from tests.servers.proxy import Proxies

LIMIT = 60.0


class Heard:
    """What an `Events` that runs in a thread has acted on; `connections` are those that it opened."""

    def __init__(self, address: str, folder: Path, source: str, queue: str) -> None:
        self.acted: list[str] = []
        self.breaks_at: str | None = None
        self.ended: list[BaseException] = []
        self._make: Callable[[], Events] = lambda: Events(
            address, "till", [f"{source}.BookingCreated"], SqliteNotes(str(folder / "heard.sqlite3")), queue
        )
        self._events: Events | None = None
        self._thread: threading.Thread | None = None

    def start(self) -> None:
        """Hear, in a thread."""
        ready = threading.Event()

        def run() -> None:
            self._events = self._make()
            ready.set()
            try:
                self._events.hear(self.act)
            except ZeroDivisionError as raised:
                self.ended.append(raised)

        self._thread = threading.Thread(target=run)
        self._thread.start()
        assert ready.wait(LIMIT)

    def act(self, event: Event) -> None:
        """Note an event, or break."""
        if event["id"] == self.breaks_at:
            raise ZeroDivisionError(event["id"])
        self.acted.append(event["id"])

    def end(self) -> None:
        """Stop, if it has not ended by itself."""
        if self._events is not None and self._thread is not None:
            self._events.stop()
            self._thread.join(LIMIT)
            assert not self._thread.is_alive()


@pytest.fixture
def address(rabbitmq_uri: str) -> str:
    """Return the broker's address as other teams write it."""
    return rabbitmq_uri.replace("pyamqp:", "amqp:")


@pytest.fixture
def way(rabbitmq_uri: str) -> Iterator[Proxies]:
    """Return a way to the broker that can be cut."""
    proxies = Proxies(broker=make_url(rabbitmq_uri).port or 5672)
    yield proxies
    proxies.close()


@pytest.fixture
def cuttable(address: str, way: Proxies) -> str:
    """Return the broker's address over that way."""
    return address.replace(f":{make_url(address).port}/", f":{way.ports['broker']}/")


@pytest.fixture
def channel(rabbitmq_uri: str) -> Iterator[Any]:
    """Return a channel of the broker's administrator."""
    connection = pika.BlockingConnection(connection_parameters(rabbitmq_uri))
    yield connection.channel()
    connection.close()


@pytest.fixture
def source(channel: Any) -> str:
    """Return a service whose events nobody else hears."""
    name = f"source{uuid4().hex[:8]}"
    channel.exchange_declare(f"{name}.events", "topic", durable=True)
    return name


@pytest.fixture
def heard(cuttable: str, tmp_path: Path, source: str) -> Iterator[Heard]:
    """Return who hears the source over a way that can be cut, not yet started."""
    found = Heard(cuttable, tmp_path, source, f"of-{source}")
    yield found
    found.end()


def waited_for(condition: Callable[[], object], what: str) -> None:
    """Wait until a condition holds."""
    end = time.monotonic() + LIMIT
    while not condition():
        assert time.monotonic() < end, what
        time.sleep(0.05)


def is_heard(channel: Any, source: str) -> bool:
    """Tell whether somebody reads the queue of a source's events."""
    other = channel.connection.channel()
    try:
        found: bool = other.queue_declare(f"tool-till.of-{source}", passive=True).method.consumer_count > 0
    except ChannelClosedByBroker:
        return False
    other.close()
    return found


def publish(channel: Any, source: str, *ids: str) -> None:
    """Publish events that hold no more than their id."""
    for each in ids:
        channel.basic_publish(f"{source}.events", "BookingCreated", json.dumps({"id": each}).encode())


def test_c5_an_event_that_comes_twice_is_acted_on_once(heard: Heard, channel: Any, source: str) -> None:
    heard.start()
    waited_for(lambda: is_heard(channel, source), "it listens")
    publish(channel, source, "a", "a", "b", "a", "c")
    waited_for(lambda: "c" in heard.acted, "the last one is heard")
    assert heard.acted == ["a", "b", "c"]


def test_c5_events_wait_while_nobody_hears_and_the_one_that_breaks_comes_again(
    heard: Heard, channel: Any, source: str
) -> None:
    heard.breaks_at = "b"
    heard.start()
    waited_for(lambda: is_heard(channel, source), "it listens")
    publish(channel, source, "a", "b", "c")
    waited_for(lambda: heard.ended, "it ends with what broke")
    assert isinstance(heard.ended[0], ZeroDivisionError)
    publish(channel, source, "d")
    heard.breaks_at = None
    heard.start()
    waited_for(lambda: len(heard.acted) == 4, "the others are heard")
    assert sorted(heard.acted) == ["a", "b", "c", "d"]


def test_c5_a_queue_that_is_taken_away_and_a_connection_that_is_cut_are_made_anew(
    heard: Heard, channel: Any, source: str, way: Proxies
) -> None:
    heard.start()
    waited_for(lambda: is_heard(channel, source), "it listens")
    channel.queue_delete(f"tool-till.of-{source}")
    waited_for(lambda: is_heard(channel, source), "it listens again")
    way.set("broker", "closed")
    waited_for(lambda: not is_heard(channel, source), "it is cut off")
    publish(channel, source, "a")
    way.set("broker", "open")
    waited_for(lambda: heard.acted == ["a"], "what came meanwhile is heard")


def test_c5_a_wrong_password_ends_it_at_once(address: str, tmp_path: Path) -> None:
    wrong = re.sub("//.*@", "//nobody:wrong@", address)
    events = Events(wrong, "till", ["booking.BookingCreated"], SqliteNotes(str(tmp_path / "heard.sqlite3")))
    with pytest.raises(ProbableAuthenticationError):
        events.hear(print)
    with Frontdesk(wrong, "till", "k" * 32) as frontdesk, pytest.raises(Refused, match="user or password") as refused:
        frontdesk.call("booking.ping")
    assert refused.value.code == "forbidden", "another time is no better"


def test_c5_a_call_ends_with_its_time_and_is_not_done_afterwards(address: str, channel: Any) -> None:
    channel.exchange_declare("nameko-rpc", "topic", durable=True)
    service = f"slow{uuid4().hex[:8]}"
    channel.queue_declare(f"rpc-{service}", auto_delete=True)
    channel.queue_bind(f"rpc-{service}", "nameko-rpc", f"{service}.*")
    with Frontdesk(address, "till", "k" * 32) as frontdesk:
        with pytest.raises(Refused, match="did not answer within") as late:
            frontdesk.call(f"{service}.anything", timeout=0.3)
        assert late.value.code == "timeout"
        assert channel.basic_get(f"rpc-{service}", auto_ack=True)[0] is None, "the broker has dropped it"
        with pytest.raises(Refused, match="Nobody serves") as unknown:
            frontdesk.call(f"no{service}.anything", timeout=LIMIT)
        assert unknown.value.code == "unavailable"


def test_c5_a_call_after_the_connection_was_lost_connects_anew(cuttable: str, channel: Any, way: Proxies) -> None:
    channel.exchange_declare("nameko-rpc", "topic", durable=True)
    with Frontdesk(cuttable, "till", "k" * 32) as frontdesk:
        for _ in range(2):
            with pytest.raises(Refused, match="Nobody serves"):
                frontdesk.call("nobody.anything", timeout=LIMIT)
            way.set("broker", "closed")
            with pytest.raises(Refused, match="was lost or refused"):
                frontdesk.call("nobody.anything", timeout=LIMIT)
            way.set("broker", "open")
        with pytest.raises(Refused, match="Nobody serves"):
            frontdesk.call("nobody.anything", timeout=LIMIT)
