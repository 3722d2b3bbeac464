"""What bookings cost: processor time by part, statements, transactions and messages, all counted from the start."""

from collections.abc import Mapping
from dataclasses import dataclass

from bench.bookings.observer import Observer
from bench.house import House
from shared.settings import SERVICES
from tests.servers.rabbitmq import OwnRabbitMq
from tests.servers.server import Server

PARTS = ("gateway", *SERVICES, "RabbitMQ", "PostgreSQL", "Redis")
_COUNTED = "lists:sum([maps:get({counter}, C, 0) || C <- maps:values(rabbit_global_counters:overview())])."
_PUBLISHED, _DELIVERED = "messages_received_total", "messages_delivered_total"


@dataclass(frozen=True)
class Costs:
    """What some bookings used: seconds of processor time by part, above rest, and how often what was done."""

    processor: Mapping[str, float]
    counts: Mapping[str, int]
    rest: float
    """The seconds of processor time that all parts use in a second at rest."""


def processor(house: House, observer: Observer) -> dict[str, float]:
    """Return the seconds of processor time that each part has used; those of the observer are not PostgreSQL's."""
    used = dict.fromkeys(PARTS, 0.0)
    for name in house.processes:
        part = name.partition("-")[0]
        if part in {*SERVICES, "gateway"}:
            used[part] += house.processor_seconds(name)
    for name in house.servers:
        used[name] = house.processor_seconds(name)
    used["PostgreSQL"] -= observer.processor_seconds()
    return used


def counts(house: House, observer: Observer) -> dict[str, int]:
    """Return how many statements, transactions and messages there were."""
    broker = house.servers["RabbitMQ"]
    return {
        "statements": sum(calls for calls, _ in observer.statements().values()),
        "transactions": observer.transactions(),
        "published": _messages(broker, _PUBLISHED),
        "delivered": _messages(broker, _DELIVERED),
    }


def _messages(broker: Server, counter: str) -> int:
    if not isinstance(broker, OwnRabbitMq):
        return 0
    return int(broker.control("eval", _COUNTED.format(counter=counter)))
