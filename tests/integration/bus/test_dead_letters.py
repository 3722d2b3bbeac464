"""Dead letters on RabbitMQ: who looks hides nothing from others, and what is said to be done is done."""

from concurrent.futures import ThreadPoolExecutor
from typing import Any
from uuid import uuid4

import pika
import pytest

from shared.bus.dead_letter_queues import DeadLetterQueues
from shared.bus.events.dead_letters import EXPIRATION
from shared.bus.events.topology import Subscription, declare
from shared.bus.wires.message import ATTEMPTS
from shared.contracts.errors import Unavailable

LETTERS = 40


@pytest.fixture
def queues(rabbitmq_uri: str) -> list[str]:
    """Return two work queues of consumers that do not run."""
    name = f"nobody_{uuid4().hex[:8]}"
    subscriptions = [Subscription("teller", type, name, "take") for type in ("Told", "Sung")]
    declare(rabbitmq_uri, subscriptions)
    return [subscription.queue_name for subscription in subscriptions]


def set_aside(channel: Any, queue: str, *names: str) -> None:
    """Put letters of these ids into the dead letters of a queue, one after the other."""
    channel.confirm_delivery()
    for name in names:
        properties = pika.BasicProperties(message_id=name, delivery_mode=2, headers={ATTEMPTS: 6})
        channel.basic_publish("", f"{queue}.dead", b"{}", properties, mandatory=True)


def test_lookers_hide_no_letter_from_each_other_nor_from_a_replay(
    rabbitmq_uri: str, channel: Any, queues: list[str]
) -> None:
    names = [f"letter-{number:02}" for number in range(LETTERS)]
    set_aside(channel, queues[0], *names)

    def look(_: int) -> list[str]:
        return [letter.id for letter in DeadLetterQueues(rabbitmq_uri).waiting(queues)]

    def replay(name: str) -> list[str]:
        return [letter.id for letter in DeadLetterQueues(rabbitmq_uri).replay(queues, [name])]

    with ThreadPoolExecutor(6) as at_once:
        looks = at_once.map(look, range(4))
        replays = at_once.map(replay, names[:2])
        assert list(replays) == [[names[0]], [names[1]]]
        assert all(set(names[2:]) <= set(seen) for seen in looks)
    assert set(look(0)) == set(names[2:])
    assert in_queue(channel, queues[0]) == 2


def test_a_letter_is_handed_back_in_every_queue_it_lies_in_or_in_the_one_that_is_named(
    rabbitmq_uri: str, channel: Any, queues: list[str]
) -> None:
    for queue in queues:
        set_aside(channel, queue, "one", "two", "three")
    letters = DeadLetterQueues(rabbitmq_uri)
    assert [letter.queue for letter in letters.replay(queues, ["one"])] == queues
    assert [letter.queue for letter in letters.drop(queues[1:], ["two"])] == queues[1:]
    assert [letter.id for letter in letters.replay(queues)] == ["two", "three", "three"]
    assert letters.waiting(queues) == []
    assert [in_queue(channel, queue) for queue in queues] == [3, 2]


def test_a3_a_letter_that_is_handed_back_has_no_end_any_more(
    rabbitmq_uri: str, channel: Any, queues: list[str]
) -> None:
    """In its work queue it would only come back as a dead letter."""
    channel.confirm_delivery()
    properties = pika.BasicProperties(message_id="one", delivery_mode=2, expiration=EXPIRATION)
    channel.basic_publish("", f"{queues[0]}.dead", b"{}", properties, mandatory=True)
    assert [letter.id for letter in DeadLetterQueues(rabbitmq_uri).replay(queues)] == ["one"]
    _method, found, _body = channel.basic_get(queues[0], auto_ack=True)
    assert (found.message_id, found.expiration) == ("one", None)


def test_a_letter_whose_work_queue_is_gone_is_not_called_handed_back_and_stays(
    rabbitmq_uri: str, channel: Any, queues: list[str]
) -> None:
    set_aside(channel, queues[0], "one")
    channel.queue_delete(queues[0])
    letters = DeadLetterQueues(rabbitmq_uri)
    with pytest.raises(Unavailable):
        list(letters.replay(queues))
    assert [letter.id for letter in letters.waiting(queues)] == ["one"]


def test_a_queue_that_there_never_was_has_no_letters(rabbitmq_uri: str) -> None:
    assert DeadLetterQueues(rabbitmq_uri).waiting([f"evt-{uuid4().hex}"]) == []


def in_queue(channel: Any, queue: str) -> int:
    """Return how many messages wait in a queue."""
    count: int = channel.queue_declare(queue, passive=True).method.message_count
    return count
