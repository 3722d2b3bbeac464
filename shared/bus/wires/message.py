"""A message on its way out, the same for RabbitMQ and for the bus inside the process."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from shared.actor import CORRELATION_KEY

DEAD_SUFFIX = ".dead"
"""What the name of a queue of dead letters adds to its work queue's."""

TRANSIENT = 1
PERSISTENT = 2

HEADER_PREFIX = "nameko."

ATTEMPTS = "x-frontdesk-attempts"
FIRST_ERROR = "x-frontdesk-first-error"
LAST_ERROR = "x-frontdesk-last-error"
TRACEBACK = "x-frontdesk-traceback"
WAITING_SINCE = "x-frontdesk-waiting-since"
WAITING_FOR = "x-frontdesk-waiting-for"
WAITS = "x-frontdesk-waits"


@dataclass(frozen=True)
class Outgoing:
    """A JSON body, where it goes, and what goes with it (AMQP's headers and properties)."""

    body: bytes
    exchange: str
    routing_key: str
    headers: Mapping[str, Any] = field(default_factory=dict)
    properties: Mapping[str, Any] = field(default_factory=dict)
    delivery_mode: int = PERSISTENT

    def publish_on(self, channel: Any, *, mandatory: bool) -> None:
        """Write the message to a kombu channel of any transport."""
        prepared = channel.prepare_message(
            self.body,
            content_type="application/json",
            content_encoding="utf-8",
            headers=dict(self.headers),
            properties={"delivery_mode": self.delivery_mode, **self.properties},
        )
        channel.basic_publish(prepared, exchange=self.exchange, routing_key=self.routing_key, mandatory=mandatory)


def headers_of_sender(headers: Mapping[str, Any] | None) -> dict[str, Any]:
    """Return the headers that the sender gave, without what brokers and failed attempts added (`x-…`)."""
    return {key: value for key, value in (headers or {}).items() if not key.startswith("x-")}


def failures_of(headers: Mapping[str, Any]) -> dict[str, Any]:
    """Return the headers that tell of a message's failed attempts, where it has any."""
    return {name: headers[name] for name in (ATTEMPTS, FIRST_ERROR, LAST_ERROR, TRACEBACK) if name in headers}


def attempts_of(headers: Mapping[str, Any]) -> int:
    """Return how often a message has failed, by its headers; what somebody else wrote there counts for nothing."""
    attempts = headers.get(ATTEMPTS, 0)
    return attempts if isinstance(attempts, int) else 0


def context_of(headers: Any) -> dict[str, Any]:
    """Return the worker's context from a message's headers of Nameko's; what it would choke on is left out."""
    given = headers or {}
    context = {key.removeprefix(HEADER_PREFIX): given[key] for key in given if key.startswith(HEADER_PREFIX)}
    if not isinstance(context.get("call_id_stack", []), list):
        del context["call_id_stack"]
    if not isinstance(context.get(CORRELATION_KEY, ""), str):
        del context[CORRELATION_KEY]
    return context
