"""Troubles that come rarely and last: clocks that differ, dead letters that several look at."""

import threading
from collections.abc import Callable
from datetime import datetime
from functools import partial

import pika

from cli.serve import house as services
from shared.bus.dead_letter_queues import DeadLetterQueues
from shared.bus.events.topology import Subscription, subscriptions_of
from shared.contracts.errors import Unavailable
from tests.faults.books import plain_address
from tests.faults.load import Load, Visitor, at_once
from tests.faults.pairs import Pairs
from tests.system.installation import wait_until

AHEAD_SECONDS = 3.0
_AHEAD = ("availability-2", "booking-2", "notification-2", "gateway-2")

_EARLY_SECONDS = 2.0
"""How long before the end of their hold others try to get a time: less than clocks differ."""


def clocks_apart(house: Pairs, load: Load) -> None:
    """Let half of the processes live three seconds ahead, and holds come to their ends meanwhile."""
    for process in _AHEAD:
        house.restart(process, ahead=AHEAD_SECONDS)
    house.wait_ready()
    at_once(partial(_hold_to_the_end, load, number) for number in range(12))
    for process in _AHEAD:
        house.restart(process)
    house.wait_ready()


def letters_replayed_while_others_look(house: Pairs, load: Load) -> None:
    """Let what notification should have done become dead letters, and be handed back while three others list them."""
    both = ("notification-1", "notification-2")
    house.kill(*both)
    load.burst(30).run()
    address = house.environment["AMQP_URI"]
    work = [each for each in subscriptions_of(services()) if each.service == "notification"]
    wait_until(lambda: _set_aside(address, work) == 0, "all of notification's events are dead letters")
    letters, names = DeadLetterQueues(address), [each.queue_name for each in work]
    replayed = threading.Event()

    def list_them() -> None:
        while not replayed.wait(0.05):
            _in_turn(lambda: letters.waiting(names))

    lookers = [threading.Thread(target=list_them, daemon=True) for _ in range(3)]
    for looker in lookers:
        looker.start()
    _in_turn(lambda: list(letters.replay(names)))
    replayed.set()
    for looker in lookers:
        looker.join()
    for process in both:
        house.start(process)


def _in_turn(look: Callable[[], object]) -> None:
    """Look at dead letters, again where others did so for too long."""
    while True:
        try:
            look()
        except Unavailable:
            continue
        return


def _set_aside(amqp_uri: str, subscriptions: list[Subscription]) -> int:
    """Put what lies in work queues into the dead-letter queues as it is; return how many messages that were."""
    connection = pika.BlockingConnection(pika.URLParameters(plain_address(amqp_uri)))
    moved = 0
    try:
        channel = connection.channel()
        channel.confirm_delivery()
        for each in subscriptions:
            while (got := channel.basic_get(each.queue_name))[0] is not None:
                method, properties, body = got
                channel.basic_publish("", each.dead_queue_name, body, properties, mandatory=True)
                channel.basic_ack(method.delivery_tag)
                moved += 1
    finally:
        connection.close()
    return moved


def _hold_to_the_end(load: Load, number: int) -> None:
    """Hold a time for its minute; shortly before its end somebody else tries to get it, then its holder books it."""
    holder, other = Visitor(load, 2 * number), Visitor(load, 2 * number + 1)
    held = holder.hold()
    if held.is_done:
        ends = datetime.fromisoformat(held.answer["expires"])
        load.stopping.wait((ends - datetime.now(ends.tzinfo)).total_seconds() - _EARLY_SECONDS)
        other.book(held.place)
        holder.book(held.place, held)
