"""Calls and nothing else: stock Nameko's, ours, and what the broker itself allows, by py-amqp alone.

    python -m bench.bookings.bare_rpc serve|call stock|ours|bare AMQP_URI [CALLS CALLERS]

Who calls prints a line of JSON: calls, seconds, and the seconds of its own processor time.
"""

import warnings

warnings.filterwarnings("ignore", message=r"\s*Eventlet is deprecated")

import eventlet  # noqa: E402 - its deprecation warning is known

eventlet.monkey_patch()

import json  # noqa: E402 - nothing may be imported before eventlet has patched the standard library
import sys  # noqa: E402
import tempfile  # noqa: E402
import time  # noqa: E402
from collections.abc import Callable  # noqa: E402
from dataclasses import replace  # noqa: E402
from typing import Any  # noqa: E402

import amqp  # noqa: E402
from nameko.containers import ServiceContainer, WorkerContext  # noqa: E402
from nameko.extensions import Entrypoint  # noqa: E402
from nameko.rpc import RpcProxy  # noqa: E402
from nameko.rpc import rpc as stock_rpc  # noqa: E402
from sqlalchemy.engine import make_url  # noqa: E402

from bench.bookings.floors import READY  # noqa: E402
from shared.bus.rpc import ServiceClient, rpc  # noqa: E402
from shared.bus.runner import prepared_runner  # noqa: E402
from shared.callers import ANYBODY  # noqa: E402
from shared.settings import from_environment  # noqa: E402

VALUE = {"clinic": "bench", "type": "visit", "start": "2026-12-01T08:00:00+01:00"}
"""What is sent and comes back: of the size of a question about a time."""


class ByHand(Entrypoint):
    """An entrypoint of who calls, which acts as itself."""


class StockCallee:
    """Is called by stock Nameko's means."""

    name = "stock_callee"

    @stock_rpc
    def echo(self, value: Any) -> Any:
        """Return what was given."""
        return value


class StockCaller:
    """Calls by stock Nameko's means."""

    name = "stock_caller"
    callee = RpcProxy("stock_callee")


class OurCallee:
    """Is called over our bus."""

    name = "our_callee"

    @rpc(by=ANYBODY)
    def echo(self, value: Any) -> Any:
        """Return what was given."""
        return value


class OurCaller:
    """Calls over our bus."""

    name = "our_caller"
    callee = ServiceClient("our_callee", timeout=20.0)


def started(service: type[Any], kind: str, uri: str) -> Any:
    """Return the running container of a service."""
    if kind == "stock":
        container = ServiceContainer(service, config={"AMQP_URI": uri})
        container.start()
        return container
    settings = replace(from_environment({"DATA_DIR": tempfile.mkdtemp()}), amqp_uri=uri)
    runner = prepared_runner([service], settings)
    runner.start()
    return runner.service_map[service.name]


def serve(kind: str, uri: str) -> None:
    """Answer until the process is ended."""
    if kind == "bare":
        _answer_barely(uri)
    else:
        container = started(OurCallee if kind == "ours" else StockCallee, kind, uri)
        print(READY, flush=True)
        container.wait()


def call(kind: str, uri: str, calls: int, callers: int) -> dict[str, float]:
    """Return what so many calls by so many at once took."""
    if kind == "bare":
        return _timed(calls, _barely(uri, callers))
    container = started(OurCaller if kind == "ours" else StockCaller, kind, uri)
    (provider,) = (each for each in container.dependencies if each.attr_name == "callee")

    def one(_number: int) -> None:
        entrypoint = ByHand()
        entrypoint.method_name = "by_hand"
        provider.get_dependency(WorkerContext(container, None, entrypoint)).echo(VALUE)

    def many(number: int) -> None:
        for _ in eventlet.GreenPool(callers).imap(one, range(number)):
            pass

    return _timed(calls, many)


def _timed(calls: int, many: Callable[[int], None]) -> dict[str, float]:
    many(100)
    begun, used = time.perf_counter(), time.process_time()
    many(calls)
    return {"calls": calls, "seconds": time.perf_counter() - begun, "processor": time.process_time() - used}


def _channel(uri: str) -> Any:
    url = make_url(uri)
    connection = amqp.Connection(f"{url.host}:{url.port}", userid=url.username, password=url.password)
    connection.connect()
    return connection.channel()


def _answer_barely(uri: str) -> None:
    channel = _channel(uri)

    def answer(asked: Any) -> None:
        channel.basic_publish(amqp.Message(asked.body), routing_key=asked.properties["reply_to"])
        channel.basic_ack(asked.delivery_tag)

    channel.queue_declare("bare_callee", auto_delete=True)
    channel.basic_qos(0, 10, a_global=False)
    channel.basic_consume("bare_callee", callback=answer)
    print(READY, flush=True)
    while True:
        channel.connection.drain_events()


def _barely(uri: str, callers: int) -> Callable[[int], None]:
    channel, body = _channel(uri), json.dumps({"args": [VALUE], "kwargs": {}})
    replies = channel.queue_declare(exclusive=True).queue
    came = 0

    def ask() -> None:
        channel.basic_publish(amqp.Message(body, reply_to=replies), routing_key="bare_callee")

    def note(_answer: Any) -> None:
        nonlocal came
        came += 1

    channel.basic_consume(replies, no_ack=True, callback=note)

    def many(number: int) -> None:
        nonlocal came
        came, asked = 0, 0
        while came < number:
            while asked < number and asked - came < callers:
                ask()
                asked += 1
            channel.connection.drain_events()

    return many


if __name__ == "__main__":
    if sys.argv[1] == "serve":
        serve(*sys.argv[2:4])
    else:
        print(json.dumps(call(sys.argv[2], sys.argv[3], int(sys.argv[4]), int(sys.argv[5]))))
