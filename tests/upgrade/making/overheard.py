"""What goes over the bus while a clinic lives: a copy of every event, and of every call with its answer."""

import json
import threading
from collections.abc import Iterable, Iterator, Sequence
from typing import Any, Self

import pika

from shared.settings import SERVICES
from tests.upgrade.wire import CALLS, WRITES, Message, Wire, as_message, claims_of

Sample = dict[str, Any]

_OF_NOBODY = ("ping", "document", "clinics")
"""Methods of which one sample is enough, whoever asks."""


class Eavesdropper:
    """Hears from when it is entered until it is left; nobody else's copy becomes less by that.

    It listens all the time, in a thread: calls that nobody reads expire after seconds.
    """

    def __init__(self, amqp_uri: str) -> None:
        self._wire = Wire(amqp_uri)
        self._heard: list[tuple[Any, pika.BasicProperties, bytes]] = []
        self._ended = threading.Event()
        self._listening = threading.Thread(target=self._listen)

    def __enter__(self) -> Self:
        channel = self._wire.channel
        self._queue = channel.queue_declare("", exclusive=True).method.queue
        for exchange in (CALLS, *(f"{service}.events" for service in SERVICES)):
            channel.queue_bind(self._queue, exchange, "#")
        self._listening.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._ended.set()
        self._listening.join()

    def events(self) -> list[Message]:
        """Return all events that were heard, in their order."""
        return [as_message(*heard) for heard in self._heard if heard[0].exchange != CALLS]

    def calls(self) -> list[Sample]:
        """Return all calls that were answered, in the order in which they were made."""
        heard = [(method.routing_key, *rest) for method, *rest in self._heard if method.exchange == CALLS]
        answers = {properties.correlation_id: body for key, properties, body in heard if not _is_request(key)}
        return [
            {**_request(key, properties, body), "answer": json.loads(answers[properties.correlation_id])}
            for key, properties, body in heard
            if _is_request(key) and properties.correlation_id in answers
        ]

    def _listen(self) -> None:
        with self._wire as wire:
            for method, properties, body in wire.channel.consume(self._queue, auto_ack=True, inactivity_timeout=0.1):
                if method is not None:
                    self._heard.append((method, properties, body))
                elif self._ended.is_set():
                    return


def samples_of(calls: Sequence[Sample]) -> list[Sample]:
    """Return the calls that are worth keeping: all that changed something; of others that are equal the last.

    Equal ones are made where something is waited for.
    """
    last = {_same(call): index for index, call in enumerate(calls)}
    return [call for index, call in enumerate(calls) if _changed_something(call) or last[_same(call)] == index]


def one_of_each_kind(events: Iterable[Message]) -> Iterator[Message]:
    """Yield the first event of each type, origin and kind of actor."""
    seen = set()
    for event in events:
        body = event["body"]
        kind = (body["type"], body["actor"]["kind"], body["data"].get("origin"), body["data"].get("need") is None)
        if kind not in seen:
            seen.add(kind)
            yield event


def _changed_something(call: Sample) -> bool:
    return call["method"] in WRITES and call["answer"]["error"] is None


def _is_request(key: str) -> bool:
    return key.partition(".")[0] in SERVICES


def _request(key: str, properties: pika.BasicProperties, body: bytes) -> Sample:
    service, _, method = key.partition(".")
    token = (properties.headers or {}).get("nameko.actor_token")
    return {"service": service, "method": method, **json.loads(body), "claims": claims_of(token) if token else None}


def _same(call: Sample) -> str:
    claims = None if call["method"] in _OF_NOBODY else {**(call["claims"] or {}), "source": None}
    args = [] if call["method"] in _OF_NOBODY else [call["args"], call["kwargs"]]
    return json.dumps([call["service"], call["method"], args, claims], sort_keys=True)
