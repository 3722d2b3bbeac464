"""What becomes of an event that was not acted on: it waits outside of its queue, or is set aside; never lost.

Nameko 2 acknowledges a failed event (lost) or gives it back at once (a hot loop). Here it is published anew, confirmed,
into a queue that holds it for a while and hands it back; only then is the delivery acknowledged. One that waits for
somebody else has not failed, and is tried for as long as that takes (ADR 19).
"""

import logging
import traceback
from collections.abc import Mapping
from datetime import UTC, datetime
from types import MappingProxyType
from typing import Any

import eventlet

from shared.bus.events.dead_letters import EXPIRATION
from shared.bus.events.signatures import Unproven
from shared.bus.events.topology import Subscription, retry_exchange_name
from shared.bus.events.waiting import Alarm, Wait, is_waiting
from shared.bus.wires.link import BusLost, ConfirmedLink
from shared.bus.wires.message import (
    ATTEMPTS,
    FIRST_ERROR,
    LAST_ERROR,
    TRACEBACK,
    Outgoing,
    attempts_of,
    failures_of,
    headers_of_sender,
)
from shared.bus.wires.queue_consumer import BusConsumer
from shared.contracts.errors import Refusal

_log = logging.getLogger(__name__)

_ERROR_LENGTH = 300
_TRACEBACK_LENGTH = 4000
_PAUSE_WITHOUT_BROKER = 1.0


class Permanent(Exception):
    """Raised by a consumer for an event that no later attempt can handle: it is set aside at once."""


_AT_ONCE = (Permanent, Unproven)
"""What is set aside without another attempt."""


class HandingOn:
    """Hands on what one consumer's queue brought and its method could not act on."""

    def __init__(self, subscription: Subscription, link: ConfirmedLink, queue_consumer: BusConsumer) -> None:
        self.subscription = subscription
        self._link = link
        self._queue_consumer = queue_consumer
        self._alarm = Alarm(subscription.queue_name)

    def hand_on(self, message: Any, error: BaseException) -> None:
        """See to it that a message is tried again, or set aside, by what its method raised."""
        if is_waiting(error):
            self._wait(message, error)
        else:
            self._set_aside_or_retry(message, error)

    def _wait(self, message: Any, error: BaseException) -> None:
        wait = Wait.of(message.headers, told(error), datetime.now(UTC))
        self._alarm.hear(wait)
        headers = {**headers_of_sender(message.headers), **failures_of(message.headers), **wait.headers()}
        exchange = retry_exchange_name(wait.delay(self.subscription.waiting))
        self._publish(message, exchange, self.subscription.queue_name, headers)

    def _set_aside_or_retry(self, message: Any, error: BaseException) -> None:
        failed = attempts_of(message.headers) + 1
        last = isinstance(error, _AT_ONCE) or failed > len(self.subscription.delays)
        exchange, key = (
            ("", self.subscription.dead_queue_name)
            if last
            else (retry_exchange_name(self.subscription.delays[failed - 1]), self.subscription.queue_name)
        )
        if last:
            _log.error("an event is set aside in %s after %d attempts: %s", key, failed, told(error))
        ends = {"expiration": EXPIRATION} if last else {}
        self._publish(message, exchange, key, _headers(message.headers, failed, error), ends)

    def _publish(
        self,
        message: Any,
        exchange: str,
        key: str,
        headers: dict[str, Any],
        also: Mapping[str, str] = MappingProxyType({}),
    ) -> None:
        """Publish a copy with these headers, and properties that it has also; only then acknowledge."""
        copy = Outgoing(body_of(message.body), exchange, key, headers, {**_properties(message), **also})
        try:
            unroutable = self._link.deliver([copy])
        except BusLost as lost:
            self._give_back(message, str(lost))
        else:
            if unroutable:
                self._give_back(message, f"there is no queue {key}")
            else:
                self._queue_consumer.ack_message(message)

    def _give_back(self, message: Any, reason: str) -> None:
        _log.error("an event of %s goes back to its queue: %s", self.subscription.queue_name, reason)
        eventlet.sleep(_PAUSE_WITHOUT_BROKER)
        self._queue_consumer.requeue_message(message)


def _headers(before: Any, failed: int, error: BaseException) -> dict[str, Any]:
    frames = "".join(traceback.format_tb(error.__traceback__))
    last = told(error)
    return {
        **headers_of_sender(before),
        ATTEMPTS: failed,
        FIRST_ERROR: before.get(FIRST_ERROR, last),
        LAST_ERROR: last,
        TRACEBACK: frames[-_TRACEBACK_LENGTH:],
    }


def told(error: BaseException) -> str:
    """Return kind and first line: the lines below it are where databases print values of rows."""
    text = error.detail if isinstance(error, Refusal) else str(error)
    first_line = next(iter(text.splitlines()), "")
    return f"{type(error).__name__}: {first_line}"[:_ERROR_LENGTH]


def _properties(message: Any) -> dict[str, Any]:
    kept = ("message_id", "correlation_id", "timestamp", "type")
    return {name: message.properties[name] for name in kept if message.properties.get(name) is not None}


def body_of(body: bytes | str) -> bytes:
    """Return the bytes of a message's body, whichever bus brought it."""
    return body.encode() if isinstance(body, str) else bytes(body)
