"""The connections that publish: one for calls and their answers, one for what must not be lost.

Calls are cheap and may be lost (their caller has a time limit): no confirms, and a greenlet that reads the
connection tells at once of a message that nobody takes and of a broker that is gone. Events and retries are
confirmed: a batch is written, and one wait takes the confirms of all.
"""

import logging
import socket
from collections.abc import Sequence
from contextlib import suppress
from typing import Any, Protocol
from weakref import WeakSet

import amqp
import eventlet
from eventlet.semaphore import Semaphore
from kombu.exceptions import OperationalError
from nameko.extensions import SharedExtension

from shared.bus.wires.message import Outgoing
from shared.bus.wires.rabbitmq import connection_to, sent_together

_log = logging.getLogger(__name__)

HEARTBEAT = 6
"""Seconds within which either side says something; who hears nothing twice as long gives the connection up, and whoever
waits for answers over it. RabbitMQ advises no less than five."""

_LOOK_SECONDS = 1.0
_CONNECT_SECONDS = 3.0
CONFIRM_SECONDS = 10.0
"""For the confirms of a batch, and the connection that it may need."""
CONNECTION_TROUBLE = (OSError, amqp.AMQPError, OperationalError, EOFError, AttributeError)
"""What py-amqp raises on a connection that broke or was closed under its feet; the last one is its own slip."""


class BusLost(Exception):
    """The broker is not reachable, refused a message, or did not confirm it in time."""


class Watcher(Protocol):
    """Somebody who sent calls and wants to know what became of them."""

    def unroutable(self, correlation_id: str, routing_key: str) -> None:
        """Take note that nobody has a queue for this call."""

    def connection_lost(self) -> None:
        """Take note that the connection over which calls went is gone."""


class CallLink(SharedExtension):
    """The container's connection for calls and answers: unconfirmed, watched, renewed when it breaks."""

    def setup(self) -> None:
        """Prepare; the connection is made by the first message."""
        self._writing = Semaphore()
        self._connection: Any = None
        self._channel: Any = None
        self._watchers: WeakSet[Any] = WeakSet()

    def watch(self, watcher: Watcher) -> None:
        """Tell `watcher` of unroutable messages and of lost connections from now on."""
        self._watchers.add(watcher)

    def send(self, message: Outgoing, *, mandatory: bool) -> None:
        """Write `message`; raise BusLost where the broker cannot be reached.

        A caller's `eventlet.Timeout` may interrupt it anywhere: a connection with half a frame in it is thrown away.
        """
        with self._writing:
            try:
                self._write(message, mandatory)
            except CONNECTION_TROUBLE:
                self._throw_away()
                self._write_anew(message, mandatory)
            except BaseException:
                self._throw_away()
                raise

    def stop(self) -> None:
        """Close the connection."""
        with self._writing:
            self._throw_away()

    kill = stop

    def _write_anew(self, message: Outgoing, mandatory: bool) -> None:
        try:
            self._write(message, mandatory)
        except CONNECTION_TROUBLE as trouble:
            self._throw_away()
            raise BusLost(f"the message bus is not reachable ({type(trouble).__name__})") from trouble
        except BaseException:
            self._throw_away()
            raise

    def _write(self, message: Outgoing, mandatory: bool) -> None:
        if self._connection is None:
            self._open()
        message.publish_on(self._channel, mandatory=mandatory)

    def _open(self) -> None:
        connection = connected(self.container.config["AMQP_URI"], HEARTBEAT)
        channel = connection.channel()
        channel.events["basic_return"].add(self._returned)
        self._connection, self._channel = connection, channel
        eventlet.spawn(self._read, connection)

    def _read(self, connection: Any) -> None:
        try:
            while connection is self._connection:
                with suppress(socket.timeout):
                    connection.drain_events(timeout=_LOOK_SECONDS)
                with self._writing:
                    if connection is self._connection:
                        connection.heartbeat_check(rate=2)
        except CONNECTION_TROUBLE as trouble:
            if connection is self._connection:
                _log.warning("the connection for calls is lost: %s", type(trouble).__name__)
                self._throw_away()
                for watcher in list(self._watchers):
                    watcher.connection_lost()

    def _returned(self, _reason: Any, _exchange: str, routing_key: str, message: Any) -> None:
        for watcher in list(self._watchers):
            watcher.unroutable(message.properties.get("correlation_id"), routing_key)

    def _throw_away(self) -> None:
        connection, self._connection, self._channel = self._connection, None, None
        if connection is not None:
            throw_away(connection)


