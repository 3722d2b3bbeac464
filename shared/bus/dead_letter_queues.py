"""Dead letters in RabbitMQ's queues, for programs that block: the command line and tests. Over pika, without eventlet.

To see a message of a queue one has to take it in hand, and what is in somebody's hands nobody else sees. So lookers
take turns, and each gives back what it leaves before the next one's turn. What waits for somebody else is seen in the
queues of delays, through which it comes every few seconds.
"""

import hashlib
import logging
import time
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

import pika
from pika.exceptions import AMQPError, ChannelClosedByBroker

from shared.bus.client import connection_parameters
from shared.bus.events.dead_letters import EXPIRATION, DeadLetter, DeadLetterFile, DeadLetters, dead_letter
from shared.bus.events.held_up import HeldUp, headers_when_parked, held_up
from shared.bus.events.topology import WAITING_DELAYS, retry_exchange_name
from shared.bus.wires.message import DEAD_SUFFIX, headers_of_sender
from shared.contracts.errors import Unavailable
from shared.settings import Settings

TURN = "frontdesk.dead-letters.turn"
"""An exclusive queue: whoever has it has the turn, and loses it with the connection."""

_TURN_SECONDS = 30.0
_LOOK_AGAIN_SECONDS = 0.2
_GIVEN_BACK_SECONDS = 5.0
_HEARTBEAT = 60  # a looker whose machine is gone does not keep its turn
_NO_QUEUE = 404
_LOCKED = 405


@dataclass(frozen=True)
class _Held:
    """A message in hand, and the letter that it is."""

    letter: DeadLetter
    tag: int
    properties: Any
    body: bytes


@dataclass
class _Hand:
    """All dead letters of one work queue, taken over a channel of their own."""

    channel: Any
    queue: str
    held: list[_Held] = field(default_factory=list)
    settled: set[int] = field(default_factory=set)

    def take_all(self) -> None:
        """Take what there is; nothing where there is no such queue, since nothing was ever set aside there."""
        try:
            while (got := self.channel.basic_get(self.queue + DEAD_SUFFIX))[0] is not None:
                self._take(*got)
        except ChannelClosedByBroker as closed:
            if closed.reply_code != _NO_QUEUE:
                raise

    def settle(self, held: _Held) -> None:
        """Take a letter out for good."""
        self.channel.basic_ack(held.tag)
        self.settled.add(held.tag)

    def give_back(self) -> None:
        """Give back what was not settled, and wait until whoever looks next sees it; a channel's end does so too."""
        if not self.held or not self.channel.is_open:
            return
        left = [held.tag for held in self.held if held.tag not in self.settled]
        for tag in left:  # one by one, since RabbitMQ mixes up more than some 30 that come back together
            self.channel.basic_nack(tag, requeue=True)
        until = time.monotonic() + _GIVEN_BACK_SECONDS
        while self._ready() < len(left) and time.monotonic() < until:
            self.channel.connection.sleep(0.02)

    def _take(self, method: Any, properties: Any, body: bytes) -> None:
        letter = dead_letter(_name(properties, body), self.queue, body, properties.headers or {})
        self.held.append(_Held(letter, method.delivery_tag, properties, body))

    def _ready(self) -> int:
        count: int = self.channel.queue_declare(self.queue + DEAD_SUFFIX, passive=True).method.message_count
        return count


