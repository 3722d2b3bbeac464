"""Nameko's consumer with a quick reconnect, undecoded messages, and acknowledgements that cannot end the container."""

import logging
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from functools import partial
from typing import Any

import eventlet
from eventlet.semaphore import Semaphore
from kombu import Consumer
from nameko.messaging import QueueConsumer, QueueConsumerStopped
from nameko.utils import sanitize_url

from shared.bus.wires.link import CONNECTION_TROUBLE, BusLost, throw_away
from shared.bus.wires.rabbitmq import connection_to, sent_together
from shared.bus.wires.taken import Taken

_log = logging.getLogger(__name__)

_HEARTBEAT_SECONDS = 1.0
ACK_SECONDS = 0.5
"""After which what is settled is acknowledged at the latest, with all that was settled meanwhile."""


class BusConsumer(QueueConsumer):
    """Reads the queues of all its providers; each has `queue`, `no_ack` and `receive(message)`.

    `receive` gets the raw message, so that what cannot be decoded is the provider's to settle; it is called in the
    reading greenlet and must never wait. A provider that acknowledges has a channel of its own; it says how many
    messages it may have at once (`prefetch`), and of how many of them the acknowledgement may wait for others
    (`late`): each frame wakes the broker, and makes it write.
    """

    def __init__(self) -> None:
        super().__init__()
        self._taken: dict[Any, Taken] = {}
        self._acknowledging = Semaphore()
        self._is_due = False
        self._reading: Any = None
        self._next_heartbeat = 0.0

    @property
    def connection(self) -> Any:
        """Return a connection to read from, not yet opened."""
        return connection_to(self.amqp_uri, heartbeat=self.container.config["HEARTBEAT"])

    def get_consumers(self, consumer_cls: Any, channel: Any) -> Any:
        """Return one kombu consumer per provider, anew after each connect."""
        self._taken = {}
        for provider in self._providers:
            take = partial(self._take, provider)
            own = channel if provider.no_ack else channel.connection.client.channel()
            consumer = Consumer(
                own,
                queues=[provider.queue],
                no_ack=provider.no_ack,
                on_message=take,
                on_decode_error=lambda message, _error, take=take: take(message),
            )
            if not provider.no_ack:
                self._taken[own] = Taken(provider.late)
                consumer.qos(prefetch_count=provider.prefetch)
            self._consumers[provider] = consumer
        return self._consumers.values()

    def run(self) -> None:
        """Read until the process ends, over a new connection where one breaks.

        That is told in a sentence: kombu's own way would log a traceback, and nothing in it is anybody's fault. Brokers
        end connections as they restart, and those of a process that a busy machine has let say nothing for a while.
        """
        broken = self.connection.connection_errors + self.connection.channel_errors
        while not self.should_stop:
            try:
                if self.restart_limit.can_consume(1):
                    for _ in self.consume(limit=None):
                        pass
                else:
                    eventlet.sleep(self.restart_limit.expected_time(1))
            except broken as lost:
                _log.warning("the connection to the message bus is lost (%s); connecting anew", type(lost).__name__)

    def wait_until_reading(self) -> None:
        """Return once all queues are there and read: an answer to a queue that is not there yet would be lost.

        Raises BusLost where the process ends first.
        """
        try:
            self._consumers_ready.wait()
        except QueueConsumerStopped as stopped:
            raise BusLost("the process is ending") from stopped

    def ack_soon(self, messages: Sequence[Any]) -> None:
        """Acknowledge messages together with what others settle meanwhile.

        They come again where this process ends before, and those of a connection that is gone come again anyway.
        """
        is_full = False
        for message in messages:
            taken = self._taken.get(message.channel)
            if taken is not None:
                taken.note_done(message)
                is_full = is_full or taken.is_full
        if is_full:
            self.acknowledge()
        elif not self._is_due:
            self._is_due = True
            eventlet.spawn_after(ACK_SECONDS, self.acknowledge)

    def acknowledge(self) -> None:
        """Acknowledge what is done, by one frame where nothing before it in its channel is not."""
        self._is_due = False
        with self._acknowledging:
            acks = [ack for taken in self._taken.values() for ack in taken.pop_done()]
            if acks:
                self._send(acks[0][0].channel, *(partial(last.ack, multiple=multiple) for last, multiple in acks))

    def ack_message(self, message: Any) -> None:
        """Acknowledge at once; where the connection is gone the broker delivers the message again anyway."""
        self._settle_alone(message, message.ack)

    def requeue_message(self, message: Any) -> None:
        """Give the message back to its queue; where the connection is gone the broker does so by itself."""
        self._settle_alone(message, message.requeue)

    def on_consume_end(self, _connection: Any, _channel: Any) -> None:
        """Acknowledge, before the connection ends, what was done over it: all of it, also what began before a stop."""
        self.acknowledge()

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
        """Stop where nothing is read any more and no worker runs, which would acknowledge; see to heartbeats.

        These before every message too: kombu does so only in a second in which none comes. A consumer that acknowledges
        nothing sends nothing else, and the broker would close its connection under a steady load.
        """
        self._cancel_consumers_if_requested()
        if not self._consumers and not self.container.is_working:
            self.should_stop = True
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
        if message.channel in self._taken:
            self._taken[message.channel].add(message)
        provider.receive(message)

    def _settle_alone(self, message: Any, settle: Callable[[], None]) -> None:
        with self._acknowledging:
            if message.channel in self._taken:
                self._taken[message.channel].forget(message)
            self._send(message.channel, settle)

    def _send(self, channel: Any, *settles: Callable[[], None]) -> None:
        if channel.connection:
            try:
                with sent_together(channel):
                    for settle in settles:
                        settle()
            except CONNECTION_TROUBLE as trouble:
                _log.warning("an acknowledgement was lost with its connection: %s", type(trouble).__name__)
