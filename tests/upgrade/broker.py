"""What lies in RabbitMQ, as files keep it: queues with their arguments and bindings, and the messages in them."""

import json
from collections.abc import Iterator, Mapping
from typing import Any

import requests

from tests.upgrade.wire import Message, Wire, as_message

Topology = Mapping[str, Any]

_MANAGEMENT = 10_000
"""How far above the port for AMQP a broker of `tests.servers` is managed."""


def topology(amqp_uri: str) -> dict[str, Any]:
    """Return what the broker keeps over a restart: exchanges, queues and their bindings."""
    login, _, place = amqp_uri.partition("://")[2].rpartition("@")
    host, _, vhost = place.partition("/")
    name, _, port = host.partition(":")
    user, _, password = login.partition(":")
    url = f"http://{name}:{int(port) + _MANAGEMENT}/api/definitions/{vhost}"
    told = requests.get(url, auth=(user, password), timeout=30).json()
    return {
        "exchanges": _kept(told["exchanges"], "name", "type", "arguments"),
        "queues": _kept(told["queues"], "name", "arguments"),
        "bindings": _kept(told["bindings"], "source", "destination", "routing_key"),
    }


def declare(wire: Wire, kept: Topology) -> None:
    """Make exchanges, queues and bindings as they were."""
    for exchange in kept["exchanges"]:
        wire.channel.exchange_declare(exchange["name"], exchange["type"], durable=True, arguments=exchange["arguments"])
    for queue in kept["queues"]:
        wire.channel.queue_declare(queue["name"], durable=True, arguments=queue["arguments"])
    for binding in kept["bindings"]:
        wire.channel.queue_bind(binding["destination"], binding["source"], binding["routing_key"])


def work_queues(kept: Topology) -> list[str]:
    """Return the names of the queues that consumers read."""
    return [name for name in _names(kept) if name.startswith("evt-") and not name.endswith(".dead")]


def dead_queues(kept: Topology) -> list[str]:
    """Return the names of the queues of what was set aside."""
    return [name for name in _names(kept) if name.endswith(".dead")]


def retry_queues(kept: Topology) -> list[str]:
    """Return the names of the queues in which events wait to be tried again."""
    return [name for name in _names(kept) if name.startswith("frontdesk.retry.")]


def waiting(amqp_uri: str, queues: list[str]) -> Iterator[Message]:
    """Yield what waits in these queues as `{queue, …}`, and leave it there."""
    with Wire(amqp_uri) as wire:  # closing gives back what was not acknowledged
        for queue in queues:
            while (got := wire.channel.basic_get(queue))[0] is not None:
                yield {"queue": queue, **as_message(*got)}


def _names(kept: Topology) -> list[str]:
    return [str(queue["name"]) for queue in kept["queues"]]


def _kept(rows: list[dict[str, Any]], *names: str) -> list[dict[str, Any]]:
    kept = ({name: row[name] for name in names} for row in rows if row.get("durable", True))
    return sorted(kept, key=lambda row: json.dumps(row, sort_keys=True))
