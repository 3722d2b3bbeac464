"""Nameko's consumer with a quick reconnect, undecoded messages, and acknowledgements that cannot end the container."""

import logging
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from functools import partial
from itertools import takewhile
from typing import Any

from eventlet.semaphore import Semaphore
from kombu import Consumer
from nameko.messaging import QueueConsumer, QueueConsumerStopped
from nameko.utils import sanitize_url

from shared.bus.wires.link import CONNECTION_TROUBLE, BusLost, throw_away
from shared.bus.wires.rabbitmq import connection_to

_log = logging.getLogger(__name__)

_HEARTBEAT_SECONDS = 1.0


class BusConsumer(QueueConsumer):
    """Reads the queues of all its providers; each has `queue`, `no_ack`, `inline` and `receive(message)`.

    `receive` gets the raw message, so that what cannot be decoded is the provider's to settle; `inline` ones are
    called in the reading greenlet and must never wait. A provider that says how many messages it `gathers` has a
    channel of its own, in which many are acknowledged at once.
    """

    def __init__(self) -> None:
        super().__init__()
        self._unsettled: dict[Any, dict[Any, None]] = {}
        self._acknowledging = Semaphore()
        self._reading: Any = None
        self._next_heartbeat = 0.0

    @property
    def connection(self) -> Any:
        """Return a connection to read from, not yet opened."""
        return connection_to(self.amqp_uri, heartbeat=self.container.config["HEARTBEAT"])

    def get_consumers(self, consumer_cls: Any, channel: Any) -> Any:
        """Return one kombu consumer per provider, anew after each connect."""
        self._unsettled = {}
        for provider in self._providers:
            gathers = getattr(provider, "gathers", None)
            take = partial(self._take, provider)
            own = channel if gathers is None else channel.connection.client.channel()
            consumer = Consumer(
                own,
                queues=[provider.queue],
                no_ack=provider.no_ack,
                on_message=take,
                on_decode_error=lambda message, _error, take=take: take(message),
            )
            if gathers is not None:
                self._unsettled[own] = {}
            if not provider.no_ack:
                consumer.qos(prefetch_count=gathers or self.prefetch_count)
            self._consumers[provider] = consumer
        return self._consumers.values()

    def wait_until_reading(self) -> None:
        """Return once all queues are there and read: an answer to a queue that is not there yet would be lost.

        Raises BusLost where the process ends first.
        """
        try:
            self._consumers_ready.wait()
        except QueueConsumerStopped as stopped:
            raise BusLost("the process is ending") from stopped

    def ack_gathered(self, messages: Sequence[Any]) -> None:
        """Acknowledge messages of a provider that gathers them, by one frame where none before them is unsettled.

        Those of a connection that is gone the broker delivers again.
        """
        with self._acknowledging:
            for channel, unsettled in self._unsettled.items():
                tags = {message.delivery_tag: message for message in messages if message.channel is channel}
                before = list(takewhile(tags.__contains__, unsettled))
                if before:
                    self._settle(tags[before[-1]], partial(tags[before[-1]].ack, multiple=True))
                for tag in tags.keys() - before:
                    self._settle(tags[tag], tags[tag].ack)
                for tag in tags:
                    del unsettled[tag]

    def ack_message(self, message: Any) -> None:
        """Acknowledge; where the connection is gone the broker delivers the message again anyway."""
        with self._acknowledging:
            self._settle(message, message.ack)

    def requeue_message(self, message: Any) -> None:
        """Give the message back to its queue; where the connection is gone the broker does so by itself."""
        with self._acknowledging:
            self._unsettled.get(message.channel, {}).pop(message.delivery_tag, None)
            self._settle(message, message.requeue)

    @contextmanager
    def establish_connection(self) -> Iterator[Any]:
        """Connect, trying at least every two seconds: Nameko's own way would wait up to half a minute."""
        with self.connection as connection:
            connection.ensure_connection(
                self.on_connection_error, None, interval_start=0.2, interval_step=0.3, interval_max=2
            )
            self._reading = connection
            try:
                yield connection
            except CONNECTION_TROUBLE:
                throw_away(connection)  # to a goodbye nobody might ever answer
                raise

    def on_iteration(self) -> None:
        """See to heartbeats before every message too: kombu does so only in a second in which none comes.

        A consumer that acknowledges nothing sends nothing else, and the broker would close its connection under a
        steady load.
        """
        super().on_iteration()
        now = time.monotonic()
        if now < self._next_heartbeat or not self._acknowledging.acquire(blocking=False):
            return  # an acknowledgement that is being written tells the broker as much
        try:
            self._next_heartbeat = now + _HEARTBEAT_SECONDS
            if self._reading.connected:  # kombu would connect anew, and read nothing
                self._reading.heartbeat_check()
        finally:
            self._acknowledging.release()

    def on_connection_error(self, exc: Exception, interval: float) -> None:
        """Log the trouble and when the next attempt comes."""
        address = sanitize_url(self.amqp_uri)
        _log.warning("no message bus at %s (%s); trying again in %.1f s", address, type(exc).__name__, interval)

    def _take(self, provider: Any, message: Any) -> None:
        if message.channel in self._unsettled:
            self._unsettled[message.channel][message.delivery_tag] = None
        if provider.inline:
            provider.receive(message)
        else:
            self.container.spawn_managed_thread(partial(provider.receive, message), identifier=provider.queue.name)

    def _settle(self, message: Any, settle: Any) -> None:
        if message.channel.connection:
            try:
                settle()
            except CONNECTION_TROUBLE as trouble:
                _log.warning("an acknowledgement was lost with its connection: %s", type(trouble).__name__)
