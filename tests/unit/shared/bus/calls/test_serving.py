"""A service's side of RPC: calls that came too late, and calls by those who may not (DESIGN rules 5 and 10)."""

import logging
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace
from typing import Any, ClassVar

import eventlet
import pytest
from nameko.containers import WorkerContext

from shared.actor import LIFETIME, Actor, proven, sign
from shared.actor import PUBLIC as PATIENT
from shared.bus.calls import serving
from shared.bus.calls.context import PROVEN, WorkerActor, outgoing_headers
from shared.bus.calls.fields import Fields
from shared.bus.calls.journeys import SENT_HEADER, sent_now
from shared.bus.calls.neighbours import Neighbours
from shared.bus.wires.budget import BUDGET, Budget, budget_of
from shared.bus.wires.message import Outgoing
from shared.callers import ANYBODY, PUBLIC, STAFF, Callers
from shared.contracts.errors import Forbidden, Invalid, LoginRequired
from shared.tools import Tool

HOUSE_KEY = "k"
TILL_KEY = "t"
TILL = Tool(TILL_KEY)
AMPLE = Budget.of(3600.0)
MAKER = Actor("staff", id="eva@solna.example", role="administrator", clinic="solna")


class Message:
    """A call by `actor`; by None one that does not say who acts."""

    def __init__(self, actor: Actor | None, **headers: Any) -> None:
        token = {} if actor is None else {"nameko.actor_token": sign(actor, "house", HOUSE_KEY, datetime.now(UTC))}
        self.headers = {**token, **headers}
        self.properties = {"expiration": "50000", "reply_to": "gateway", "correlation_id": "call-1"}
        self.delivery_info: dict[str, Any] = {"routing_key": "booking.hold"}
        self.body = b'{"args": [], "kwargs": {}}'


class Reader:
    """Reads the request queue, and notes what was acknowledged."""

    def __init__(self) -> None:
        self.acknowledged: list[Message] = []

    def ack_message(self, message: Message) -> None:
        """Note it."""
        self.acknowledged.append(message)

    def ack_soon(self, messages: list[Message]) -> None:
        """Note them."""
        self.acknowledged += messages


class Link:
    """Sends, and notes what."""

    def __init__(self) -> None:
        self.sent: list[Outgoing] = []

    def send(self, message: Outgoing, *, mandatory: bool) -> None:
        """Note it."""
        self.sent.append(message)


class Surroundings:
    """Has free workers, and does at once what would wait in a greenlet of its own."""

    has_free_worker = True
    service_name = "booking"
    config: ClassVar[dict[str, Any]] = {"neighbours": Neighbours()}

    def spawn_managed_thread(self, do: Callable[[], None], identifier: str) -> None:
        """Do it."""
        do()


@pytest.fixture
def queue() -> Any:
    """Return a request queue whose reader and link take notes."""
    made: Any = serving.RequestQueue()
    made.queue_consumer, made.link, made.container = Reader(), Link(), Surroundings()
    return made


