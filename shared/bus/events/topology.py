"""Names of queues and exchanges, and their declaration before anything is published (DESIGN rule 4).

A confirmed message vanishes where its consumer's queue does not exist yet. So every process declares at start the
queues of all consumers it knows, its own and those of the rest of the house, before its relay publishes.

Events wait for their next try in one queue per delay, shared by all consumers: a fanout exchange keeps the routing
key, which is the name of the work queue, and the queue's TTL hands the message on to the default exchange, hence back
to that queue.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from amqp import NotFound
from kombu import Exchange, Queue
from nameko.standalone.events import get_event_exchange

from shared.bus.wires.message import DEAD_SUFFIX
from shared.bus.wires.rabbitmq import connection_to

DELIVERY_LIMIT = 20
"""Deliveries of one message that may end in a dead process before it is set aside: a crash also counts its innocent
neighbours in the prefetch window, so the limit is no lower."""

RETRY_DELAYS = (1.0, 5.0, 30.0, 120.0, 600.0)
"""Seconds before the second, third … attempt; after the last one comes the dead-letter queue."""

WAITING_DELAYS = (1.0, 5.0, 10.0)
"""Seconds before an event is tried again that waits for somebody else: the last one again and again (ADR 19)."""

_NEVER = 1_000_000  # newer brokers set aside what was delivered 20 times, and looking at a dead letter is a delivery
_SAFE_HAND_OVER = {"x-dead-letter-strategy": "at-least-once", "x-overflow": "reject-publish"}


@dataclass(frozen=True)
class Subscription:
    """One consumer's interest in one type of event; its names are Nameko's for a service pool."""

    source: str
    type: str
    service: str
    method: str
    delays: tuple[float, ...] = RETRY_DELAYS
    waiting: tuple[float, ...] = WAITING_DELAYS

    @property
    def queue_name(self) -> str:
        """Return the work queue's name: frozen once released, since it holds messages."""
        return f"evt-{self.source}-{self.type}--{self.service}.{self.method}"

    @property
    def dead_queue_name(self) -> str:
        """Return the name of the queue of what could not be handled."""
        return self.queue_name + DEAD_SUFFIX

    def work_queue(self) -> Queue:
        """Return the durable, replicated queue that the consumer reads."""
        return Queue(
            self.queue_name,
            exchange=events_exchange(self.source),
            routing_key=self.type,
            durable=True,
            queue_arguments={
                "x-queue-type": "quorum",
                "x-delivery-limit": DELIVERY_LIMIT,
                "x-dead-letter-exchange": "",
                "x-dead-letter-routing-key": self.dead_queue_name,
                **_SAFE_HAND_OVER,
            },
        )

    def dead_queue(self) -> Queue:
        """Return the queue of what could not be handled; nothing consumes it but people's commands."""
        arguments = {"x-queue-type": "quorum", "x-delivery-limit": _NEVER}
        return Queue(self.dead_queue_name, durable=True, queue_arguments=arguments)

    def retry_queues(self) -> list[Queue]:
        """Return the shared queues in which events wait for their next try, one per delay."""
        return [_retry_queue(delay) for delay in sorted({*self.delays, *self.waiting})]

    def entities(self) -> list[Queue]:
        """Return all that must exist for this subscription, in the order of declaration."""
        return [self.dead_queue(), *self.retry_queues(), self.work_queue()]


def events_exchange(source: str) -> Exchange:
    """Return the topic exchange of a service's events, declared exactly as plain Nameko declares it."""
    return get_event_exchange(source, {})


def retry_exchange_name(delay: float) -> str:
    """Return the exchange that takes messages for a delay in seconds."""
    return f"frontdesk.retry.{_milliseconds(delay)}"


def delays_of(config: Mapping[str, Any]) -> tuple[tuple[float, ...], tuple[float, ...]]:
    """Return a process's delays for what fails and for what waits; `config` replaces them in tests."""
    return (
        tuple(config.get("retry_delays", RETRY_DELAYS)),
        tuple(config.get("waiting_delays", WAITING_DELAYS)),
    )


def subscriptions_of(
    service_classes: Iterable[type[Any]],
    delays: Sequence[float] = RETRY_DELAYS,
    waiting: Sequence[float] = WAITING_DELAYS,
) -> list[Subscription]:
    """Return every subscription that the `@consumes` methods of these classes declare, sorted by queue."""
    found: set[Subscription] = set()
    for service in service_classes:
        for name in dir(service):
            for entrypoint in getattr(getattr(service, name), "nameko_entrypoints", ()):
                subscribe = getattr(entrypoint, "subscription_of", None)
                if subscribe is not None:
                    found.add(subscribe(service.name, name, tuple(delays), tuple(waiting)))
    return sorted(found, key=lambda subscription: subscription.queue_name)


def heard_events(subscriptions: Iterable[Subscription]) -> frozenset[tuple[str, str]]:
    """Return (source, type) of all events that somebody subscribes to."""
    return frozenset((subscription.source, subscription.type) for subscription in subscriptions)


def declare(amqp_uri: str, subscriptions: Sequence[Subscription]) -> None:
    """Declare what the subscriptions need; a queue that exists with other arguments raises loudly (406)."""
    with connection_to(amqp_uri, connect_timeout=5) as connection:
        channel = connection.channel()
        for subscription in subscriptions:
            for entity in subscription.entities():
                entity.bind(channel).declare()


def declare_missing(amqp_uri: str, subscriptions: Iterable[Subscription]) -> None:
    """Declare those of the subscriptions' queues that are not there.

    For queues of other services: whose user of the broker has narrow rights may look at them, and not declare them.
    """
    queues = {queue.name: queue for subscription in subscriptions for queue in subscription.entities()}
    with connection_to(amqp_uri, connect_timeout=5) as connection:
        channel = connection.channel()
        for queue in queues.values():
            try:
                queue.bind(channel).queue_declare(passive=True)
            except NotFound:  # upon which the broker closes the channel
                channel = connection.channel()
                queue.bind(channel).declare()


def _retry_queue(delay: float) -> Queue:
    return Queue(
        retry_exchange_name(delay),
        exchange=Exchange(retry_exchange_name(delay), type="fanout", durable=True),
        durable=True,
        queue_arguments={
            "x-queue-type": "quorum",
            "x-message-ttl": _milliseconds(delay),
            "x-dead-letter-exchange": "",
            **_SAFE_HAND_OVER,
        },
    )


def _milliseconds(delay: float) -> int:
    return round(delay * 1000)
