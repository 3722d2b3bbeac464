"""Event consumers: a failing event is tried again later, and set aside in the end; never lost, never in a hot loop.

Nameko 2 acknowledges a failed event (lost) or gives it back at once (a hot loop). Here a failed event is published
anew, confirmed, into a queue that holds it for a while and hands it back; only then is the delivery acknowledged.
One that waits for somebody else has not failed, and is tried for as long as that takes (ADR 19).
What its source has not signed is never acted on.
"""

import logging
import traceback
from datetime import UTC, datetime
from functools import partial
from typing import Any

import eventlet
import orjson
from nameko.exceptions import ContainerBeingKilled
from nameko.messaging import Consumer

from shared.actor import CORRELATION_KEY
from shared.bus.events.signatures import SIGNATURE, Signatures, Unproven
from shared.bus.events.topology import (
    RETRY_DELAYS,
    WAITING_DELAYS,
    Subscription,
    declare,
    delays_of,
    retry_exchange_name,
)
from shared.bus.events.waiting import NOT_THERE, Alarm, Wait, is_waiting
from shared.bus.wires.link import BusLost, ConfirmedLink
from shared.bus.wires.message import (
    ATTEMPTS,
    FIRST_ERROR,
    LAST_ERROR,
    TRACEBACK,
    Outgoing,
    attempts_of,
    context_of,
    failures_of,
    headers_of_sender,
)
from shared.bus.wires.queue_consumer import BusConsumer
from shared.contracts.envelope import Event
from shared.contracts.errors import Refusal

_log = logging.getLogger(__name__)

_ERROR_LENGTH = 300
_TRACEBACK_LENGTH = 4000
_PAUSE_WITHOUT_BROKER = 1.0


class Permanent(Exception):
    """Raised by a consumer for an event that no later attempt can handle: it is set aside at once."""


_AT_ONCE = (Permanent, Unproven)
"""What is set aside without another attempt."""


