"""Booking processes that a crowd of clients asks all at once; what runs in each is `crowd`."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

CLIENTS = 48
PROCESSES = 2

Client = dict[str, Any]
Outcome = dict[str, Any]


class Booking:
    """A booking process of its own."""

    def __init__(self, address: str) -> None:
        self.process = subprocess.Popen(
            [sys.executable, "-m", "tests.integration.booking.crowd", address],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            cwd=Path(__file__).parents[3],
        )

    def tell(self, what: Any) -> None:
        """Write one line to it."""
        assert self.process.stdin is not None
        self.process.stdin.write(json.dumps(what) + "\n")
        self.process.stdin.flush()

    def hear(self) -> Any:
        """Wait for its next line."""
        assert self.process.stdout is not None
        return json.loads(self.process.stdout.readline())

    def stop(self) -> None:
        """Let it end."""
        assert self.process.stdin is not None
        assert self.process.stdout is not None
        self.process.stdin.close()
        assert self.process.wait(timeout=120) == 0
        self.process.stdout.close()


def all_at_once(processes: list[Booking], document: dict[str, Any], clients: list[Client]) -> list[Outcome]:
    """Return what became of each client, all let go at the same moment, spread over the processes.

    No transaction may have had to be repeated: takers wait for each other in turn, and never in a circle.
    """
    for number, process in enumerate(processes):
        process.tell({"document": document, "clients": clients[number :: len(processes)]})
    for process in processes:
        assert process.hear() == "ready"
    for process in processes:
        process.tell("go")
    answers = [process.hear() for process in processes]
    assert [answer["repeated"] for answer in answers] == [0] * len(processes), "transactions crossed"
    return [outcome for answer in answers for outcome in answer["outcomes"]]
