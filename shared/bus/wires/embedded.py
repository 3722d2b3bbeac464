"""The bus inside one process: a kombu transport that does what Frontdesk needs of RabbitMQ (`memory://name`).

Kombu's own in-memory transport knows no confirms, no mandatory, no expiry, no delays and no dead letters, loses a
reply's content type, and sleeps between polls. This one keeps those promises over a `Broker` of the process, and wakes
its readers by a signal.
"""

import logging
import sqlite3
import time
from collections import defaultdict
from collections.abc import Callable, Mapping
from queue import Empty
from typing import Any, ClassVar

import amqp
import eventlet
from eventlet.semaphore import Semaphore
from kombu.transport import TRANSPORT_ALIASES, virtual
from kombu.utils.url import parse_url

from shared.bus.wires.broker import Broker, KeepsDeadLetters, MemoryQueue, copied

_log = logging.getLogger(__name__)

_REPLAY_SECONDS = 2.0

_BROKERS: dict[str, Broker] = {}


def open_broker(amqp_uri: str, dead_letters: KeepsDeadLetters) -> Broker:
    """Return the process's broker at `memory://name`, which keeps its dead letters there; kombu knows it then."""
    TRANSPORT_ALIASES["memory"] = f"{__name__}:Transport"
    opened = _BROKERS.setdefault(parse_url(amqp_uri)["hostname"] or "", Broker())
    opened.dead_letters = dead_letters
    return opened


def keep_replaying(opened: Broker) -> None:
    """Do what commands want of dead letters and of what waits, while the process runs; spawned by the runner."""
    while True:
        try:
            opened.replay_marked()
            opened.park_marked()
        except sqlite3.Error as trouble:
            _log.warning("the file of dead letters is out of reach: %s", trouble)
        eventlet.sleep(_REPLAY_SECONDS)


