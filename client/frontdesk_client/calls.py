"""Calls of services' methods: a request to the exchange `nameko-rpc`, and the answer to it."""

from __future__ import annotations

import json
import time
import uuid
from contextlib import suppress
from types import TracebackType
from typing import Any

import pika
from pika.exceptions import AMQPError, ChannelClosedByBroker

from .connecting import REFUSED_USERS, connection_to
from .refusals import Refused, raised
from .token import SECONDS, make_token

EXCHANGE = "nameko-rpc"
_ACCESS_REFUSED = 403
_SHARE = 0.8
"""Of the time for which the caller waits: what is not done by then is not begun, so that nothing happens unseen."""


class Frontdesk:
    """Calls methods as one tool. Not for several threads at once: each has one of its own.

    It connects with the first call, and anew where the connection was lost.
    """

    def __init__(self, address: str, name: str, key: str) -> None:
        """Take RabbitMQ's address with the tool's user, and the tool's name and key as in `TOOL_KEYS`."""
        self._address, self._name, self._key = address, name, key
        self._connection: Any = None
        self._channel: Any = None
        self._reply_to = ""
        self._answers: dict[str, dict[str, Any] | None] = {}

    def call(self, method: str, *args: Any, timeout: float = 10.0, **fields: Any) -> Any:
        """Call `service.method` and return its answer: `call("booking.get", "solna", "7K3M9QX2VT")`.

        Waits for `timeout` seconds. Raises Refused, or Fault where the other side broke.
        """
        body = json.dumps({"args": args, "kwargs": fields}).encode()
        call_id = uuid.uuid4().hex
        try:
            self._connect()
            answered = self._send_and_wait(method, body, call_id, timeout)
        except REFUSED_USERS as refused:
            self.close()
            raise Refused(
                "forbidden", f"RabbitMQ refuses the user or password in the address ({refused!r})."
            ) from refused
        except (AMQPError, OSError) as lost:
            self.close()
            if isinstance(lost, ChannelClosedByBroker) and lost.reply_code == _ACCESS_REFUSED:
                raise Refused("forbidden", f"The user in the address is not tool-{self._name}'s ({lost!r}).") from lost
            raise Refused("unavailable", f"The way to RabbitMQ was lost or refused ({lost!r}).") from lost
        if not self._channel.is_open:
            raise Refused(
                "forbidden", f"RabbitMQ refuses {method}: there is no such service, or this tool may not call it."
            )
        if not answered:
            raise Refused("timeout", f"{method} did not answer within {timeout} s.")
        answer = self._answers.pop(call_id)
        if answer is None:
            raise Refused("unavailable", f"Nobody serves {method}.")
        if answer.get("error"):
            raise raised(answer["error"], call_id)
        return answer.get("result")

    def close(self) -> None:
        """Close the connection; the next call opens another."""
        connection, self._connection, self._channel = self._connection, None, None
        if connection is not None and connection.is_open:
            with suppress(AMQPError):
                connection.close()

    def __enter__(self) -> Frontdesk:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def _connect(self) -> None:
        """Have a channel on a connection that lives. What was lost is found here, before anything is sent on it."""
        if self._connection is not None:
            with suppress(AMQPError):  # nothing was under way on it
                self._connection.process_data_events(time_limit=0)
            if self._connection.is_open and self._channel.is_open:
                return
            self.close()
        self._connection = connection_to(self._address, heartbeat=0)
        self._channel = self._connection.channel()
        self._reply_to = uuid.uuid4().hex
        queue = f"rpc.reply-{self._name}-{self._reply_to}"
        self._channel.queue_declare(queue, exclusive=True, auto_delete=True)
        self._channel.queue_bind(queue, EXCHANGE, self._reply_to)
        self._channel.basic_consume(queue, self._take_answer, auto_ack=True)
        self._channel.add_on_return_callback(self._take_back)

    def _send_and_wait(self, method: str, body: bytes, call_id: str, timeout: float) -> bool:
        """Send a request and tell whether its answer has come in time."""
        end = time.monotonic() + timeout
        headers = {
            "nameko.actor_token": make_token(self._name, self._key, max(SECONDS, timeout)),
            "nameko.correlation_id": call_id,
        }
        properties = pika.BasicProperties(
            content_type="application/json",
            content_encoding="utf-8",
            correlation_id=call_id,
            reply_to=self._reply_to,
            expiration=str(max(1, int(timeout * _SHARE * 1000))),
            headers=headers,
        )
        self._answers.clear()
        self._channel.basic_publish(EXCHANGE, method, body, properties, mandatory=True)
        while call_id not in self._answers and self._channel.is_open and time.monotonic() < end:
            self._connection.process_data_events(time_limit=max(0.0, end - time.monotonic()))
        return call_id in self._answers

    def _take_answer(self, _channel: Any, _method: Any, properties: Any, body: bytes) -> None:
        self._answers[properties.correlation_id] = json.loads(body)

    def _take_back(self, _channel: Any, _method: Any, properties: Any, _body: bytes) -> None:
        self._answers[properties.correlation_id] = None