class ConfirmedLink(SharedExtension):
    """The container's connection for messages that must arrive: written in batches, each batch confirmed."""

    def setup(self) -> None:
        """Prepare; the connection is made by the first batch."""
        self._one_batch = Semaphore()
        self._connection: Any = None
        self._channel: Any = None
        self._waiting: set[int] = set()
        self._sequence = 0
        self._refused = False
        self._unroutable: list[str] = []

    def deliver(self, messages: Sequence[Outgoing], *, timeout: float = CONFIRM_SECONDS) -> list[str]:
        """Publish `messages` and wait for all confirms, at most `timeout` seconds.

        Returns the `message_id`s that no queue took. Raises BusLost where one was not confirmed: some may
        have arrived, and the whole batch must be sent again.
        """
        with self._one_batch:
            try:
                with eventlet.Timeout(timeout):
                    return self._deliver_on_live_connection(messages)
            except (eventlet.Timeout, *CONNECTION_TROUBLE) as trouble:
                self._throw_away()
                raise BusLost(f"the broker did not confirm ({type(trouble).__name__})") from None
            except BaseException:
                self._throw_away()
                raise

    def stop(self) -> None:
        """Close the connection."""
        with self._one_batch:
            self._throw_away()

    kill = stop

    def _deliver_on_live_connection(self, messages: Sequence[Outgoing]) -> list[str]:
        fresh = self._connection is None
        try:
            return self._write_and_wait(messages)
        except CONNECTION_TROUBLE:
            if fresh:
                raise
        self._throw_away()  # it had died while idle, which only the first write could tell
        return self._write_and_wait(messages)

    def _write_and_wait(self, messages: Sequence[Outgoing]) -> list[str]:
        if self._connection is None:
            self._open()
        self._waiting, self._unroutable, self._refused = set(), [], False
        with sent_together(self._channel):
            for message in messages:
                self._sequence += 1
                self._waiting.add(self._sequence)
                message.publish_on(self._channel, mandatory=True)
        while self._waiting:
            self._connection.drain_events()
        if self._refused:
            raise BusLost("the broker refused a message")
        return self._unroutable

    def _open(self) -> None:
        # no heartbeat: nobody reads between batches, and the time limit of the next batch finds a dead connection
        connection = connected(self.container.config["AMQP_URI"], heartbeat=0)
        self._sequence = 0
        channel = connection.channel()
        channel.events["basic_ack"].add(self._confirmed)
        channel.events["basic_nack"].add(self._not_taken)
        channel.events["basic_return"].add(self._returned)
        channel.confirm_select()
        self._connection, self._channel = connection, channel

    def _confirmed(self, tag: int, multiple: bool) -> None:
        if multiple:
            self._waiting = {waiting for waiting in self._waiting if waiting > tag}
        else:
            self._waiting.discard(tag)

    def _not_taken(self, tag: int, multiple: bool) -> None:
        self._refused = True
        self._confirmed(tag, multiple)

    def _returned(self, _reason: Any, _exchange: str, _routing_key: str, message: Any) -> None:
        self._unroutable.append(message.properties.get("message_id", ""))

    def _throw_away(self) -> None:
        connection, self._connection, self._channel = self._connection, None, None
        if connection is not None:
            throw_away(connection)


def connected(amqp_uri: str, heartbeat: int) -> Any:
    """Return a connection to the broker; raise at once where there is none, since kombu alone would wait and retry.

    Py-amqp is kept from reading the socket in every publish, which tears frames apart where a greenlet reads it too.
    """
    connection = connection_to(amqp_uri, heartbeat=heartbeat, connect_timeout=_CONNECT_SECONDS)
    connection.ensure_connection(max_retries=1, interval_start=0, interval_step=0)
    properties = getattr(connection.connection, "client_properties", {})
    properties.get("capabilities", {}).pop("connection.blocked", None)
    return connection


def throw_away(connection: Any) -> None:
    """Drop a connection without AMQP's polite goodbye, on which a frozen broker would keep us waiting."""
    with suppress(*CONNECTION_TROUBLE):
        connection.collect(socket_timeout=0.1)
