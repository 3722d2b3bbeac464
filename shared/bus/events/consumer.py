"""Event consumers: what has gathered in a queue is taken in together, and what fails is tried again alone (ADR 22).

While one worker is busy with a queue's events, the next ones gather; whatever is there when it ends is its next batch,
so that a lone event runs at once. A batch is one transaction and one acknowledgement. Where it fails, each of its
events is tried by itself, and only the one at fault goes the way of retries (`handing_on`).
What its source has not signed is never acted on.
"""

import logging
import sys
from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from random import randrange
from typing import Any

import orjson
from eventlet.event import Event as Signal
from nameko.exceptions import ContainerBeingKilled
from nameko.messaging import Consumer

from shared.actor import CORRELATION_KEY
from shared.bus.events.effects import take_in
from shared.bus.events.handing_on import HandingOn, Permanent, body_of, told
from shared.bus.events.signatures import SIGNATURE, Signatures, Unproven
from shared.bus.events.topology import RETRY_DELAYS, WAITING_DELAYS, Subscription, declare, delays_of
from shared.bus.events.waiting import NOT_THERE, is_waiting, wait_of
from shared.bus.wires.link import ConfirmedLink
from shared.bus.wires.message import attempts_of
from shared.bus.wires.queue_consumer import BusConsumer
from shared.contracts.envelope import Event

_log = logging.getLogger(__name__)

MOST = 50
"""Events in one transaction; as many may gather meanwhile."""

ALONE_AT_ONCE = 10
"""Events of one queue that are tried side by side, each by itself."""


@dataclass(frozen=True)
class Delivery:
    """An event with the message that brought it."""

    event: Event
    message: Any

    @property
    def was_tried(self) -> bool:
        """Whether it has failed or waited before, or ended with its process, and might take others with it."""
        headers, redelivered = self.message.headers, self.message.delivery_info.get("redelivered")
        return bool(redelivered) or attempts_of(headers) > 0 or wait_of(headers) is not None


