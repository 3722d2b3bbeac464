"""RPC for programs that block: the command line and tests. Over pika, without eventlet."""

import ssl
import time
import uuid
from collections.abc import Callable
from contextlib import suppress
from typing import Any, Self

import pika
from kombu.utils.url import parse_url
from pika.exceptions import AMQPError

from shared.actor import CONTEXT_KEY, CORRELATION_KEY
from shared.bus.calls.journeys import SENT_HEADER, expiration_of, sent_now
from shared.bus.calls.wire import RemoteFault, decoded_answer, encoded_call, rebuilt_refusal
from shared.bus.wires.message import HEADER_PREFIX
from shared.contracts.errors import Timeout, Unavailable

RPC_EXCHANGE = "nameko-rpc"
DEFAULT_TIMEOUT = 10.0
_CONNECT_SECONDS = 3.0
_UNROUTABLE: dict[str, Any] = {"unroutable": True}


class BlockingClient:
    """Calls services' methods; refusals come back as what they are. Not for use by several threads at once."""

    def __init__(self, amqp_uri: str, actor_token: Callable[[], str] | None = None) -> None:
        self._parameters = connection_parameters(amqp_uri)
        self._actor_token = actor_token
        self._connection: Any = None
        self._channel: Any = None
        self._reply_to = ""
        self._answers: dict[str, dict[str, Any]] = {}

    def call(self, service: str, method: str, *args: Any, timeout: float = DEFAULT_TIMEOUT, **kwargs: Any) -> Any:
        """Call and return the answer; raise the other side's Refusal, Unavailable, Timeout or RemoteFault."""
        correlation_id = uuid.uuid4().hex
        body = encoded_call(args, kwargs)
        headers = self._headers(correlation_id)
        try:
            answer = self._exchange(f"{service}.{method}", body, headers, time.monotonic() + timeout)
        except (AMQPError, OSError) as lost:  # of a host without an address pika says what the system says
            self.close()
            raise Unavailable.because(f"The message bus is not reachable ({type(lost).__name__}).") from lost
        if answer is None:
            raise Timeout.because(f"{service}.{method} did not answer in time.")
        if answer is _UNROUTABLE:
            raise Unavailable.because(f"Nobody serves {service}.{method}.")
        error = answer.get("error")
        if error:
            raise rebuilt_refusal(error) or RemoteFault(
                f"{service}.{method}", str(error.get("exc_type")), correlation_id
            )
        return answer.get("result")

    def close(self) -> None:
        """Close the connection; the next call opens another."""
        connection, self._connection, self._channel = self._connection, None, None
        if connection is not None and connection.is_open:
            with suppress(AMQPError, OSError):
                connection.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def _headers(self, correlation_id: str) -> dict[str, str]:
        headers = {HEADER_PREFIX + CORRELATION_KEY: correlation_id}
        if self._actor_token is not None:
            headers[HEADER_PREFIX + CONTEXT_KEY] = self._actor_token()
        return headers

    def _exchange(self, target: str, body: bytes, headers: dict[str, str], deadline: float) -> dict[str, Any] | None:
        """Send and wait, over another connection where the last was lost while idle; what was sent is sent once."""
        if self._connection is not None:
            try:
                self._connection.process_data_events(time_limit=0)
            except (AMQPError, OSError):
                self.close()
        return self._send_and_wait(target, body, headers, deadline)

    def _send_and_wait(
        self, target: str, body: bytes, headers: dict[str, str], deadline: float
    ) -> dict[str, Any] | None:
        if self._channel is None:
            self._open()
        call_id = uuid.uuid4().hex
        properties = pika.BasicProperties(
            content_type="application/json",
            content_encoding="utf-8",
            correlation_id=call_id,
            reply_to=self._reply_to,
            expiration=expiration_of(deadline - time.monotonic()),
            headers={**headers, SENT_HEADER: sent_now()},
        )
        self._answers.clear()
        self._channel.basic_publish(RPC_EXCHANGE, target, body, properties, mandatory=True)
        while call_id not in self._answers and (left := deadline - time.monotonic()) > 0:
            self._connection.process_data_events(time_limit=left)
        return self._answers.pop(call_id, None)

    def _open(self) -> None:
        self._connection = pika.BlockingConnection(self._parameters)
        channel = self._connection.channel()
        channel.exchange_declare(RPC_EXCHANGE, "topic", durable=True)
        self._reply_to = uuid.uuid4().hex
        queue = f"rpc.reply-tool-{self._reply_to}"
        channel.queue_declare(queue, exclusive=True, auto_delete=True)
        channel.queue_bind(queue, RPC_EXCHANGE, self._reply_to)
        channel.basic_consume(queue, self._answered, auto_ack=True)
        channel.add_on_return_callback(self._returned)
        self._channel = channel

    def _answered(self, _channel: Any, _method: Any, properties: Any, body: bytes) -> None:
        self._answers[properties.correlation_id] = decoded_answer(body)

    def _returned(self, _channel: Any, _method: Any, properties: Any, _body: bytes) -> None:
        self._answers[properties.correlation_id] = _UNROUTABLE


def connection_parameters(amqp_uri: str) -> pika.ConnectionParameters:
    """Return pika's form of a kombu address."""
    parts = parse_url(amqp_uri)
    secure = str(parts["transport"]).endswith("amqps")
    return pika.ConnectionParameters(
        host=parts["hostname"] or "127.0.0.1",
        port=parts["port"] or (5671 if secure else 5672),
        virtual_host=parts["virtual_host"] or "/",
        credentials=pika.PlainCredentials(parts["userid"] or "guest", parts["password"] or "guest"),
        ssl_options=pika.SSLOptions(ssl.create_default_context(), parts["hostname"]) if secure else None,
        heartbeat=0,
        socket_timeout=_CONNECT_SECONDS,
        stack_timeout=_CONNECT_SECONDS,
        blocked_connection_timeout=_CONNECT_SECONDS,
    )