def test_a_request_that_was_held_up_until_nobody_waits_is_acknowledged_and_not_run(
    queue: Any, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    started: list[Message] = []
    monkeypatch.setattr(serving.RequestQueue, "_start", lambda _self, message, _budget: started.append(message))
    now = sent_now()
    quick, slow, quick_again = (Message(None, **{SENT_HEADER: sent}) for sent in (now, now - 60_000, now))
    for message in (quick, slow, quick_again):
        queue.receive(message)
    assert started == [quick, quick_again]
    assert queue.queue_consumer.acknowledged == [slow]
    assert [(record.levelno, "booking.hold" in record.message) for record in caplog.records] == [
        (logging.WARNING, True)
    ]


def test_a_request_whose_process_has_ended_is_answered_and_not_run(queue: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """ADR 8: whether it was done nobody knows; its caller need not wait until its limit to hear that."""
    monkeypatch.setattr(serving, "LAST_WORD_SECONDS", 0.0)
    message = Message(None)
    message.delivery_info["redelivered"] = True
    queue.receive(message)
    (answer,) = queue.link.sent
    assert (answer.routing_key, answer.properties) == ("gateway", {"correlation_id": "call-1"})
    assert b'"Unavailable"' in answer.body
    assert b"whether it was done is open" in answer.body
    assert queue.queue_consumer.acknowledged == [message]


def test_a_process_that_stops_hands_on_what_waits_for_a_worker_with_what_is_left_of_its_budget(
    queue: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(serving.NamekoRpcConsumer, "unregister_provider", lambda _self, _provider: None)
    begun, waiting, overdue = (Message(MAKER, **{SENT_HEADER: sent_now()}) for _ in range(3))
    for message, budget in ((begun, AMPLE), (waiting, Budget.of(20.0)), (overdue, Budget.of(0.0))):
        queue.await_worker(message, budget)
    assert queue.begin(begun)
    queue.unregister_provider(None)
    (copy,) = queue.link.sent
    assert (copy.body, copy.exchange, copy.routing_key) == (waiting.body, "nameko-rpc", "booking.hold")
    assert copy.headers.keys() == waiting.headers.keys()
    assert copy.headers["nameko.actor_token"] == waiting.headers["nameko.actor_token"]
    left, spent = int(copy.properties.pop("expiration")), copy.headers[SENT_HEADER] - waiting.headers[SENT_HEADER]
    assert 0 < left <= 20_000
    assert left + spent == pytest.approx(50_000, abs=2), "what it waits from here on counts once"
    assert copy.properties == {"reply_to": "gateway", "correlation_id": "call-1"}
    assert queue.queue_consumer.acknowledged == [waiting, overdue]
    assert not queue.begin(waiting), "the worker that it finds in the end leaves it to others"


def test_each_waiting_call_is_handed_on_once_though_all_methods_end_at_once_and_workers_fall_free(
    queue: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(serving.NamekoRpcConsumer, "unregister_provider", lambda _self, _provider: None)
    waiting = [Message(None) for _ in range(6)]
    for message in waiting:
        queue.await_worker(message, AMPLE)
    begun: list[bool] = []

    def send(message: Outgoing, *, mandatory: bool) -> None:
        queue.link.sent.append(message)
        if not begun:
            begun.append(queue.begin(waiting[-1]))
        eventlet.sleep(0)

    monkeypatch.setattr(queue.link, "send", send)
    for stopping in [eventlet.spawn(queue.unregister_provider, None) for _ in range(3)]:
        stopping.wait()
    assert begun == [True]
    assert len(queue.link.sent) == 5
    assert set(queue.queue_consumer.acknowledged) == set(waiting[:-1])


def settings_with(till: Tool) -> Any:
    """Return settings of an installation that knows the house's key and one tool."""
    keys = {"house": (HOUSE_KEY,), "tool-till": till.keys}
    return SimpleNamespace(actor_key=HOUSE_KEY, tools={"till": till}, actor_keys=lambda: keys)


class Container:
    """Keeps the contexts of the workers that it was asked for."""

    def __init__(self, till: Tool) -> None:
        self.service_name = "booking"
        self.config = {"settings": settings_with(till), "parent_calls_tracked": 3}
        self.started: list[dict[str, Any]] = []

    def spawn_worker(
        self, _entrypoint: Any, _args: Any, _kwargs: Any, *, context_data: Any, handle_result: Any
    ) -> None:
        """Take the order."""
        self.started.append(context_data)


def method(by: Callers, till: Tool = TILL) -> tuple[Any, Container]:
    """Return the entrypoint of a method `get(clinic, reference)`, and where its workers start."""

    def get(self: Any, clinic: str, reference: str) -> None: ...

    entrypoint: Any = serving.Rpc(by=by)
    entrypoint.method_name = "get"
    entrypoint.container, entrypoint.fields = Container(till), Fields(get)
    return entrypoint, entrypoint.container


@pytest.mark.parametrize(
    ("actor", "args", "refusal"),
    [
        (PATIENT, ["solna", "ABC"], LoginRequired),
        (PATIENT, ["solna"], LoginRequired),
        (MAKER, ["lund", "ABC"], Forbidden),
        (MAKER, ["lund"], Forbidden),
        (MAKER, [], Forbidden),
        (None, ["solna", "ABC"], Forbidden),
        (MAKER, ["solna"], Invalid),
    ],
)
def test_who_may_call_is_settled_before_the_fields_are(
    actor: Actor | None, args: list[Any], refusal: type[Exception]
) -> None:
    """CONTRACTS 2: 401 and 403 are checked before parameters."""
    entrypoint, container = method(STAFF)
    with pytest.raises(refusal):
        entrypoint.start_worker(Message(actor), args, {}, AMPLE)
    assert container.started == []


def test_a_worker_is_given_the_actor_that_was_proven() -> None:
    entrypoint, container = method(STAFF)
    entrypoint.start_worker(Message(MAKER), ["solna", "ABC"], {}, AMPLE)
    (context,) = container.started
    worker = WorkerContext(container, None, entrypoint, data=context)
    assert WorkerActor(worker).get() == MAKER
    context["actor_token"] = "forged since"
    assert WorkerActor(worker).get() == MAKER, "proven once"
    assert PROVEN not in outgoing_headers(worker)
    assert f"nameko.{PROVEN}" not in outgoing_headers(worker)


def test_no_message_brings_an_actor_of_its_own() -> None:
    entrypoint, container = method(ANYBODY)
    entrypoint.start_worker(Message(None, **{f"nameko.{PROVEN}": vars(MAKER)}), ["solna", "ABC"], {}, AMPLE)
    worker = WorkerContext(container, None, entrypoint, data=container.started[0])
    with pytest.raises(Forbidden):
        WorkerActor(worker).get()


def test_a_worker_has_the_budget_of_its_request_which_no_message_brings_and_no_call_passes_on() -> None:
    entrypoint, container = method(ANYBODY)
    entrypoint.start_worker(Message(None, **{f"nameko.{BUDGET}": 1}), ["solna", "ABC"], {}, AMPLE)
    worker = WorkerContext(container, None, entrypoint, data=container.started[0])
    assert budget_of(worker.data) is AMPLE
    assert f"nameko.{BUDGET}" not in outgoing_headers(worker)


def call_of_the_till(lifetime: timedelta = LIFETIME) -> Message:
    """Return a call that the tool `till` has signed."""
    message, now = Message(None), datetime.now(UTC)
    message.headers["nameko.actor_token"] = sign(Actor("tool", id="till"), "tool-till", TILL_KEY, now, lifetime)
    return message


@pytest.mark.parametrize(
    ("till", "clinic"),
    [
        (Tool(TILL_KEY, clinics=frozenset({"solna"})), "lund"),
        (Tool(TILL_KEY, clinics=frozenset({"solna"})), None),
        (Tool(TILL_KEY, methods=frozenset({"booking.book", "patient.*"})), "solna"),
        (Tool(TILL_KEY, frozenset({"solna"}), frozenset({"patient.*"})), "solna"),
    ],
)
@pytest.mark.parametrize("by", [STAFF, PUBLIC])
def test_a_tool_is_refused_beyond_its_clinics_and_methods(by: Callers, till: Tool, clinic: str | None) -> None:
    entrypoint, container = method(by, till)
    with pytest.raises(Forbidden, match="This tool's key"):
        entrypoint.start_worker(call_of_the_till(), [clinic, "ABC"], {}, AMPLE)
    assert container.started == []


def test_what_follows_from_a_limited_tool_s_call_is_vouched_for_by_the_house_for_that_clinic_and_as_long() -> None:
    """The methods that its own call needs in turn are none that it has to be allowed."""
    lifetime = timedelta(minutes=30)
    entrypoint, container = method(STAFF, Tool(TILL_KEY, frozenset({"solna"}), frozenset({"booking.get"})))
    entrypoint.start_worker(call_of_the_till(lifetime), ["solna", "ABC"], {}, AMPLE)
    worker = WorkerContext(container, None, entrypoint, data=container.started[0])
    assert WorkerActor(worker).get() == Actor("tool", id="till", clinic="solna")
    passed_on = outgoing_headers(worker)["nameko.actor_token"]
    found = proven(passed_on, {"house": (HOUSE_KEY,)}, datetime.now(UTC))
    assert (found.signer, found.actor) == ("house", Actor("tool", id="till", clinic="solna"))
    assert found.until <= datetime.now(UTC) + lifetime


def test_the_token_of_a_tool_without_limits_is_passed_on_as_it_came() -> None:
    entrypoint, container = method(STAFF)
    message = call_of_the_till()
    entrypoint.start_worker(message, ["solna", "ABC"], {}, AMPLE)
    worker = WorkerContext(container, None, entrypoint, data=container.started[0])
    assert outgoing_headers(worker)["nameko.actor_token"] == message.headers["nameko.actor_token"]