class EventConsumer(Consumer):
    """One `@consumes(source, type)` of a service's method.

    The method gets the events that have gathered, and returns the `Effect` that they have, None for none. It happens
    in one transaction of the service's `work`, each event once: the inbox knows them, under the method's name or
    `known_as`. With `by_version` nothing is noted there: what is written refuses by itself what is not newer. With
    `alone` the method gets one event at a time and does all by itself, for what cannot be one transaction; whatever
    that is may be done again.
    """

    queue_consumer = BusConsumer()
    link = ConfirmedLink()

    no_ack = False
    prefetch, late = 2 * MOST, MOST

    def __init__(
        self,
        source: str,
        type: str,
        *,
        known_as: str | None = None,
        by_version: bool = False,
        alone: bool = False,
        delays: tuple[float, ...] | None = None,
    ) -> None:
        self.source = source
        self.type = type
        self.known_as = known_as
        self.by_version = by_version
        self.alone = alone
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

    def inbox_of(self, method: str) -> str | None:
        """Return as whom the inbox knows `method`, None where it notes nothing of it."""
        return None if self.by_version else self.known_as or method

    def setup(self) -> None:
        """Declare all queues, before anybody in this process publishes; a mismatch (406) ends the start loudly."""
        self.signatures = Signatures.from_settings(self.container.config["settings"])
        self.refused = 0
        self.inbox = self.inbox_of(self.method_name)
        delays = delays_of(self.container.config)
        self.subscription = self.subscription_of(self.container.service_name, self.method_name, *delays)
        self.handing_on = HandingOn(self.subscription, self.link, self.queue_consumer)
        self.gathered: deque[Any] = deque()
        self._single: deque[Delivery] = deque()
        self._together, self._singly = Lane(1), Lane(ALONE_AT_ONCE)
        self._ended: Signal | None = None
        declare(self.container.config["AMQP_URI"], [self.subscription])
        self.queue = self.subscription.work_queue()
        super().setup()

    def stop(self) -> None:
        """Begin nothing more, end what was begun, and read no more: others get what was not begun from the broker."""
        self._ended = Signal()
        self._go_on()
        self._ended.wait()
        super().stop()

    def receive(self, message: Any) -> None:
        """Take what was read; nothing waits here, where the next message is read."""
        self.gathered.append(message)
        self._go_on()

    def _go_on(self) -> None:
        """Begin what may begin by now."""
        if self._ended is not None:
            if self._together.is_empty and self._singly.is_empty and not self._ended.ready():
                self._ended.send()
            return
        while self.gathered and self._together.has_room:
            self._begin(self._together, self._run_gathered)
        while self._single and self._singly.has_room:
            self._single.rotate(randrange(len(self._single)))  # one that ends its process is not always the first
            self._begin(self._singly, partial(self._run_single, self._single.popleft()))

    def _begin(self, lane: "Lane", run: Callable[[], None]) -> None:
        lane.taken += 1
        self.container.spawn_managed_thread(run, identifier=self.queue.name)

    def _leave(self, lane: "Lane") -> None:
        lane.taken -= 1
        self._go_on()

    def _run_gathered(self) -> None:
        """Run what has gathered; what was tried before, or wants it so, is put aside to run alone."""
        batch: list[Delivery] = []
        while self.gathered and len(batch) < MOST:
            delivery = self._read(self.gathered.popleft())
            if delivery is not None:
                (self._single if self.alone or delivery.was_tried else batch).append(delivery)
        if batch:
            self._run(batch, [delivery.event for delivery in batch], self._together)
        else:
            self._leave(self._together)

    def _run_single(self, delivery: Delivery) -> None:
        self._run([delivery], delivery.event if self.alone else [delivery.event], self._singly)

    def _run(self, batch: Sequence[Delivery], given: Any, lane: "Lane") -> None:
        """Run the method in a worker, which has the correlation id of its events where they share one."""
        ids = {delivery.event.correlation_id for delivery in batch}
        context = {CORRELATION_KEY: ids.pop()} if len(ids) == 1 else {}
        try:
            self.container.spawn_worker(
                self, (given,), {}, context_data=context, handle_result=partial(self.finish, batch, lane)
            )
        except ContainerBeingKilled:
            for delivery in batch:
                self.queue_consumer.requeue_message(delivery.message)

    def _read(self, message: Any) -> Delivery | None:
        """Return the event that a message brings; set aside at once what its source has not signed, and what is none.

        None also for a message whose connection is gone: it comes again.
        """
        if not message.channel.connection:
            return None
        try:
            self._check(message)
            return Delivery(Event.from_json(orjson.loads(message.body)), message)
        except Unproven as unproven:
            self._refuse(message, unproven)
        except (ValueError, TypeError, AttributeError) as malformed:
            self.handing_on.hand_on(message, Permanent(f"not an event: {type(malformed).__name__}"))
        return None

    def _check(self, message: Any) -> None:
        signature = (message.headers or {}).get(SIGNATURE)
        self.signatures.check(self.subscription.source, self.subscription.type, body_of(message.body), signature)

    def _refuse(self, message: Any, unproven: Unproven) -> None:
        self.refused += 1
        _log.error(
            "ALARM: an event in %s is not acted on: %s (%d since the start)",
            self.subscription.queue_name,
            unproven,
            self.refused,
        )
        self.handing_on.hand_on(message, unproven)

    def finish(
        self, batch: Sequence[Delivery], lane: "Lane", worker: Any, result: Any = None, exc_info: Any = None
    ) -> tuple[Any, Any]:
        """Write what the method made ready, and acknowledge; see to it that what waits or failed is tried again."""
        if exc_info is None and not self.alone:
            exc_info = self._write(worker, result)
        if exc_info is None:
            self._acknowledge([delivery.message for delivery in batch], lane)
        elif len(batch) == 1:
            self.handing_on.hand_on(batch[0].message, exc_info[1])
        else:
            _log.info("%d events of %s are tried one by one: %s", len(batch), self.queue.name, told(exc_info[1]))
            self._single.extend(batch)
        self._leave(lane)
        return result, exc_info

    def _acknowledge(self, messages: Sequence[Any], lane: "Lane") -> None:
        """Acknowledge soon; what ran alone at once, or it would come again with what ends its process beside it."""
        if lane is self._together:
            self.queue_consumer.ack_soon(messages)
        else:
            self.queue_consumer.ack_message(*messages)

    def _write(self, worker: Any, effect: Any) -> Any:
        """Let the effect happen; return what it failed with, None for nothing."""
        try:
            take_in(worker.service.work, effect, self.inbox, datetime.now(UTC))
        except Exception as failure:  # noqa: BLE001  # as Nameko takes whatever a method raises
            if not is_waiting(failure):
                _log.exception("what %s made ready could not be written", self.queue.name)
            return sys.exc_info()
        return None


class Lane:
    """Workers of one kind that may run side by side."""

    def __init__(self, width: int) -> None:
        self._width = width
        self.taken = 0

    @property
    def has_room(self) -> bool:
        """Whether another may begin."""
        return self.taken < self._width

    @property
    def is_empty(self) -> bool:
        """Whether none runs."""
        return self.taken == 0


consumes = EventConsumer.decorator