class DeadLetterQueues:
    """Dead letters in RabbitMQ's queues; implements `DeadLetters`.

    All of it raises Unavailable where the broker is not reachable or refuses, and where no turn comes in time.
    """

    def __init__(self, amqp_uri: str, waiting: tuple[float, ...] = WAITING_DELAYS) -> None:
        self._delays = waiting
        self._parameters = connection_parameters(amqp_uri)
        self._parameters.heartbeat = _HEARTBEAT

    def waiting(self, queues: Collection[str], wanted: Collection[str] | None = None) -> list[DeadLetter]:
        """Return the dead letters of work queues, or those `wanted` of them by id; by queue, oldest first."""
        with self._in_hand(queues) as (_connection, hands):
            return [held.letter for _hand, held in _chosen(hands, wanted)]

    def replay(self, queues: Collection[str], wanted: Collection[str] | None = None) -> Iterator[DeadLetter]:
        """Publish each to its work queue as if it had never failed, confirmed; then take it out, and yield it.

        It goes no further than it is followed, so that all that was handed back is known where one cannot be.
        """
        with self._in_hand(queues) as (connection, hands):
            publisher = connection.channel()
            publisher.confirm_delivery()
            for hand, held in _chosen(hands, wanted):
                held.properties.headers = headers_of_sender(held.properties.headers)
                held.properties.expiration = None
                held.properties.delivery_mode = 2
                publisher.basic_publish("", hand.queue, held.body, held.properties, mandatory=True)
                hand.settle(held)
                yield held.letter

    def drop(self, queues: Collection[str], wanted: Collection[str] | None = None) -> list[DeadLetter]:
        """Delete them for good, and return them once they are gone."""
        with self._in_hand(queues) as (_connection, hands):
            chosen = list(_chosen(hands, wanted))
            for hand, held in chosen:
                hand.settle(held)
        return [held.letter for _hand, held in chosen]

    def held_up(self, queues: Collection[str]) -> list[HeldUp]:
        """Return what waits for somebody else in work queues, by queue, oldest first; not what is just being tried."""
        with self._connection() as connection:
            _wait_for_turn(connection)
            with self._delayed(connection) as (_channel, delayed):
                found = {event for _got, event in delayed if event.queue in queues}
        return sorted(found, key=lambda event: (event.queue, event.since, event.id))

    def park(self, queues: Collection[str], wanted: Collection[str] | None = None) -> Iterator[HeldUp]:
        """Make a dead letter of each that waits, confirmed; then take it out, and yield it.

        Looks for as long as the longest delay, after which all that was just being tried has come by.
        """
        with self._connection() as connection:
            _wait_for_turn(connection)
            publisher = connection.channel()
            publisher.confirm_delivery()
            until = time.monotonic() + max(self._delays) + 1
            while time.monotonic() < until:
                with self._delayed(connection) as (channel, delayed):
                    for (method, properties, body), event in delayed:
                        if event.queue in queues and (wanted is None or event.id in wanted):
                            properties.headers = headers_when_parked(event, properties.headers)
                            properties.expiration = EXPIRATION
                            publisher.basic_publish("", event.queue + DEAD_SUFFIX, body, properties, mandatory=True)
                            channel.basic_ack(method.delivery_tag)
                            yield event
                connection.sleep(_LOOK_AGAIN_SECONDS)

    @contextmanager
    def _delayed(self, connection: Any) -> Iterator[tuple[Any, list[tuple[Any, HeldUp]]]]:
        """Take in hand what is delayed, and give back at the end what was not taken out; yield what of it waits."""
        channel = connection.channel()
        try:
            yield channel, [*_waiting_in(channel, [retry_exchange_name(delay) for delay in self._delays])]
        finally:
            if channel.is_open:
                channel.close()

    @contextmanager
    def _in_hand(self, queues: Collection[str]) -> Iterator[tuple[Any, list[_Hand]]]:
        with self._connection() as connection:
            _wait_for_turn(connection)
            hands: list[_Hand] = []
            try:
                for queue in queues:
                    hands.append(hand := _Hand(connection.channel(), queue))
                    hand.take_all()
                yield connection, hands
            finally:
                for hand in hands:
                    hand.give_back()

    @contextmanager
    def _connection(self) -> Iterator[Any]:
        """Yield a connection whose end gives back all that was taken and not settled."""
        try:
            connection = pika.BlockingConnection(self._parameters)
        except (AMQPError, OSError) as lost:
            raise Unavailable.because(f"The message bus is not reachable ({type(lost).__name__}).") from lost
        try:
            yield connection
        except AMQPError as broken:
            raise Unavailable.because(f"The message bus did not do it ({broken!r}).") from broken
        finally:
            if connection.is_open:
                connection.close()


def open_dead_letters(settings: Settings) -> DeadLetters:
    """Return the installation's dead letters, wherever its bus keeps them."""
    logging.getLogger("pika.channel").setLevel(logging.ERROR)  # a turn that has to be waited for is no warning
    return DeadLetterFile(settings.data_dir) if settings.embedded else DeadLetterQueues(settings.amqp_uri)


def _waiting_in(channel: Any, queues: Collection[str]) -> Iterator[tuple[Any, HeldUp]]:
    """Take all messages of queues of delays, and yield those that wait; a queue that there never was ends it."""
    try:
        for queue in queues:
            while (got := channel.basic_get(queue))[0] is not None:
                method, properties, body = got
                event = held_up(_name(properties, body), method.routing_key, properties.headers or {})
                if event is not None:
                    yield got, event
    except ChannelClosedByBroker as closed:
        if closed.reply_code != _NO_QUEUE:
            raise


def _name(properties: Any, body: bytes) -> str:
    """Return a message's id, or a name for one that has none."""
    return properties.message_id or f"delivery-{hashlib.sha256(body).hexdigest()[:12]}"


def _chosen(hands: Collection[_Hand], wanted: Collection[str] | None) -> Iterator[tuple[_Hand, _Held]]:
    return ((hand, held) for hand in hands for held in hand.held if wanted is None or held.letter.id in wanted)


def _wait_for_turn(connection: Any) -> None:
    """Return when nobody else looks; raise Unavailable where somebody does so for too long."""
    until = time.monotonic() + _TURN_SECONDS
    while True:
        try:
            connection.channel().queue_declare(TURN, exclusive=True)
        except ChannelClosedByBroker as closed:
            if closed.reply_code != _LOCKED:
                raise
        else:
            return
        if time.monotonic() > until:
            raise Unavailable.because("Somebody else is at the dead letters; nothing was done.")
        connection.sleep(0.2)
