"""The caller's side of RPC: a time limit on every call, and refusals that arrive as what they were.

Nameko 2's own proxy waits for ever when the other side dies, and keeps its reply event. Here the request carries
its budget, expires with it, comes back at once where nobody has the queue, and a reply belongs to the caller's
object: once that is gone, so is every trace of the call.
"""

import logging
import time
import uuid
from collections.abc import Mapping, Sequence
from copy import copy
from typing import Any
from weakref import WeakValueDictionary

import eventlet
from eventlet.event import Event as Signal
from kombu import Queue
from nameko.extensions import DependencyProvider, SharedExtension
from nameko.rpc import RPC_REPLY_QUEUE_TEMPLATE, RPC_REPLY_QUEUE_TTL, get_rpc_exchange

from shared.actor import CORRELATION_KEY
from shared.bus.calls.context import outgoing_headers
from shared.bus.calls.journeys import SENT_HEADER, expiration_of, sent_now
from shared.bus.calls.neighbours import DirectRequest, Neighbours
from shared.bus.calls.wire import RemoteFault, decoded_answer, encoded_call, rebuilt_refusal
from shared.bus.wires.budget import Budget, budget_of, told_of
from shared.bus.wires.link import BusLost, CallLink
from shared.bus.wires.message import HEADER_PREFIX, TRANSIENT, Outgoing
from shared.bus.wires.queue_consumer import BusConsumer
from shared.contracts.errors import Refusal, Timeout, Unavailable

_log = logging.getLogger(__name__)

DEFAULT_TIMEOUT = 3.0
_LAST_LOOK = 0.25


class Reply:
    """An answer that is still on its way."""

    def __init__(self, call_id: str, method: str, correlation_id: str, deadline: float) -> None:
        self.call_id = call_id
        self._method = method
        self._correlation_id = correlation_id
        self._deadline = deadline
        self._arrived = Signal()

    def result(self) -> Any:
        """Wait for the answer and return it, or raise what it holds.

        Raises the Refusal that the other side raised, Unavailable, Timeout at the call's limit, or RemoteFault.
        """
        if not self._arrives():
            raise Timeout.because(f"{self._method} did not answer in time.")
        answer = self._arrived.wait()
        if isinstance(answer, Refusal):
            raise answer
        error = answer.get("error")
        if error:
            raise self._rebuilt(error)
        return answer.get("result")

    def settle(self, answer: Any) -> None:
        """Take the answer, or the refusal that stands for it; only the first one counts."""
        if not self._arrived.ready():
            self._arrived.send(answer)

    def _arrives(self) -> bool:
        """Tell whether the answer comes in time; who was held up finds the time over and the answer in the socket."""
        for seconds in (self._deadline - time.monotonic(), _LAST_LOOK):
            if self._arrived.ready() or self._arrived.wait(timeout=max(0.0, seconds)) is not None:
                return True
        return False

    def _rebuilt(self, error: Mapping[str, Any]) -> Exception:
        refusal = rebuilt_refusal(error)
        if refusal is not None:
            return refusal
        fault = RemoteFault(self._method, str(error.get("exc_type")), self._correlation_id)
        _log.error("%s", fault)
        return fault


