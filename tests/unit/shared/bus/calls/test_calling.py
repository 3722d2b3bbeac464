"""A caller's side of RPC: its time limit, also where the bus does not move (DESIGN rule 5)."""

import gc
import time
from collections.abc import Iterator
from types import SimpleNamespace
from typing import Any

import eventlet
import orjson
import pytest
from eventlet.event import Event

from shared.bus.calls.calling import Calls, RemoteService, Reply
from shared.bus.calls.neighbours import DirectRequest, Neighbours
from shared.bus.wires.budget import BUDGET, Budget
from shared.contracts.errors import Malformed, Timeout


@pytest.fixture
def without_collector() -> Iterator[None]:
    """Keep the garbage collector from hiding what reference counts leave behind."""
    gc.disable()
    yield
    gc.enable()


class StuckLink:
    """A connection that takes nothing."""

    def send(self, message: Any, *, mandatory: bool) -> None:
        """Wait for ever."""
        eventlet.sleep(60)


class Container:
    """What runs the caller."""

    service_name = "caller"

    def __init__(self) -> None:
        self.config: dict[str, Any] = {"neighbours": Neighbours()}


class Consumer:
    """Reads the caller's answers, of which none comes."""

    def __init__(self) -> None:
        self.reading = Event()

    def register_provider(self, provider: Any) -> None:
        """Take note of who waits for answers."""

    def wait_until_reading(self) -> None:
        """Wait for the queues to be there."""
        self.reading.wait()


@pytest.mark.usefixtures("without_collector")
def test_nothing_is_remembered_of_a_call_that_the_bus_did_not_take_in_time() -> None:
    calls = Calls()
    calls.container, calls.consumer, calls.link = Container(), Consumer(), StuckLink()
    calls.setup()
    calls.consumer.reading.send()
    with pytest.raises(Timeout):
        calls.request("booking.ping", [], {}, {}, 0.01)
    eventlet.sleep(0)  # eventlet itself remembers its last alarm until it goes on
    assert calls.pending == 0


def test_who_was_held_up_until_its_time_was_over_takes_the_answer_that_lies_in_its_socket() -> None:
    """What was done in time is told, whatever held up the caller."""
    reply = Reply("call", "booking.book", "request", time.monotonic() - 3600)
    eventlet.spawn_after(0, reply.settle, {"result": "booked", "error": None})
    assert reply.result() == "booked"


def test_an_answer_that_does_not_come_is_not_waited_for() -> None:
    reply = Reply("call", "booking.book", "request", time.monotonic() - 3600)
    with pytest.raises(Timeout):
        reply.result()


class Sent:
    """Notes how long each call may take."""

    def __init__(self) -> None:
        self.timeouts: list[float] = []

    def request(self, _method: str, _args: Any, _kwargs: Any, _headers: Any, timeout: float, *, directly: bool) -> None:
        """Take the call."""
        self.timeouts.append(timeout)


def worker(**context: Any) -> Any:
    """Return a worker that calls."""
    return SimpleNamespace(data=context, context_data=context, entrypoint=None, service_name="booking", config={})


def test_a_callee_never_has_longer_than_its_caller() -> None:
    sent: Any = Sent()
    for context in ({}, {BUDGET: Budget.of(3600.0)}, {BUDGET: Budget.of(1.0)}):
        RemoteService(sent, worker(**context), "availability", 3.0).ping.call_async()
    assert sent.timeouts[:2] == [3.0, 3.0]
    assert 0 < sent.timeouts[2] <= 1.0


def test_a_worker_whose_time_is_over_calls_nobody() -> None:
    sent: Any = Sent()
    with pytest.raises(Timeout):
        RemoteService(sent, worker(**{BUDGET: Budget.of(-1.0)}), "availability", 3.0).ping.call_async()
    assert sent.timeouts == []


class Link:
    """A connection that takes everything, and notes it."""

    def __init__(self) -> None:
        self.sent: list[Any] = []

    def send(self, message: Any, *, mandatory: bool) -> None:
        """Note it."""
        self.sent.append(message)


def test_nothing_is_asked_before_answers_can_be_read() -> None:
    """A gateway listens as soon as it starts; an answer to a queue that is not there yet would be lost."""
    calls = Calls()
    calls.container, calls.consumer, calls.link = Container(), Consumer(), Link()
    calls.setup()
    asking = eventlet.spawn(calls.request, "booking.ping", [], {}, {}, 60.0)
    eventlet.sleep(0)
    assert calls.link.sent == []
    calls.consumer.reading.send()
    assert asking.wait() is not None
    assert len(calls.link.sent) == 1


class Neighbour:
    """A service in the same process, which answers at once with what it was given."""

    def __init__(self) -> None:
        self.has_free_worker = True
        self.taken: list[tuple[DirectRequest, Budget]] = []

    def receive_directly(self, request: DirectRequest, budget: Budget) -> None:
        """Take the call, and answer."""
        self.taken.append((request, budget))
        given = orjson.loads(request.body)
        request.answer(orjson.dumps({"result": given, "error": None}))


def test_a_service_of_the_same_process_is_called_without_the_bus_and_gets_objects_of_its_own() -> None:
    calls, neighbour, patients = Calls(), Neighbour(), ["Anna"]
    calls.container, calls.consumer, calls.link = Container(), Consumer(), Link()
    calls.container.config["neighbours"].add("booking", neighbour)
    calls.setup()
    headers = {"nameko.actor_token": "token"}
    answer = calls.request("booking.find", [patients], {"page": 1}, headers, 3.0).result()
    assert answer == {"args": [patients], "kwargs": {"page": 1}}
    assert answer["args"][0] is not patients
    ((request, budget),) = neighbour.taken
    assert (request.delivery_info["routing_key"], request.headers) == ("booking.find", headers)
    assert 0 < budget.left() < 3.0, "as over the bus, a little less than the caller waits"
    assert calls.link.sent == []
    with pytest.raises(Malformed):
        calls.request("booking.find", [object()], {}, headers, 3.0)


def test_a_call_for_which_no_worker_is_free_in_the_process_takes_the_bus_where_others_may_answer_it() -> None:
    calls, neighbour = Calls(), Neighbour()
    calls.container, calls.consumer, calls.link = Container(), Consumer(), Link()
    calls.container.config["neighbours"].add("booking", neighbour)
    calls.setup()
    calls.consumer.reading.send()
    neighbour.has_free_worker = False
    calls.request("booking.find", [], {}, {}, 3.0)
    neighbour.has_free_worker = True
    calls.request("patient.find", [], {}, {}, 3.0)
    calls.container.config["neighbours"].remove("booking")
    calls.request("booking.find", [], {}, {}, 3.0)
    assert [message.routing_key for message in calls.link.sent] == ["booking.find", "patient.find", "booking.find"]
    assert neighbour.taken == []


def test_who_wants_to_know_whether_the_bus_carries_calls_a_neighbour_over_it() -> None:
    calls, neighbour = Calls(), Neighbour()
    calls.container, calls.consumer, calls.link = Container(), Consumer(), Link()
    calls.container.config["neighbours"].add("booking", neighbour)
    calls.setup()
    calls.consumer.reading.send()
    booking = RemoteService(calls, worker(), "booking", 3.0).over_the_bus()
    for same in (booking, booking.with_timeout(2.0)):
        same.ping.call_async()
    assert [message.routing_key for message in calls.link.sent] == ["booking.ping"] * 2
    assert neighbour.taken == []
