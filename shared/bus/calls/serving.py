"""The server's side of RPC: requests that nobody waits for are not run, and one that kills its process runs once.

A request that comes again after its process died is not run: it may be what killed it, and may have been done. A
process that stops runs what it has begun, and hands on to the others what still waits for a worker (ADR 20). Answers
are neither confirmed nor written to disk.
"""

import logging
from collections.abc import Callable
from functools import cached_property, partial
from typing import Any, TypeVar

import eventlet
import orjson
from nameko.exceptions import ContainerBeingKilled, MethodNotFound, UnserializableValueError, get_module_path
from nameko.rpc import Rpc as NamekoRpc
from nameko.rpc import RpcConsumer as NamekoRpcConsumer
from nameko.rpc import get_rpc_exchange

from shared.bus.calls.context import PROVEN, admitted_actor
from shared.bus.calls.fields import Fields
from shared.bus.calls.journeys import Journeys, as_if_sent_now
from shared.bus.calls.neighbours import DirectRequest
from shared.bus.calls.wire import decoded_call
from shared.bus.wires.budget import BUDGET, Budget
from shared.bus.wires.link import BusLost, CallLink
from shared.bus.wires.message import TRANSIENT, Outgoing, context_of
from shared.bus.wires.queue_consumer import BusConsumer
from shared.callers import Callers
from shared.contracts.errors import Refusal, Unavailable

_log = logging.getLogger(__name__)

Method = TypeVar("Method", bound=Callable[..., Any])

LAST_WORD_SECONDS = 1.0
"""How long a process that lost the broker, and not its life, may still answer what it has in hand."""


class RequestQueue(NamekoRpcConsumer):
    """Reads the service's request queue and answers."""

    queue_consumer = BusConsumer()
    link = CallLink()

    no_ack = False

    def __init__(self) -> None:
        super().__init__()
        self._journeys = Journeys()
        self._waiting: dict[Any, Budget] = {}
        self._methods: dict[str, Rpc] = {}

    def register_provider(self, provider: Any) -> None:
        """Serve a method, until the last request has been read."""
        super().register_provider(provider)
        self._methods[provider.method_name] = provider

    def start(self) -> None:
        """Let those in the same process call directly."""
        self.container.config["neighbours"].add(self.container.service_name, self)

    def unregister_provider(self, provider: Any) -> None:
        """Read no more requests, and hand on those that have found no worker."""
        self.container.config["neighbours"].remove(self.container.service_name)
        super().unregister_provider(provider)
        eventlet.sleep(0)  # those that have found one begin
        while self._waiting:  # one by one: each method ends, and each worker that falls free begins, on its own
            message = next(iter(self._waiting))
            self._hand_on(message, self._waiting.pop(message))

    def receive(self, message: Any) -> None:
        """Start the method that a request names; answer at once what cannot be started.

        Nothing waits here, where the next message is read: what would, has a greenlet of its own.
        """
        budget = self._journeys.budget(message.headers, message.properties)
        if budget.left() <= 0:
            self._aside(self._drop_overdue, message)
        elif message.delivery_info.get("redelivered"):
            self._aside(self._tell_interrupted, message, budget)
        elif self.has_free_worker:
            self._start(message, budget)
        else:
            self._aside(self._start, message, budget)

    @property
    def late(self) -> int:
        """How many requests it may have answered before it acknowledges them."""
        workers: int = self.container.max_workers
        return workers // 4

    @property
    def prefetch(self) -> int:
        """How many it may have: what its workers run, and what is answered. All others wait where others take them."""
        workers: int = self.container.max_workers
        return workers + self.late

    @property
    def has_free_worker(self) -> bool:
        """Whether a request would begin at once."""
        free: bool = self.container.has_free_worker
        return free

    def receive_directly(self, request: DirectRequest, budget: Budget) -> None:
        """Start the method that a request of a neighbour names, for which there is a worker; nothing waits here."""
        self._start(request, budget)

    def await_worker(self, message: Any, budget: Budget) -> None:
        """Note that a request waits for a worker."""
        self._waiting[message] = budget

    def begin(self, message: Any) -> bool:
        """Tell whether to run a request that has found a worker: others may have it, or nobody waits any more."""
        budget = self._waiting.pop(message, None)
        if budget is None:
            return False
        if budget.left() <= 0:
            self._drop_overdue(message)
            return False
        return True

    def answer(self, message: Any, result: Any, error: BaseException | None) -> BaseException | None:
        """Send what came out, acknowledge soon; return the error that was told, also where the result was no JSON."""
        try:
            body = orjson.dumps({"result": result, "error": error and error_body(error)})
        except TypeError:
            error = UnserializableValueError(type(result).__name__)
            body = orjson.dumps({"result": None, "error": error_body(error)})
        if isinstance(message, DirectRequest):
            message.answer(body)
            return error
        reply_to = message.properties.get("reply_to")
        if reply_to:
            self._send(body, reply_to, message.properties.get("correlation_id"))
        self.queue_consumer.ack_soon([message])
        return error

    @cached_property
    def _exchange(self) -> str:
        name: str = get_rpc_exchange(self.container.config).name
        return name

    def _aside(self, do: Callable[..., Any], *about: Any) -> None:
        self.container.spawn_managed_thread(partial(do, *about), identifier="call")

    def _drop_overdue(self, message: Any) -> None:
        """Acknowledge a request whose caller has given up, without running it."""
        _log.warning(
            "a call of %s was held up until nobody waited for it, and is not run", message.delivery_info["routing_key"]
        )
        if not isinstance(message, DirectRequest):
            self.queue_consumer.ack_message(message)

    def _tell_interrupted(self, message: Any, budget: Budget) -> None:
        """Answer a request whose process has ended, unless that process still does: whether it was done is open."""
        _log.warning("a call of %s was interrupted and is not run again", message.delivery_info["routing_key"])
        eventlet.sleep(min(LAST_WORD_SECONDS, budget.left()))
        self.answer(
            message, None, Unavailable.because("The process that did this has ended; whether it was done is open.")
        )

    def _hand_on(self, message: Any, budget: Budget) -> None:
        """Publish a request that was not begun anew, with what is left of its budget, then acknowledge it."""
        left = budget.left()
        if left <= 0:
            self._drop_overdue(message)
            return
        kept = ("correlation_id", "reply_to")
        properties = {name: message.properties[name] for name in kept if message.properties.get(name) is not None}
        copy = Outgoing(
            message.body.encode() if isinstance(message.body, str) else bytes(message.body),
            self._exchange,
            message.delivery_info["routing_key"],
            headers=as_if_sent_now(message.headers, message.properties, left),
            properties={**properties, "expiration": str(max(1, int(left * 1000)))},
            delivery_mode=TRANSIENT,
        )
        try:
            self.link.send(copy, mandatory=False)
        except BusLost:
            _log.warning("a call of %s could not be handed on", copy.routing_key)
        else:
            self.queue_consumer.ack_message(message)

    def _start(self, message: Any, budget: Budget) -> None:
        try:
            args, kwargs = decoded_call(message.body)
            self._method(message).start_worker(message, args, kwargs, budget)
        except ContainerBeingKilled:
            self._waiting.pop(message, None)
            if isinstance(message, DirectRequest):
                self.answer(message, None, Unavailable.because("The process that would do this has ended."))
            else:
                self._aside(self._hand_on, message, budget)
        except (Refusal, MethodNotFound) as refused:
            self._aside(self.answer, message, None, refused)

    def _method(self, message: Any) -> "Rpc":
        name = message.delivery_info["routing_key"].rpartition(".")[2]
        if name not in self._methods:
            raise MethodNotFound(name)
        return self._methods[name]

    def _send(self, body: bytes, reply_to: str, correlation_id: str | None) -> None:
        properties = {"correlation_id": correlation_id} if correlation_id else {}
        answer = Outgoing(body, self._exchange, reply_to, properties=properties, delivery_mode=TRANSIENT)
        try:
            self.link.send(answer, mandatory=False)
        except BusLost:
            _log.warning("an answer was lost with the message bus; its caller runs into the time limit")


