"""Processes start in any order, wait for what they need, and drain (DESIGN rule 12)."""

import signal
import subprocess
import sys
import time
from pathlib import Path

from shared.bus.client import BlockingClient
from shared.contracts.errors import Timeout, Unavailable
from tests.contract.bus.house import ROOT, eventually
from tests.servers.server import Server

PROGRAM = """
import eventlet; eventlet.monkey_patch()
import logging, sys
from dataclasses import replace
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

run([Served], replace(from_environment({"DATA_DIR": sys.argv[3]}), amqp_uri=sys.argv[1]))
print("drained", flush=True)
"""


def started(address: str, name: str, folder: Path) -> subprocess.Popen[str]:
    """Start one service and return its process."""
    with (folder / "log").open("w") as log:
        return subprocess.Popen(
            [sys.executable, "-W", "ignore", "-c", PROGRAM, address, name, str(folder)],
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
                "print(BlockingClient(sys.argv[1]).call(sys.argv[2], 'slow', 1.5, timeout=30.0))",
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


def test_sigterm_ends_a_service_that_still_waits_for_its_broker(tmp_path: Path) -> None:
    service = started("pyamqp://guest:guest@127.0.0.1:1//", "waiting", tmp_path)
    eventually(lambda: "waiting for the message bus" in (tmp_path / "log").read_text())
    service.send_signal(signal.SIGTERM)
    assert service.communicate(timeout=60)[0] == "drained\n"
    assert service.returncode == 0


def pong(client: BlockingClient, name: str) -> bool:
    """Return whether the service answers."""
    try:
        return bool(client.call(name, "ping", timeout=3.0) == "pong")
    except (Timeout, Unavailable):
        return False
