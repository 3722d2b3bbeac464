"""The rights of the broker's users, held against the queues and exchanges that there are; a real broker applies them in
`tests/system/test_broker_users.py`.
"""

import re

import pytest

from cli.broker_users import rights_of_caller, rights_of_service, rights_of_tool
from cli.serve import house
from shared.bus.events.topology import Subscription, subscriptions_of
from shared.settings import SERVICES

SUBSCRIPTIONS = subscriptions_of(house())
RIGHTS = {name: rights_of_service(name, SUBSCRIPTIONS) for name in SERVICES}
CALLERS = {
    "gateway": rights_of_caller("gateway"),
    "tool-till": rights_of_tool("tool-till", ()),
    "tool-board": rights_of_tool("tool-board", ["booking", "notification"]),
}


def who_may(kind: str, name: str) -> set[str]:
    """Return the users that may configure, write or read what is called `name`."""
    return {user for user, rights in {**RIGHTS, **CALLERS}.items() if re.search(getattr(rights, kind), name)}


@pytest.mark.parametrize("service", SERVICES)
def test_only_a_service_publishes_its_events(service: str) -> None:
    assert who_may("write", f"{service}.events") == {service}


@pytest.mark.parametrize("subscription", SUBSCRIPTIONS, ids=lambda each: each.queue_name)
def test_only_its_service_has_a_queue_and_it_may_bind_it_to_its_source(subscription: Subscription) -> None:
    for kind in ("configure", "write", "read"):
        assert who_may(kind, subscription.queue_name) == {subscription.service}
        assert who_may(kind, subscription.dead_queue_name) == {subscription.service}
    exchange = f"{subscription.source}.events"
    assert subscription.service in who_may("read", exchange) & who_may("configure", exchange)


@pytest.mark.parametrize("service", SERVICES)
def test_only_a_service_takes_its_calls(service: str) -> None:
    assert who_may("read", f"rpc-{service}") == {service}
    assert who_may("hears", f"{service}.*") == {service}
    assert who_may("calls", f"{service}.ping") == {*SERVICES, *CALLERS}


@pytest.mark.parametrize("name", ["#", "*.*", "booking.#", "*.book"])
def test_nobody_hears_the_calls_of_all(name: str) -> None:
    assert who_may("hears", name) == set()


def test_only_services_answer_and_reach_queues_by_their_names() -> None:
    assert who_may("calls", "0b0a1f6c-3c5f-4b6e-9d37-5f7a1c2d3e4f") == {*SERVICES}
    assert who_may("write", "amq.default") == who_may("write", "frontdesk.retry.1000") == {*SERVICES}


@pytest.mark.parametrize("user", CALLERS)
def test_answers_to_a_caller_are_its_own(user: str) -> None:
    name = user.removeprefix("tool-")
    assert who_may("read", f"rpc.reply-{name}-0b0a1f6c") == {user}
    assert who_may("hears", "0b0a1f6c3c5f4b6e9d375f7a1c2d3e4f") == {*SERVICES, *CALLERS}


def test_c5_a_tool_hears_the_events_of_the_services_that_it_is_for_in_queues_of_its_own() -> None:
    for queue in ("tool-board.events", "tool-board.letters"):
        assert {kind for kind in ("configure", "write", "read") if who_may(kind, queue) == {"tool-board"}} == {
            "configure", "write", "read"
        }  # fmt: skip
    assert [service for service in SERVICES if "tool-board" in who_may("read", f"{service}.events")] == [
        "booking", "notification"
    ]  # fmt: skip
    assert not any("tool-board" in who_may("configure", f"{service}.events") for service in SERVICES)
    assert who_may("configure", "tool-boards.events") == who_may("configure", "tool-till.events") == set()
