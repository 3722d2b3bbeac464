"""The server's side of RPC: requests that nobody waits for are not run, and one that kills its process runs once.

A request that comes again after its process died is dropped: it may be what killed it, and its caller, who was told
`timeout`, may have repeated it already. Answers are neither confirmed nor written to disk.
"""

import logging
from collections.abc import Callable
from functools import partial
from typing import Any, TypeVar

import orjson
from nameko.exceptions import ContainerBeingKilled, MethodNotFound, UnserializableValueError, get_module_path
from nameko.rpc import Rpc as NamekoRpc
from nameko.rpc import RpcConsumer as NamekoRpcConsumer
from nameko.rpc import get_rpc_exchange

from shared.bus.calls.context import PROVEN, admitted_actor
from shared.bus.calls.fields import Fields
from shared.bus.calls.journeys import Journeys
from shared.bus.wires.budget import BUDGET, Budget
from shared.bus.wires.link import BusLost, CallLink
from shared.bus.wires.message import TRANSIENT, Outgoing, context_of
from shared.bus.wires.queue_consumer import BusConsumer
from shared.callers import Callers
from shared.contracts.errors import Malformed, Refusal

_log = logging.getLogger(__name__)

Method = TypeVar("Method", bound=Callable[..., Any])


class RequestQueue(NamekoRpcConsumer):
    """Reads the service's request queue and answers."""

    queue_consumer = BusConsumer()
    link = CallLink()

    no_ack = False
    inline = False

    def setup(self) -> None:
        """Know of no caller yet."""
        super().setup()
        self._journeys = Journeys()

    def receive(self, message: Any) -> None:
        """Start the method that a request names; answer at once what cannot be started."""
        if message.delivery_info.get("redelivered"):
            _log.warning("a call of %s was interrupted and is not run again", message.delivery_info["routing_key"])
            self.queue_consumer.ack_message(message)
            return
        budget = self._journeys.budget(message.headers, message.properties)
        if budget.left() <= 0:
            self.drop_overdue(message)
        else:
            self._start(message, budget)

    def drop_overdue(self, message: Any) -> None:
        """Acknowledge a request whose caller has given up, without running it."""
        _log.warning(
            "a call of %s was held up until nobody waited for it, and is not run", message.delivery_info["routing_key"]
        )
        self.queue_consumer.ack_message(message)

    def answer(self, message: Any, result: Any, error: BaseException | None) -> BaseException | None:
        """Send what came out, then acknowledge; return the error that was told, also where the result was no JSON."""
        try:
            body = orjson.dumps({"result": result, "error": error and error_body(error)})
        except TypeError:
            error = UnserializableValueError(type(result).__name__)
            body = orjson.dumps({"result": None, "error": error_body(error)})
        reply_to = message.properties.get("reply_to")
        if reply_to:
            self._send(body, reply_to, message.properties.get("correlation_id"))
        self.queue_consumer.ack_message(message)
        return error

    def _start(self, message: Any, budget: Budget) -> None:
        try:
            args, kwargs = _arguments(message.body)
            self._method(message).start_worker(message, args, kwargs, budget)
        except ContainerBeingKilled:
            self.queue_consumer.requeue_message(message)
        except (Refusal, MethodNotFound) as refused:
            self.answer(message, None, refused)

    def _method(self, message: Any) -> "Rpc":
        name = message.delivery_info["routing_key"].rpartition(".")[2]
        for provider in self._providers:
            if provider.method_name == name:
                found: Rpc = provider
                return found
        raise MethodNotFound(name)

    def _send(self, body: bytes, reply_to: str, correlation_id: str | None) -> None:
        exchange = get_rpc_exchange(self.container.config).name
        properties = {"correlation_id": correlation_id} if correlation_id else {}
        try:
            self.link.send(
                Outgoing(body, exchange, reply_to, properties=properties, delivery_mode=TRANSIENT), mandatory=False
            )
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

    def give_up(self, message_finish: Any) -> None:
        """Settle a request whose time ran out while it waited for a free worker."""
        self.rpc_consumer.drop_overdue(message_finish.args[0])


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


def _arguments(body: bytes | str) -> tuple[list[Any], dict[str, Any]]:
    try:
        request = orjson.loads(body)
        args, kwargs = request["args"], request["kwargs"]
    except (ValueError, TypeError, KeyError):
        args = kwargs = None
    if not isinstance(args, list) or not isinstance(kwargs, dict):
        raise Malformed.because("A call is a JSON object with a list `args` and an object `kwargs`.")
    return args, kwargs
