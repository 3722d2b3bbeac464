"""The bus inside one process: a kombu transport that does what Frontdesk needs of RabbitMQ (`memory://name`).

Kombu's own in-memory transport knows no confirms, no mandatory, no expiry, no delays and no dead letters, loses a
reply's content type, and sleeps between polls. This one keeps those promises for as long as the process lives (what
it forgets then, the outboxes publish again), wakes its readers by a signal, and keeps dead letters in a file.
"""

import time
import uuid
from collections import defaultdict, deque
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from queue import Empty
from typing import Any, ClassVar

import amqp
import eventlet
from eventlet.semaphore import Semaphore
from kombu.transport import TRANSPORT_ALIASES, virtual
from kombu.utils.url import parse_url

from shared.bus.events.dead_letters import DeadLetterFile
from shared.bus.wires.message import DEAD_SUFFIX, headers_of_sender

_REPLAY_SECONDS = 2.0


@dataclass
class MemoryQueue:
    """One queue: its declared arguments, its messages, and the connections that read it."""

    arguments: Mapping[str, Any]
    messages: deque[dict[str, Any]] = field(default_factory=deque)
    readers: list["Transport"] = field(default_factory=list)


class Broker:
    """All queues of one name, shared by the process's connections."""

    def __init__(self) -> None:
        self.state = virtual.BrokerState()
        self.queues: dict[str, MemoryQueue] = {}
        self.dead_letters: DeadLetterFile | None = None

    def put(self, name: str, message: dict[str, Any]) -> None:
        """Add a message: to the file where the queue is one for dead letters, later where it is one that delays."""
        queue = self.queues[name]
        if name.endswith(DEAD_SUFFIX):
            self._set_aside(name.removesuffix(DEAD_SUFFIX), message)
        elif "x-message-ttl" in queue.arguments:
            eventlet.spawn_after(queue.arguments["x-message-ttl"] / 1000, self._hand_on, message)
        else:
            queue.messages.append(message)
            _wake(queue)

    def put_back(self, name: str, message: dict[str, Any]) -> None:
        """Put a message that was taken but not acknowledged first in its queue again."""
        queue = self.queues.get(name)
        if queue is not None:
            queue.messages.appendleft(message)
            _wake(queue)

    def take(self, name: str) -> dict[str, Any] | None:
        """Return the next message that has not expired; None where there is none."""
        messages = self.queues[name].messages
        while messages:
            message = messages.popleft()
            if message["expires_at"] is None or message["expires_at"] > time.monotonic():
                return message
        return None

    def replay_marked(self) -> None:
        """Publish anew what commands have marked in the file, with all its attempts before it."""
        if self.dead_letters is None:
            return
        for stored in self.dead_letters.to_replay():
            if stored.queue in self.queues:
                headers = headers_of_sender(stored.headers)
                self.put(stored.queue, _message(stored.body, stored.queue, headers, stored.properties))
                self.dead_letters.forget(stored.row)

    def _hand_on(self, message: dict[str, Any]) -> None:
        self.put(message["properties"]["delivery_info"]["routing_key"], message)

    def _set_aside(self, queue: str, message: dict[str, Any]) -> None:
        if self.dead_letters is None:
            raise RuntimeError("the embedded bus was not opened with a folder for its dead letters")
        kept = ("message_id", "correlation_id", "type")
        properties = {name: message["properties"][name] for name in kept if message["properties"].get(name)}
        self.dead_letters.add(queue, message["body"], message["headers"], properties)


_BROKERS: dict[str, Broker] = {}


def open_broker(amqp_uri: str, folder: Path) -> Broker:
    """Return the process's broker at `memory://name`, which keeps its dead letters in `folder`; kombu knows it then."""
    TRANSPORT_ALIASES["memory"] = f"{__name__}:Transport"
    opened = _BROKERS.setdefault(parse_url(amqp_uri)["hostname"] or "", Broker())
    opened.dead_letters = DeadLetterFile(folder)
    return opened


def keep_replaying(opened: Broker) -> None:
    """Publish marked dead letters for as long as the process runs; spawned by the runner."""
    while True:
        opened.replay_marked()
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
            self.broker.put(name, _copy(message, properties))
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
        """Acknowledge, which makes room for the next message."""
        super().basic_ack(delivery_tag, multiple)
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


def _wake(queue: MemoryQueue) -> None:
    for reader in queue.readers:
        reader.wake()


def _copy(message: Mapping[str, Any], properties: Mapping[str, Any]) -> dict[str, Any]:
    body = message["body"]
    return {
        "body": body.encode() if isinstance(body, str) else body,
        "content-type": message.get("content-type"),
        "content-encoding": message.get("content-encoding"),
        "headers": dict(message.get("headers") or {}),
        "properties": {
            **properties,
            "delivery_tag": uuid.uuid4().hex,
            "delivery_info": dict(properties["delivery_info"]),
        },
        "expires_at": _expiry(properties.get("expiration")),
    }


def _message(
    body: bytes, routing_key: str, headers: Mapping[str, Any], properties: Mapping[str, Any]
) -> dict[str, Any]:
    delivery = {"exchange": "", "routing_key": routing_key}
    described = {"content-type": "application/json", "content-encoding": "utf-8", "headers": headers, "body": body}
    return _copy(described, {**properties, "content_type": "application/json", "delivery_info": delivery})


def _expiry(milliseconds: str | None) -> float | None:
    return None if milliseconds is None else time.monotonic() + int(milliseconds) / 1000
