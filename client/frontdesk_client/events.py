"""Events of services, from the exchanges `SERVICE.events`, through a queue of the tool's own."""

from __future__ import annotations

import json
import logging
import threading
from collections.abc import Iterable
from typing import Any, Callable

from pika.exceptions import AMQPConnectionError

from .connecting import REFUSED_USERS, connection_to
from .event_types import EVENT_TYPES
from .notes import Notes

Event = dict[str, Any]
"""`id`, `type`, `source`, `time`, `clinic`, `subject`, `subject_version`, `actor`, `correlation_id`, `data`."""

UNREAD_DAYS = 14
"""A queue that nobody reads for so long goes, with what waits in it, rather than fill the broker."""

_PREFETCH = 20
_PATIENCE = 0.5
"""Seconds after which `stop` is noticed at the latest."""
_FIRST_PAUSE, _LONGEST_PAUSE = 0.5, 30.0

_log = logging.getLogger(__name__)


class Events:
    """Hears events and acts on each once, whatever comes twice; the broker keeps those that come meanwhile.

    The order is that of the services where nothing fails. Rather than count on it compare `subject_version` with what
    you know of the `subject`: `data` is the whole state after the change, so what is older can be left out.
    Not so with `BookingsErased` and `MessagesErased`: act on each.
    """

    def __init__(self, address: str, name: str, events: Iterable[str], notes: Notes, queue: str = "events") -> None:
        """Hear `events`, each `service.Type`, as the tool `name`. The queue is called `tool-NAME.QUEUE`.

        Processes that name the same queue share its events; with another name each hears all. Raises ValueError.
        """
        self._address = address
        self._queue = f"tool-{name}.{queue}"
        self._events = [_checked(each) for each in events]
        self._notes = notes
        self._stopped = threading.Event()

    def hear(self, act: Callable[[Event], None]) -> None:
        """Call `act` with each event that comes, until `stop`; connect again, with growing pauses, where that is lost.

        Where `act` raises, the event goes back to the queue and the exception comes out here. So do mistakes of users
        and rights, as pika's exceptions.
        """
        pause = _FIRST_PAUSE
        while not self._stopped.is_set():
            connection = None
            try:
                connection = connection_to(self._address)
                pause = _FIRST_PAUSE
                self._hear_on(connection, act)
            except REFUSED_USERS:
                raise
            except (AMQPConnectionError, OSError) as lost:
                if connection is not None and connection.is_open:
                    raise  # by `act`
                _log.warning("the way to RabbitMQ was lost (%r); connecting again in %s s", lost, pause)
                self._stopped.wait(pause)
                pause = min(2 * pause, _LONGEST_PAUSE)
            finally:
                if connection is not None and connection.is_open:
                    connection.close()

    def stop(self) -> None:
        """Let `hear` return once it has acted on what it has in hand. May be called by another thread or a signal."""
        self._stopped.set()

    def prepare(self) -> None:
        """Make the queue, so that what happens from now on waits in it; `hear` does so too."""
        connection = connection_to(self._address)
        try:
            self._declare(connection.channel())
        finally:
            connection.close()

    def _declare(self, channel: Any) -> None:
        channel.queue_declare(self._queue, durable=True, arguments={"x-expires": UNREAD_DAYS * 86400 * 1000})
        for source, kind in self._events:
            channel.queue_bind(self._queue, f"{source}.events", kind)

    def _hear_on(self, connection: Any, act: Callable[[Event], None]) -> None:
        """Act on what comes until `stop`; what is not acknowledged goes back when the connection is closed."""
        channel = connection.channel()
        self._declare(channel)
        channel.basic_qos(prefetch_count=_PREFETCH)
        for method, _, body in channel.consume(self._queue, inactivity_timeout=_PATIENCE):
            if self._stopped.is_set():
                return
            if method is not None:
                self._act_once(json.loads(body), act)
                channel.basic_ack(method.delivery_tag)

    def _act_once(self, event: Event, act: Callable[[Event], None]) -> None:
        with self._notes.once(event["id"]) as is_new:
            if is_new:
                act(event)


def _checked(event: str) -> tuple[str, str]:
    """Return service and type; raise ValueError for what nobody publishes, which would be waited for in vain."""
    service, dot, kind = event.partition(".")
    if not (service and dot and kind):
        raise ValueError(
            f"{event!r} is no event: write the service, a dot and the type, as in 'booking.BookingCreated'."
        )
    known = EVENT_TYPES.get(service, (kind,))
    if kind not in known:
        raise ValueError(f"{service} publishes no {kind!r} that this package knows, but {', '.join(known)}.")
    return service, kind