class Rpc(NamekoRpc):
    """A method that others call. Refusals are expected; anything else is a defect, logged and told as a fault."""

    rpc_consumer = RequestQueue()

    def __init__(self, *, by: Callers) -> None:
        super().__init__(expected_exceptions=Refusal)
        self.by = by

    def setup(self) -> None:
        """Register the method and read its signature once."""
        super().setup()
        self.fields = Fields(getattr(self.container.service_cls, self.method_name))

    def start_worker(self, message: Any, args: list[Any], kwargs: dict[str, Any], budget: Budget) -> None:
        """Run the method in a worker, which may take as long as the `budget` lasts.

        Raises LoginRequired or Forbidden where the caller may not call it, then Invalid where the fields are not those
        that it has.
        """
        context = {**context_of(message.headers), BUDGET: budget}
        if self.by.refuse_others is not None:
            clinic, settings = self.fields.clinic(args, kwargs), self.container.config["settings"]
            method = f"{self.container.service_name}.{self.method_name}"
            actor = context[PROVEN] = admitted_actor(context, settings, method, clinic)
            self.by.refuse_others(actor, clinic)
        self.fields.require(args, kwargs)
        self.rpc_consumer.await_worker(message, budget)
        self.container.spawn_worker(
            self, args, kwargs, context_data=context, handle_result=partial(self.finish, message)
        )

    def finish(self, message: Any, worker_ctx: Any, result: Any, exc_info: Any) -> tuple[Any, Any]:
        """Answer the caller with what the worker came to."""
        error = exc_info[1] if exc_info else None
        if error is not None and not isinstance(error, self.expected_exceptions):
            _log.error("%s failed; correlation id %s", worker_ctx.call_id, worker_ctx.data.get("correlation_id"))
        told = self.rpc_consumer.answer(message, result, error)
        if told is error:
            return result, exc_info
        _log.error("%s returned what is no JSON", worker_ctx.call_id)
        return None, (type(told), told, None)

    def begin(self, message_finish: Any) -> bool:
        """Tell whether to run the request that has found a worker, by what settles it in the end."""
        begun: bool = self.rpc_consumer.begin(message_finish.args[0])
        return begun


def rpc(*, by: Callers) -> Callable[[Method], Method]:
    """Let the others call a method of a service: those of them that `by` says (`shared.callers`)."""
    register: Callable[[Method], Method] = Rpc.decorator(by=by)
    return register


def error_body(error: BaseException) -> dict[str, Any]:
    """Return an error as Nameko writes it; of a defect only its kind, since its text may hold personal data."""
    told = error.args if isinstance(error, (Refusal, MethodNotFound)) else ()
    kind = type(error)
    return {
        "exc_type": kind.__name__,
        "exc_path": get_module_path(kind),
        "exc_args": [str(argument) for argument in told],
        "value": str(told[0]) if told else "",
    }
