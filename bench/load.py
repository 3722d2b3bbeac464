"""A load generator in a process of its own: some clients, one thread, no library between them and the sockets.

What clients do is a flow: an iterator of undertakings, each a generator that yields requests and is sent their answers.
Idle clients begin the next one at once, or when it is due where a rate is wanted; it counts from then, whoever is late.
"""

import json
import os
import select
import selectors
import socket
import subprocess
import sys
import time
from collections.abc import Generator, Iterator
from dataclasses import dataclass, field
from importlib import import_module
from pathlib import Path
from typing import Any, NamedTuple

ROOT = Path(__file__).parents[1]
_LENGTH = b"content-length:"
_AT_MOST_SECONDS = 600.0


class Answer(NamedTuple):
    """What came back for a request."""

    status: int
    head: bytes
    body: bytes


class Done(NamedTuple):
    """An undertaking: when it was due and when it ended, in seconds since 1970, and what came of it ("": nothing)."""

    begun: float
    ended: float
    came: str


Undertaking = Generator[bytes, Answer, str]


@dataclass
class Client:
    """One connection, what it is about, and the answer that is on its way."""

    port: int
    way: socket.socket | None = None
    undertaking: Undertaking | None = None
    begun: float = 0.0
    received: bytes = b""

    def ask(self, request: bytes) -> socket.socket:
        """Send a request, on a new connection where the last one was closed; return the socket to wait at."""
        if self.way is not None and select.select([self.way], [], [], 0)[0]:  # the server closes what was idle for long
            self.hang_up()
        if self.way is None:
            self.way = socket.create_connection(("127.0.0.1", self.port))
            self.way.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.received = b""
        self.way.sendall(request)
        return self.way

    def answer(self) -> Answer | None:
        """Take what has arrived; return the answer once it is whole."""
        assert self.way is not None
        arrived = self.way.recv(1 << 18)
        if not arrived:
            raise ConnectionError("the server hung up")
        self.received += arrived
        head, found, body = self.received.partition(b"\r\n\r\n")
        if not found or len(body) < _length(head.lower()):
            return None
        return Answer(int(head[9:12]), head, body)

    def hang_up(self) -> None:
        """Close the connection."""
        if self.way is not None:
            self.way.close()
            self.way = None


@dataclass
class Crowd:
    """So many clients and what they have done."""

    port: int
    undertakings: Iterator[Undertaking]
    seconds: float = 0.0
    rate: float = 0.0
    done: list[Done] = field(default_factory=list)

    def run(self, clients: int) -> list[Done]:
        """Return what was done when all undertakings, or all that began in time, have ended."""
        self._start = time.time()
        self._due = (self._start + number / self.rate for number in range(1 << 40)) if self.rate else None
        self._next_due = next(self._due) if self._due else 0.0
        self._idle = [Client(self.port) for _ in range(clients)]
        with selectors.DefaultSelector() as self._waiting:
            while self._begin() or self._waiting.get_map():
                for key, _ in self._waiting.select(self._patience()):
                    self._go_on(key.data)
        for client in self._idle:
            client.hang_up()
        return self.done

    def _begin(self) -> bool:
        """Let idle clients begin what is due; return whether there may be more to begin."""
        end = self._start + (self.seconds or _AT_MOST_SECONDS)
        while time.time() < end:
            if not self._idle or time.time() < self._next_due:
                return True
            undertaking = next(self.undertakings, None)
            if undertaking is None:
                return False
            client = self._idle.pop()
            client.undertaking, client.begun = undertaking, self._next_due or time.time()
            self._next_due = next(self._due) if self._due else 0.0
            self._ask(client, next(undertaking))
        return False

    def _patience(self) -> float:
        """Return for how many seconds nothing has to be begun."""
        return max(0.0, min(30.0, self._next_due - time.time())) if self._idle and self.rate else 30.0

    def _ask(self, client: Client, request: bytes) -> None:
        self._waiting.register(client.ask(request), selectors.EVENT_READ, client)

    def _go_on(self, client: Client) -> None:
        answer = client.answer()
        if answer is None:
            return
        assert client.way is not None
        assert client.undertaking is not None
        self._waiting.unregister(client.way)
        if b"connection: close" in answer.head.lower():
            client.hang_up()
        try:
            self._ask(client, client.undertaking.send(answer))
        except StopIteration as ended:
            self.done.append(Done(client.begun, time.time(), str(ended.value)))
            self._idle.append(client)


def request(method: str, path: str, content: bytes = b"", *headers: str) -> bytes:
    """Return a request as it is sent."""
    length = (f"Content-Length: {len(content)}",) if method == "POST" else ()
    head = "\r\n".join([f"{method} {path} HTTP/1.1", "Host: bench", *headers, *length])
    return f"{head}\r\n\r\n".encode() + content


def generate(
    flow: str, port: int, clients: int, *, seconds: float = 0, rate: float = 0, core: int | None = None, **more: Any
) -> list[Done]:
    """Run the flow `module:function`, called with `more`, in a process of its own; return what was done.

    With 0 seconds it runs until the flow ends; with a rate so many a second become due.
    """
    said = {"flow": flow, "port": port, "clients": clients, "seconds": seconds, "rate": rate, "more": more}
    process = subprocess.Popen(
        [sys.executable, "-m", "bench.load"], cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE
    )
    if core is not None and len(os.sched_getaffinity(0)) > 1:
        os.sched_setaffinity(process.pid, {core})
    out, _ = process.communicate(json.dumps(said).encode(), timeout=2 * _AT_MOST_SECONDS)
    if process.returncode:
        raise SystemExit("the load generator failed")
    return [Done(*each) for each in json.loads(out)]


def percentile(values: list[float], share: float) -> float:
    """Return the value that this share of the values does not exceed; 0 where there are none."""
    if not values:
        return 0.0
    return sorted(values)[min(len(values) - 1, int(share * len(values)))]


def _length(head: bytes) -> int:
    at = head.find(_LENGTH)
    return int(head[at + len(_LENGTH) :].split(b"\r\n", 1)[0]) if at >= 0 else 0


def main() -> None:
    """Generate, and print what was done."""
    said = json.load(sys.stdin)
    module, _, name = said["flow"].partition(":")
    undertakings = getattr(import_module(module), name)(**said["more"])
    crowd = Crowd(said["port"], undertakings, said["seconds"], said["rate"])
    print(json.dumps(crowd.run(said["clients"])))


if __name__ == "__main__":
    main()
