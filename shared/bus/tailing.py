"""What the services tell, heard as it happens by somebody who looks: over RabbitMQ, and inside one process.

The looker's queue is its own and goes with its connection. It is bounded: of who does not keep up the oldest events are
dropped, and no service is held up. Personal data stays sealed, and what is sealed is not shown.
"""

import uuid
from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from typing import Any, get_args, get_type_hints

import orjson
from kombu import Queue, binding

from shared.bus.events.topology import events_exchange
from shared.bus.wires.link import CONNECTION_TROUBLE, connected
from shared.contracts import availability, booking, notification, patient, staff
from shared.contracts.envelope import Event
from shared.contracts.errors import Unavailable
from shared.contracts.plain import Seals

QUEUE = "tail"
"""What the name of a looker's queue begins with."""

MOST_WAITING = 1000
"""So many events wait for a looker; beyond them the oldest is dropped."""

_CONTRACTS = (availability, booking, notification, patient, staff)
_EVENTS = {(each.SERVICE, type): holds for each in _CONTRACTS for type, holds in each.EVENTS.items()}
SEALED = "(sealed)"
"""What stands in the place of what is sealed."""


def told_events(amqp_uri: str, sources: Iterable[str], wait: float) -> Iterator[dict[str, Any] | None]:
    """Yield what these services tell from now on, as `shown` does, and None where nothing was told for `wait` seconds.

    The first is None: from then on nothing is missed. Raises Unavailable where the bus is away, or gets lost.
    """
    arrived = list[dict[str, Any]]()
    try:
        with connected(amqp_uri, heartbeat=0) as connection:
            _queue_of(sources, connection.channel(), arrived)
            yield None
            while True:
                try:
                    connection.drain_events(timeout=wait)
                except TimeoutError:
                    yield None
                yield from map(shown, arrived)
                arrived.clear()
    except CONNECTION_TROUBLE as lost:
        raise Unavailable.because(f"The message bus cannot be listened to ({type(lost).__name__}).") from lost


def shown(event: Mapping[str, Any]) -> dict[str, Any]:
    """Return an event without what is sealed in it, also for readers outside the house (ADR 57).

    Of one that no contract describes, nothing of what it holds is shown.
    """
    envelope = {name: event.get(name) for name in Event.__dataclass_fields__}
    sealed = _sealed(str(event.get("source")), str(event.get("type")))
    data = event.get("data")
    if sealed is None or not isinstance(data, dict):
        return {**envelope, "data": {}}
    return {**envelope, "data": {name: SEALED if name in sealed and value else value for name, value in data.items()}}


@cache
def _sealed(source: str, type: str) -> frozenset[str] | None:
    """Return the names of what is sealed in an event's data, None for one that is not known."""
    holds = _EVENTS.get((source, type))
    if holds is None:
        return None
    hints = get_type_hints(holds, include_extras=True)
    return frozenset(name for name, hint in hints.items() if _is_sealed(hint))


def _is_sealed(hint: Any) -> bool:
    """Tell whether a type is, or has among its alternatives, one that is marked as sealed."""
    marks = getattr(hint, "__metadata__", ())
    return any(isinstance(mark, Seals) for mark in marks) or any(map(_is_sealed, get_args(hint)))


def _queue_of(sources: Iterable[str], channel: Any, arrived: list[dict[str, Any]]) -> None:
    """Let what these services tell arrive; what is no event at all is passed over."""

    def take(message: Any) -> None:
        try:
            event = orjson.loads(message.body)
        except ValueError:
            return
        if isinstance(event, dict):
            arrived.append(event)

    queue = Queue(
        f"{QUEUE}-{uuid.uuid4().hex}",
        bindings=[binding(events_exchange(source), routing_key="#") for source in sources],
        durable=False,
        exclusive=True,
        auto_delete=True,
        queue_arguments={"x-max-length": MOST_WAITING, "x-overflow": "drop-head"},
    ).bind(channel)
    queue.declare()
    queue.consume(callback=take, no_ack=True)