class EventConsumer(Consumer):
    """One `@consumes(source, type)` of a service's method, which gets the `Event`."""

    queue_consumer = BusConsumer()
    link = ConfirmedLink()

    no_ack = False
    inline = False

    def __init__(self, source: str, type: str, *, delays: tuple[float, ...] | None = None) -> None:
        self.source = source
        self.type = type
        self.delays = delays
        super().__init__(queue=None, expected_exceptions=NOT_THERE)  # of which Nameko writes no traceback every time

    def subscription_of(
        self,
        service: str,
        method: str,
        delays: tuple[float, ...] = RETRY_DELAYS,
        waiting: tuple[float, ...] = WAITING_DELAYS,
    ) -> Subscription:
        """Return the subscription that this decorator means on `method` of `service`."""
        return Subscription(self.source, self.type, service, method, self.delays or delays, waiting)

    def setup(self) -> None:
        """Declare all queues, before anybody in this process publishes; a mismatch (406) ends the start loudly."""
        self.signatures = Signatures.from_settings(self.container.config["settings"])
        self.refused = 0
        delays = delays_of(self.container.config)
        self.subscription = self.subscription_of(self.container.service_name, self.method_name, *delays)
        self.alarm = Alarm(self.subscription.queue_name)
        declare(self.container.config["AMQP_URI"], [self.subscription])
        self.queue = self.subscription.work_queue()
        super().setup()

    def receive(self, message: Any) -> None:
        """Start a worker for the event; set aside at once what its source has not signed, and what is none."""
        try:
            self._check(message)
        except Unproven as unproven:
            self._refuse(message, unproven)
            return
        try:
            event = Event.from_json(orjson.loads(message.body))
        except (ValueError, TypeError, AttributeError) as malformed:
            self._set_aside_or_retry(message, Permanent(f"not an event: {type(malformed).__name__}"))
            return
        try:
            self.container.spawn_worker(
                self,
                (event,),
                {},
                context_data={**context_of(headers_of_sender(message.headers)), CORRELATION_KEY: event.correlation_id},
                handle_result=partial(self.finish, message),
            )
        except ContainerBeingKilled:
            self.queue_consumer.requeue_message(message)

    def _check(self, message: Any) -> None:
        signature = (message.headers or {}).get(SIGNATURE)
        self.signatures.check(self.subscription.source, self.subscription.type, _bytes(message.body), signature)

    def _refuse(self, message: Any, unproven: Unproven) -> None:
        self.refused += 1
        _log.error(
            "ALARM: an event in %s is not acted on: %s (%d since the start)",
            self.subscription.queue_name,
            unproven,
            self.refused,
        )
        self._set_aside_or_retry(message, unproven)

    def finish(self, message: Any, _worker: Any, result: Any = None, exc_info: Any = None) -> tuple[Any, Any]:
        """Acknowledge what was handled; see to it that what waits or failed is tried again, or set aside."""
        if exc_info is None:
            self.queue_consumer.ack_message(message)
        elif is_waiting(exc_info[1]):
            self._wait(message, exc_info[1])
        else:
            self._set_aside_or_retry(message, exc_info[1])
        return result, exc_info

    def _wait(self, message: Any, error: BaseException) -> None:
        wait = Wait.of(message.headers, _told(error), datetime.now(UTC))
        self.alarm.hear(wait)
        headers = {**headers_of_sender(message.headers), **failures_of(message.headers), **wait.headers()}
        exchange = retry_exchange_name(wait.delay(self.subscription.waiting))
        self._hand_on(message, exchange, self.subscription.queue_name, headers)

    def _set_aside_or_retry(self, message: Any, error: BaseException) -> None:
        failed = attempts_of(message.headers) + 1
        last = isinstance(error, _AT_ONCE) or failed > len(self.subscription.delays)
        exchange, key = (
            ("", self.subscription.dead_queue_name)
            if last
            else (retry_exchange_name(self.subscription.delays[failed - 1]), self.subscription.queue_name)
        )
        if last:
            _log.error("an event is set aside in %s after %d attempts: %s", key, failed, _told(error))
        self._hand_on(message, exchange, key, _headers(message.headers, failed, error))

    def _hand_on(self, message: Any, exchange: str, key: str, headers: dict[str, Any]) -> None:
        """Publish a copy with these headers, and only then acknowledge."""
        copy = Outgoing(_bytes(message.body), exchange, key, headers, _properties(message))
        try:
            unroutable = self.link.deliver([copy])
        except BusLost as lost:
            self._give_back(message, str(lost))
        else:
            if unroutable:
                self._give_back(message, f"there is no queue {key}")
            else:
                self.queue_consumer.ack_message(message)

    def _give_back(self, message: Any, reason: str) -> None:
        _log.error("an event of %s goes back to its queue: %s", self.subscription.queue_name, reason)
        eventlet.sleep(_PAUSE_WITHOUT_BROKER)
        self.queue_consumer.requeue_message(message)


consumes = EventConsumer.decorator


def _headers(before: Any, failed: int, error: BaseException) -> dict[str, Any]:
    frames = "".join(traceback.format_tb(error.__traceback__))
    told = _told(error)
    return {
        **headers_of_sender(before),
        ATTEMPTS: failed,
        FIRST_ERROR: before.get(FIRST_ERROR, told),
        LAST_ERROR: told,
        TRACEBACK: frames[-_TRACEBACK_LENGTH:],
    }


def _told(error: BaseException) -> str:
    """Return kind and first line: the lines below it are where databases print values of rows."""
    text = error.detail if isinstance(error, Refusal) else str(error)
    first_line = next(iter(text.splitlines()), "")
    return f"{type(error).__name__}: {first_line}"[:_ERROR_LENGTH]


def _properties(message: Any) -> dict[str, Any]:
    kept = ("message_id", "correlation_id", "timestamp", "type")
    return {name: message.properties[name] for name in kept if message.properties.get(name) is not None}


def _bytes(body: bytes | str) -> bytes:
    return body.encode() if isinstance(body, str) else bytes(body)
