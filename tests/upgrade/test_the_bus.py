"""Queues, events and calls of a released version, on a RabbitMQ, with today's code.

Each test asks one process on the data folder of then, and one process per service on the databases of then.
"""

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from tests.system.installation import Installation, wait_until
from tests.upgrade.broker import dead_queues, retry_queues, waiting, work_queues
from tests.upgrade.conftest import Upgraded
from tests.upgrade.golden import Baseline
from tests.upgrade.replay import Replay
from tests.upgrade.wire import Message

pytestmark = pytest.mark.deep


@pytest.fixture(scope="session", params=["on_rabbitmq", "databases"])
def upgraded(request: pytest.FixtureRequest, baseline: Baseline) -> Upgraded:
    """Return first the one, then the other."""
    found: Upgraded = request.getfixturevalue(request.param)
    return found


def test_every_call_of_then_is_understood_and_answered_as_it_was(upgraded: Upgraded) -> None:
    """A clinic lives by the calls that another lived by: fields that were told are told, refusals have their kind."""
    samples = upgraded.baseline.read("calls")
    with upgraded.wire() as wire:
        replay = Replay(wire)
        wrong = next(filter(None, map(replay.repeat, samples)), [])  # what follows a wrong one says no more
    assert not wrong, "\n".join(wrong)


def test_every_event_of_then_is_taken_and_a_repeated_one_does_nothing(upgraded: Upgraded) -> None:
    """Nothing is set aside; each booking's patient is announced once, and no history grows.

    What a busy machine makes late is tried again: that may happen, and comes to the same.
    """
    events, kept = upgraded.events, upgraded.baseline.read("queues")
    ours = {event["body"]["id"] for event in events}
    with upgraded.wire() as wire:
        for event in [*events, *events]:
            wire.publish(event)
        wait_until(lambda: not any(wire.waiting_in(queue) for queue in work_queues(kept)), "all events are taken")
    wait_until(lambda: not left_to_do(upgraded, retry_queues(kept) + work_queues(kept), ours), "what was late is done")
    assert lying_in(upgraded, dead_queues(kept), ours) == []
    announced = Counter(
        body["data"]["booking"]
        for type in ("PatientCreated", "PatientUpdated")
        for body in upgraded.stores.announced("patient", type)
    )
    booked = {event["body"]["subject"] for event in events if event["body"]["type"] == "BookingCreated"}
    assert {reference: announced[reference] for reference in booked} == dict.fromkeys(booked, 1)
    assert upgraded.happened_twice() == []


def test_a1_histories_of_then_are_whole(upgraded: Upgraded) -> None:
    with upgraded.wire() as wire:
        for clinic in ("hamnen", "aldente", "exir", "frenda", "norsk", "optamed"):
            found = wire.call("booking", "verify_history", clinic)["result"]
            assert found["checked"] > 0
            assert found["broken"] == []


def left_to_do(upgraded: Upgraded, queues: list[str], ids: set[str]) -> list[Message]:
    """Return what lies in these queues of the events with these ids while nobody has any in hand."""
    with stopped(upgraded.installation):
        return lying_in(upgraded, queues, ids)


def lying_in(upgraded: Upgraded, queues: list[str], ids: set[str]) -> list[Message]:
    """Return what lies in these queues of the events with these ids."""
    found = waiting(upgraded.installation.environment["AMQP_URI"], queues)
    return [message for message in found if message["body"].get("id") in ids]


@contextmanager
def stopped(installation: Installation) -> Iterator[None]:
    """Let an installation finish what it has in hand and end; start it again afterwards."""
    names = list(installation.processes)
    installation.stop()
    try:
        yield
    finally:
        for name in names:
            process = name.partition("-")[0]
            installation.start(name, *(["up"] if process == "up" else ["serve", process]))
        installation.wait_ready()
