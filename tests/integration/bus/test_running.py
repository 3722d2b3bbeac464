"""Processes start in any order, wait for what they need, and drain (DESIGN rule 12)."""

import signal
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path

import pika
from pika.exceptions import ChannelClosedByBroker

from shared.bus.client import BlockingClient, connection_parameters
from shared.contracts.errors import Timeout, Unavailable
from tests.contract.bus.house import ROOT, eventually
from tests.servers.server import Server

PROGRAM = """
import eventlet; eventlet.monkey_patch()
import logging, os, sys
from dataclasses import replace
from nameko.timer import timer
from shared.bus.rpc import rpc
from shared.bus.runner import run
from shared.callers import ANYBODY
from shared.settings import from_environment

logging.basicConfig(level=logging.WARNING)

class Served:
    name = sys.argv[2]

    @rpc(by=ANYBODY)
    def slow(self, seconds):
        print("slow runs", flush=True)
        eventlet.sleep(seconds)
        print("slow is done", flush=True)
        return "done"

    @rpc(by=ANYBODY)
    def ping(self):
        return "pong"

    @rpc(by=ANYBODY)
    def who(self):
        return os.getpid()

    def keep_the_only_worker(self):
        print("busy", flush=True)
        eventlet.sleep(600)

if sys.argv[4:]:
    Served.keep_the_only_worker = timer(interval=3600, eager=True)(Served.keep_the_only_worker)
settings = from_environment({"DATA_DIR": sys.argv[3], "MAX_WORKERS": "1" if sys.argv[4:] else "10"})
run([Served], replace(settings, amqp_uri=sys.argv[1]))
print("drained", flush=True)
"""


def started(address: str, name: str, folder: Path, *more: str) -> subprocess.Popen[str]:
    """Start one service and return its process; with `busy` its only worker is taken."""
    with (folder / "log").open("w") as log:
        return subprocess.Popen(
            [sys.executable, "-W", "ignore", "-c", PROGRAM, address, name, str(folder), *more],
            cwd=ROOT,
            stdout=subprocess.PIPE,
            stderr=log,
            text=True,
        )


def test_a_service_started_before_its_broker_says_what_it_waits_for_and_then_serves(
    rabbitmq_server: Server, tmp_path: Path
) -> None:
    rabbitmq_server.stop()
    service = started(rabbitmq_server.address, "early", tmp_path)
    try:
        eventually(lambda: "waiting for the message bus" in (tmp_path / "log").read_text())
        rabbitmq_server.start()
        with BlockingClient(rabbitmq_server.address) as client:
            assert eventually(lambda: pong(client, "early"))
    finally:
        service.kill()
        service.communicate()


def test_sigterm_lets_running_work_finish_and_answer(rabbitmq_uri: str, tmp_path: Path) -> None:
    name = f"draining{time.time_ns()}"
    service = started(rabbitmq_uri, name, tmp_path)
    with BlockingClient(rabbitmq_uri) as client:
        eventually(lambda: pong(client, name))
        caller = subprocess.Popen(
            [
                sys.executable,
                "-c",
                "import sys; from shared.bus.client import BlockingClient\n"
                "print(BlockingClient(sys.argv[1]).call(sys.argv[2], 'slow', 3.5, timeout=30.0))",
                rabbitmq_uri,
                name,
            ],
            cwd=ROOT,
            stdout=subprocess.PIPE,
            text=True,
        )
        assert service.stdout is not None
        assert service.stdout.readline() == "slow runs\n"
        service.send_signal(signal.SIGTERM)
        assert caller.communicate(timeout=60)[0] == "done\n"
    assert service.communicate(timeout=60)[0] == "slow is done\ndrained\n"
    assert service.returncode == 0
    assert state_of(rabbitmq_uri, name) == (0, 0), "others are told that the call was interrupted"


def test_sigterm_hands_on_what_waits_for_a_worker(rabbitmq_uri: str, tmp_path: Path) -> None:
    """The first of two calls is in the hands of a process without a free worker, the second waits in the queue."""
    name = f"busy{time.time_ns()}"
    busy = started(rabbitmq_uri, name, tmp_path, "busy")
    assert busy.stdout is not None
    assert busy.stdout.readline() == "busy\n"
    eventually(lambda: state_of(rabbitmq_uri, name) == (1, 0))
    with BlockingClient(rabbitmq_uri) as first, BlockingClient(rabbitmq_uri) as second, ThreadPoolExecutor() as at:
        asked = [at.submit(client.call, name, "who", timeout=120.0) for client in (first, second)]
        eventually(lambda: state_of(rabbitmq_uri, name) == (1, 1))
        busy.send_signal(signal.SIGTERM)
        other = started(rabbitmq_uri, name, tmp_path)
        assert [each.result() for each in asked] == [other.pid] * 2
    for process in (busy, other):
        process.kill()
        process.communicate()


def test_sigterm_ends_a_service_that_still_waits_for_its_broker(tmp_path: Path) -> None:
    service = started("pyamqp://guest:guest@127.0.0.1:1//", "waiting", tmp_path)
    eventually(lambda: "waiting for the message bus" in (tmp_path / "log").read_text())
    service.send_signal(signal.SIGTERM)
    assert service.communicate(timeout=60)[0] == "drained\n"
    assert service.returncode == 0


def state_of(amqp_uri: str, name: str) -> tuple[int, int] | None:
    """Return how many processes read a service's queue, and how many calls none of them has in hand."""
    with closing(pika.BlockingConnection(connection_parameters(amqp_uri))) as connection:
        try:
            found = connection.channel().queue_declare(f"rpc-{name}", passive=True).method
        except ChannelClosedByBroker:
            return None
        return found.consumer_count, found.message_count


def pong(client: BlockingClient, name: str) -> bool:
    """Return whether the service answers."""
    try:
        return bool(client.call(name, "ping", timeout=3.0) == "pong")
    except (Timeout, Unavailable):
        return False
