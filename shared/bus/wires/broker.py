"""Queues inside one process that keep RabbitMQ's promises, for as long as the process lives.

What it forgets then, the outboxes publish again; dead letters are kept in a file.
"""

import time
import uuid
from collections import deque
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol

import eventlet
from kombu.transport.virtual import BrokerState

from shared.bus.wires.message import DEAD_SUFFIX, headers_of_sender


class Reader(Protocol):
    """A connection that reads queues."""

    def wake(self) -> None:
        """Have it look again."""


class MarkedLetter(Protocol):
    """A dead letter that somebody wants to be published again, and the row that it is kept in."""

    @property
    def row(self) -> int:
        """By what it is forgotten."""
        ...

    @property
    def queue(self) -> str:
        """The work queue that it came from."""
        ...

    @property
    def body(self) -> bytes:
        """What it says."""
        ...

    @property
    def headers(self) -> Mapping[str, Any]:
        """What went with it, its attempts too."""
        ...

    @property
    def properties(self) -> Mapping[str, Any]:
        """AMQP's properties of it."""
        ...


class KeepsDeadLetters(Protocol):
    """Where dead letters outlive the process."""

    def add(self, queue: str, body: bytes, headers: Mapping[str, Any], properties: Mapping[str, Any]) -> None:
        """Keep a message that was set aside from work queue `queue`."""

    def to_replay(self) -> Iterable[MarkedLetter]:
        """Return what somebody marked for replay."""
        ...

    def forget(self, row: int) -> None:
        """Delete one that was published again."""

    def note_delayed(self, messages: Iterable[tuple[str, str, Mapping[str, Any]]]) -> None:
        """Keep, for others to see, what is delayed just now: ids, work queues and headers."""

    def take_to_park(self) -> set[tuple[str, str]]:
        """Return id and queue of what somebody wants set aside while it is delayed, each once."""
        ...

    def add_parked(self, queue: str, body: bytes, headers: Mapping[str, Any], properties: Mapping[str, Any]) -> None:
        """Keep a message that was set aside so."""


@dataclass
class MemoryQueue:
    """One queue: its declared arguments, its messages, and the connections that read it."""

    arguments: Mapping[str, Any]
    messages: deque[dict[str, Any]] = field(default_factory=deque)
    readers: list["Reader"] = field(default_factory=list)


class Broker:
    """All queues of one name, shared by the process's connections."""

    def __init__(self) -> None:
        self.state = BrokerState()
        self.queues: dict[str, MemoryQueue] = {}
        self.dead_letters: KeepsDeadLetters | None = None
        self._delayed: dict[str, dict[str, Any]] = {}
        self._noted: set[str] | None = None
        self._to_park: set[tuple[str, str]] = set()

    def put(self, name: str, message: dict[str, Any]) -> None:
        """Add a message: to the file where the queue is one for dead letters, later where it is one that delays."""
        queue = self.queues[name]
        if name.endswith(DEAD_SUFFIX):
            self._set_aside(name.removesuffix(DEAD_SUFFIX), message)
        elif "x-message-ttl" in queue.arguments:
            self._delay(message, queue.arguments["x-message-ttl"] / 1000)
        else:
            queue.messages.append(message)
            if len(queue.messages) > queue.arguments.get("x-max-length", len(queue.messages)):
                queue.messages.popleft()
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

    def park_marked(self) -> None:
        """Set aside what commands have marked of what is delayed, and note what else is."""
        if self.dead_letters is None:
            return
        self._to_park |= self.dead_letters.take_to_park()
        for tag, message in list(self._delayed.items()):
            if (name := _name(message)) in self._to_park:
                self.dead_letters.add_parked(name[1], message["body"], message["headers"], _kept_properties(message))
                del self._delayed[tag]
                self._to_park.discard(name)
        if self._noted != self._delayed.keys():
            delayed = [(*_name(message), message["headers"]) for message in self._delayed.values()]
            self.dead_letters.note_delayed(delayed)
            self._noted = set(self._delayed)

    def _delay(self, message: dict[str, Any], seconds: float) -> None:
        tag = message["properties"]["delivery_tag"]
        self._delayed[tag] = message
        eventlet.spawn_after(seconds, self._hand_on, tag)

    def _hand_on(self, tag: str) -> None:
        message = self._delayed.pop(tag, None)
        if message is not None:  # nobody has set it aside meanwhile
            self.put(_name(message)[1], message)

    def _set_aside(self, queue: str, message: dict[str, Any]) -> None:
        if self.dead_letters is None:
            raise RuntimeError("the embedded bus was not opened with a folder for its dead letters")
        self.dead_letters.add(queue, message["body"], message["headers"], _kept_properties(message))


def _name(message: Mapping[str, Any]) -> tuple[str, str]:
    """Return the id of a delayed message, and the work queue that it goes back to."""
    properties = message["properties"]
    return str(properties.get("message_id") or ""), properties["delivery_info"]["routing_key"]


def _kept_properties(message: Mapping[str, Any]) -> dict[str, Any]:
    properties = message["properties"]
    return {name: properties[name] for name in ("message_id", "correlation_id", "type") if properties.get(name)}


def _wake(queue: MemoryQueue) -> None:
    for reader in queue.readers:
        reader.wake()


def copied(message: Mapping[str, Any], properties: Mapping[str, Any]) -> dict[str, Any]:
    """Return a message as a queue keeps it: its body as bytes, an own tag, and the moment at which it expires."""
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
    return copied(described, {**properties, "content_type": "application/json", "delivery_info": delivery})


def _expiry(milliseconds: str | None) -> float | None:
    return None if milliseconds is None else time.monotonic() + int(milliseconds) / 1000