class Calls(SharedExtension):
    """Sends a container's requests and takes in its answers, over one queue of its own."""

    consumer = BusConsumer()
    link = CallLink()

    no_ack = True

    def setup(self) -> None:
        """Name the reply queue; it outlives a broken connection, and goes when nobody reads it for minutes."""
        self._address = uuid.uuid4().hex
        self._pending: WeakValueDictionary[str, Reply] = WeakValueDictionary()
        self._neighbours: Neighbours = self.container.config["neighbours"]
        exchange = get_rpc_exchange(self.container.config)
        self._exchange = exchange.name
        self.queue = Queue(
            RPC_REPLY_QUEUE_TEMPLATE.format(self.container.service_name, self._address),
            exchange=exchange,
            routing_key=self._address,
            queue_arguments={"x-expires": RPC_REPLY_QUEUE_TTL},
        )
        self.consumer.register_provider(self)

    def start(self) -> None:
        """Hear of calls that nobody takes."""
        self.link.watch(self)

    def stop(self) -> None:
        """Stop reading answers."""
        self.consumer.unregister_provider(self)

    @property
    def pending(self) -> int:
        """How many calls somebody still waits for."""
        return len(self._pending)

    def request(
        self,
        method: str,
        args: Sequence[Any],
        kwargs: Mapping[str, Any],
        headers: Mapping[str, Any],
        timeout: float,
        *,
        directly: bool = True,
    ) -> Reply:
        """Send a call to `method` (`service.method`) and return its reply to come; never waits beyond `timeout`.

        It goes `directly` where a service of this process may begin at once, else over the bus. Raises Unavailable
        where that is not reachable, Timeout where it does not take the request, Malformed where the arguments are no
        plain JSON.
        """
        deadline = time.monotonic() + timeout
        reply = Reply(uuid.uuid4().hex, method, str(headers.get(HEADER_PREFIX + CORRELATION_KEY, "")), deadline)
        body = encoded_call(args, kwargs)
        neighbour = self._neighbours.free(method) if directly else None
        if neighbour is None:
            self._send(reply, body, method, headers, timeout)
        else:
            request = DirectRequest(method, body, headers, reply.settle)
            neighbour.receive_directly(request, Budget.of(told_of(timeout)))
        return reply

    def _send(self, reply: Reply, body: bytes, method: str, headers: Mapping[str, Any], timeout: float) -> None:
        message = Outgoing(
            body,
            self._exchange,
            method,
            headers={**headers, SENT_HEADER: sent_now()},
            properties={
                "correlation_id": reply.call_id,
                "reply_to": self._address,
                "expiration": expiration_of(timeout),
            },
            delivery_mode=TRANSIENT,
        )
        self._pending[reply.call_id] = reply
        limit = eventlet.Timeout(timeout)
        try:
            self.consumer.wait_until_reading()
            self.link.send(message, mandatory=True)
        except BusLost as lost:
            raise Unavailable.because(f"{method} cannot be reached: {lost}.") from lost
        except eventlet.Timeout as passed:
            if passed is not limit:
                raise
            raise Timeout.because(f"The message bus took no call to {method} in time.") from None
        finally:
            limit.cancel()
            del limit  # where it was raised, its traceback holds this frame and so the reply: a circle that would stay

    def receive(self, message: Any) -> None:
        """Give an answer to whoever still waits for it."""
        reply = self._pending.pop(message.properties.get("correlation_id"), None)
        if reply is not None:
            reply.settle(decoded_answer(message.body))

    def unroutable(self, correlation_id: str, routing_key: str) -> None:
        """End a call at once for which nobody has a queue."""
        reply = self._pending.pop(correlation_id, None)
        if reply is not None:
            reply.settle(Unavailable.because(f"Nobody serves {routing_key}."))

    def connection_lost(self) -> None:
        """End all calls that may have been lost with the connection."""
        for reply in list(self._pending.values()):
            reply.settle(
                Unavailable.because("The connection to the message bus was lost; whether it was done is open.")
            )


class ServiceClient(DependencyProvider):
    """Injects another service's methods: `self.booking.book(…)`."""

    calls = Calls()

    def __init__(self, service: str, timeout: float = DEFAULT_TIMEOUT) -> None:
        self.service = service
        self.timeout = timeout

    def get_dependency(self, worker_ctx: Any) -> "RemoteService":
        """Return the service as this worker sees it."""
        return RemoteService(self.calls, worker_ctx, self.service, self.timeout)


class RemoteService:
    """Another service's methods, called in the name of whoever acts in this worker, and within its budget."""

    def __init__(self, calls: Calls, worker: Any, service: str, timeout: float) -> None:
        self._calls = calls
        self._worker = worker
        self._service = service
        self._timeout = timeout
        self._own_name = False
        self._directly = True

    def with_timeout(self, seconds: float) -> "RemoteService":
        """Return the same service with another time limit."""
        return self._but(_timeout=seconds)

    def in_own_name(self) -> "RemoteService":
        """Return the same service, called by this service for itself, after it has checked who acts."""
        return self._but(_own_name=True)

    def over_the_bus(self) -> "RemoteService":
        """Return the same service, called over the bus also from its own process: the answer tells of both."""
        return self._but(_directly=False)

    def __getattr__(self, name: str) -> "RemoteMethod":
        if name.startswith("_"):
            raise AttributeError(name)
        return RemoteMethod(self, name)

    def _but(self, **different: Any) -> "RemoteService":
        same = copy(self)
        vars(same).update(different)
        return same

    def _request(self, name: str, args: Sequence[Any], kwargs: Mapping[str, Any]) -> Reply:
        headers = outgoing_headers(self._worker, own_name=self._own_name)
        timeout = budget_of(self._worker.data).at_most(self._timeout)
        method = f"{self._service}.{name}"
        return self._calls.request(method, args, kwargs, headers, timeout, directly=self._directly)


class RemoteMethod:
    """One method of another service."""

    def __init__(self, service: RemoteService, name: str) -> None:
        self._service = service
        self._name = name

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        """Call and wait; see `Reply.result`. Raises Timeout at once where the worker's own time is over."""
        return self.call_async(*args, **kwargs).result()

    def call_async(self, *args: Any, **kwargs: Any) -> Reply:
        """Call and return the reply to come, so that several calls go out side by side."""
        return self._service._request(self._name, args, kwargs)