class Channel(virtual.Channel):
    """A channel that confirms, returns, expires and delays as RabbitMQ's does."""

    body_encoding = None
    do_restore = False

    def __init__(self, connection: Any, **options: Any) -> None:
        super().__init__(connection, **options)
        self.events: defaultdict[str, set[Callable[..., None]]] = defaultdict(set)
        self.unlimited: set[str] = set()
        self._confirming = False
        self._published = 0

    @property
    def broker(self) -> Broker:
        """The broker behind the channel's connection."""
        found: Broker = self.connection.broker
        return found

    def confirm_select(self) -> None:
        """Confirm what is published from now on."""
        self._confirming = True

    def prepare_message(self, body: Any, content_type: Any = None, **options: Any) -> Any:
        """Return a message whose properties tell its content type, which Nameko's replies go by."""
        prepared = super().prepare_message(body, content_type=content_type, **options)
        prepared["properties"]["content_type"] = content_type
        return prepared

    def basic_publish(
        self, message: Any, exchange: str = "", routing_key: str = "", mandatory: bool = False, **_options: Any
    ) -> None:
        """Put a copy into every queue that is bound; hand back what nobody takes where that is wanted; confirm."""
        targets = self._targets(exchange, routing_key)
        properties = {**message["properties"], "delivery_info": {"exchange": exchange, "routing_key": routing_key}}
        if mandatory and not targets:
            returned = self.Message({**message, "properties": {**properties, "delivery_tag": ""}}, channel=self)
            for callback in list(self.events["basic_return"]):
                callback(None, exchange, routing_key, returned)
        for name in targets:
            self.broker.put(name, copied(message, properties))
        if self._confirming:
            self._published += 1
            for callback in list(self.events["basic_ack"]):
                callback(self._published, False)

    def basic_consume(self, queue: str, no_ack: bool, *args: Any, **options: Any) -> None:
        """Read a queue from now on."""
        super().basic_consume(queue, no_ack, *args, **options)
        if no_ack:
            self.unlimited.add(queue)
        self.broker.queues[queue].readers.append(self.connection)
        self.connection.wake()

    def basic_cancel(self, consumer_tag: str) -> None:
        """Read the consumer's queue no more."""
        queue = self.broker.queues.get(self._tag_to_queue.get(consumer_tag, ""))
        if queue is not None and self.connection in queue.readers:
            queue.readers.remove(self.connection)
        super().basic_cancel(consumer_tag)

    def basic_ack(self, delivery_tag: str, multiple: bool = False) -> None:
        """Acknowledge, with `multiple` all that was delivered up to it, which makes room for the next messages."""
        settled = [delivery_tag]
        if multiple:
            delivered = list(self.qos._delivered)
            settled = delivered[: delivered.index(delivery_tag) + 1]
        for tag in settled:
            super().basic_ack(tag)
        self.connection.wake()

    def take(self) -> tuple[dict[str, Any], str] | None:
        """Return the next message that may be delivered and its queue, from each queue in turn."""
        for _ in range(len(self._active_queues)):
            name = self._active_queues.pop(0)
            self._active_queues.append(name)
            if name in self.unlimited or self.qos.can_consume():
                message = self.broker.take(name)
                if message is not None:
                    message["properties"]["delivery_info"]["queue"] = name
                    return message, name
        return None

    def close(self) -> None:
        """Give back what was not acknowledged, and close."""
        if not self.closed and self._qos is not None:
            self._qos.restore_unacked()
        super().close()

    def _targets(self, exchange: str, routing_key: str) -> list[str]:
        if not exchange:
            return [routing_key] if routing_key in self.broker.queues else []
        return [name for name in self._lookup(exchange, routing_key) if name in self.broker.queues]

    def _new_queue(self, queue: str, arguments: Mapping[str, Any] | None = None, **_options: Any) -> None:
        existing = self.broker.queues.setdefault(queue, MemoryQueue(dict(arguments or {})))
        if existing.arguments != dict(arguments or {}):
            raise amqp.PreconditionFailed(f"queue {queue} exists with other arguments")

    def _has_queue(self, queue: str, **_options: Any) -> bool:
        return queue in self.broker.queues

    def _size(self, queue: str) -> int:
        return len(self.broker.queues[queue].messages)

    def _purge(self, queue: str) -> int:
        count = self._size(queue)
        self.broker.queues[queue].messages.clear()
        return count

    def _delete(self, queue: str, *_args: Any, **_options: Any) -> None:
        self.broker.queues.pop(queue, None)

    def _get(self, queue: str) -> dict[str, Any]:
        message = self.broker.take(queue)
        if message is None:
            raise Empty
        message["properties"]["delivery_info"]["queue"] = queue
        return message

    def _put(self, queue: str, message: dict[str, Any], **_options: Any) -> None:
        self.broker.put(queue, message)

    def _restore(self, message: Any) -> None:
        message.delivery_info["redelivered"] = True
        self.broker.put_back(message.delivery_info["queue"], message._raw)


class Transport(virtual.Transport):
    """One connection to the broker inside the process; sleeps until something is there to read."""

    Channel = Channel
    driver_type = "memory"
    driver_name = "frontdesk-embedded"
    implements: ClassVar[Any] = virtual.Transport.implements.extend(
        exchange_type=frozenset(["direct", "topic", "fanout"])
    )

    def __init__(self, client: Any, **options: Any) -> None:
        super().__init__(client, **options)
        self.broker = _BROKERS[client.hostname or ""]
        self.state = self.broker.state
        self._signal = Semaphore(0)

    def wake(self) -> None:
        """Have `drain_events` look again."""
        if not self._signal.counter:
            self._signal.release()

    def drain_events(self, connection: Any, timeout: float | None = None) -> None:
        """Deliver one message; raise `socket.timeout` where none comes within `timeout` seconds."""
        until = None if timeout is None else time.monotonic() + timeout
        while not self._deliver_next():
            left = None if until is None else until - time.monotonic()
            if left is not None and left <= 0:
                raise TimeoutError
            self._signal.acquire(timeout=left)

    def driver_version(self) -> str:
        """Return the transport's version: it has none of its own."""
        return "N/A"

    def _deliver_next(self) -> bool:
        for channel in list(self.channels):
            taken = channel.take()
            if taken is not None:
                self._deliver(*taken)
                return True
        return False
