"""The bus as a neighbour of another version speaks it: written out here, so that a change of the code cannot change it.

Nothing of this is imported from the services: what stands here is what version 0.1.0 puts on the wire.
"""

import base64
import hmac
import json
import time
import uuid
from collections.abc import Iterator, Mapping
from typing import Any, Self

import pika

Message = dict[str, Any]
"""A message as files keep it: `{exchange, routing_key, properties, body}`."""

CALLS = "nameko-rpc"
"""The topic exchange of requests and answers."""

TOOL = {"kind": "tool", "id": "frontdesk", "source": "test of upgrades"}
"""What an internal tool says of itself; of a clinic it may do everything."""

WRITES = {
    "hold", "release", "book", "rebook", "cancel", "mark_no_show", "set_sms_reminder", "recall", "issue_recalls",
    "undo", "arrived", "note", "confirm_again",
    "watch_done", "apply_document", "add_absence", "update_absence", "remove_absence", "update", "add_need",
    "close_need", "resend", "send_code", "provider_status", "provider_inbound",
}  # fmt: skip
"""Methods that change something; all others may be called until the events that they wait for have come."""

_KEPT = ("content_type", "content_encoding", "headers", "delivery_mode", "message_id", "type")
"""Properties of a message that its sender gave."""

_LIFE_SECONDS = 60
_CLAIMS = ("kind", "id", "role", "clinic", "practitioner", "source", "login", "need")


def signed(claims: Mapping[str, Any], key: str) -> str:
    """Return the token that proves for a minute who acts, signed by the house."""
    said = {**dict.fromkeys(_CLAIMS), **claims, "until": time.time() + _LIFE_SECONDS}
    body = base64.urlsafe_b64encode(json.dumps(said, separators=(",", ":")).encode()).decode()
    return f"house.{body}.{hmac.digest(key.encode(), f'house.{body}'.encode(), 'sha256').hex()}"


def claims_of(token: str) -> dict[str, Any]:
    """Return what a token says of who acts, without its end."""
    claims: dict[str, Any] = json.loads(base64.urlsafe_b64decode(token.split(".")[1]))
    return {name: value for name, value in claims.items() if name != "until" and value is not None}


def as_message(method: Any, properties: pika.BasicProperties, body: bytes) -> Message:
    """Return a message as it is kept in a file."""
    given = {name: getattr(properties, name) for name in _KEPT if getattr(properties, name) is not None}
    return {
        "exchange": method.exchange,
        "routing_key": method.routing_key,
        "properties": given,
        "body": json.loads(body),
    }


class Wire:
    """A connection to the bus that calls, in the name of whoever `actor_key` signs for, and publishes."""

    def __init__(self, amqp_uri: str, actor_key: str = "") -> None:
        address = "amqp://" + amqp_uri.partition("://")[2]
        self._connection = pika.BlockingConnection(pika.URLParameters(f"{address}?heartbeat=0"))
        self.channel = self._connection.channel()
        self._actor_key = actor_key
        self._answers: dict[str, Any] = {}
        self._reply_to = ""

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._connection.close()

    def call(
        self,
        service: str,
        method: str,
        *args: Any,
        claims: Mapping[str, Any] = TOOL,
        timeout: float = 20.0,
        **kwargs: Any,
    ) -> dict[str, Any]:
        """Call a method and return its answer as it came: `{"result": …, "error": null}` or the other way round."""
        if not self._reply_to:
            self._listen_for_answers()
        call_id, correlation_id = uuid.uuid4().hex, uuid.uuid4().hex
        headers = {
            "nameko.actor_token": signed(claims, self._actor_key),
            "nameko.correlation_id": correlation_id,
            "nameko.deadline": f"{time.time() + timeout:.3f}",
        }
        properties = pika.BasicProperties(
            content_type="application/json",
            content_encoding="utf-8",
            correlation_id=call_id,
            reply_to=self._reply_to,
            expiration=str(int(timeout * 1000)),
            headers=headers,
        )
        body = json.dumps({"args": args, "kwargs": kwargs}).encode()
        self.channel.basic_publish(CALLS, f"{service}.{method}", body, properties)
        end = time.monotonic() + timeout
        while call_id not in self._answers:
            left = end - time.monotonic()
            assert left > 0, f"{service}.{method} did not answer"
            self._connection.process_data_events(time_limit=left)
        answer: dict[str, Any] = self._answers.pop(call_id)
        return answer

    def publish(self, message: Mapping[str, Any], queue: str = "") -> None:
        """Publish a message that was heard before to its exchange again, or into one queue."""
        properties = pika.BasicProperties(**message["properties"])
        exchange, key = ("", queue) if queue else (message["exchange"], message["routing_key"])
        body = json.dumps(message["body"], ensure_ascii=False, separators=(",", ":"))  # to the byte as it was signed
        self.channel.basic_publish(exchange, key, body.encode(), properties)

    def taken_from(self, queue: str) -> Iterator[tuple[Any, Any, bytes]]:
        """Yield method, properties and body of all that waits in a queue, and take it out."""
        while True:
            method, properties, body = self.channel.basic_get(queue, auto_ack=True)
            if method is None:
                return
            yield method, properties, body

    def waiting_in(self, queue: str) -> int:
        """Return how many messages a queue holds that nobody has in hand."""
        count: int = self.channel.queue_declare(queue, passive=True).method.message_count
        return count

    def _listen_for_answers(self) -> None:
        self._reply_to = uuid.uuid4().hex
        queue = f"rpc.reply-upgrade-{self._reply_to}"
        self.channel.exchange_declare(CALLS, "topic", durable=True)
        self.channel.queue_declare(queue, exclusive=True, auto_delete=True)
        self.channel.queue_bind(queue, CALLS, self._reply_to)
        self.channel.basic_consume(queue, self._answered, auto_ack=True)

    def _answered(self, _channel: Any, _method: Any, properties: Any, body: bytes) -> None:
        self._answers[properties.correlation_id] = json.loads(body)
