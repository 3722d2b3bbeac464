"""A load generator: some connections, one thread, no library between it and the sockets.

    python -m bench.slots.load PORT CONNECTIONS SECONDS < addresses

Reads addresses (one per line) and asks for them in turn, each connection one after the other, until the seconds are
over or, with 0 seconds, until each was asked for once. Prints a line of JSON: count, seconds, milliseconds at the
50th and 99th percentile, and how many answers were not 200.
"""

import json
import selectors
import socket
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import cycle

LENGTH = b"content-length:"


@dataclass
class Tally:
    """What came back."""

    seconds: list[float] = field(default_factory=list)
    failed: int = 0

    def percentile(self, share: float) -> float:
        """Return the milliseconds within which this share of the answers came."""
        ordered = sorted(self.seconds)
        return 1000 * ordered[min(len(ordered) - 1, int(share * len(ordered)))]


@dataclass
class Client:
    """One connection and the answer that is on its way."""

    socket: socket.socket
    asked_at: float = 0.0
    received: bytes = b""

    def ask(self, request: bytes) -> None:
        """Send a request."""
        self.received = b""
        self.asked_at = time.perf_counter()
        self.socket.sendall(request)

    def has_answer(self) -> bool:
        """Take what has arrived; tell whether it is the whole answer."""
        arrived = self.socket.recv(1 << 18)
        if not arrived:
            raise ConnectionError("the server hung up")
        self.received += arrived
        head, found, body = self.received.partition(b"\r\n\r\n")
        if not found:
            return False
        lowered = head.lower()
        at = lowered.find(LENGTH)
        length = int(lowered[at + len(LENGTH) :].split(b"\r\n", 1)[0]) if at >= 0 else 0
        return len(body) >= length


def load(port: int, connections: int, seconds: float, addresses: list[str]) -> Tally:
    """Ask for the addresses and return what came back."""
    requests = [f"GET {address} HTTP/1.1\r\nHost: bench\r\n\r\n".encode() for address in addresses]
    turns: Iterator[bytes] = cycle(requests) if seconds else iter(requests)
    end = time.perf_counter() + (seconds or 600)
    tally = Tally()
    with selectors.DefaultSelector() as waiting:
        for _ in range(connections):
            client = Client(socket.create_connection(("127.0.0.1", port)))
            client.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            waiting.register(client.socket, selectors.EVENT_READ, client)
            _next(waiting, client, turns, end)
        while waiting.get_map():
            for key, _ in waiting.select(30):
                client = key.data
                if client.has_answer():
                    tally.seconds.append(time.perf_counter() - client.asked_at)
                    tally.failed += not client.received.startswith(b"HTTP/1.1 200 ")
                    _next(waiting, client, turns, end)
    return tally


def _next(waiting: selectors.BaseSelector, client: Client, turns: Iterator[bytes], end: float) -> None:
    request = next(turns, None)
    if request is None or time.perf_counter() >= end:
        waiting.unregister(client.socket)
        client.socket.close()
    else:
        client.ask(request)


def main() -> None:
    """Load and print."""
    port, connections, seconds = int(sys.argv[1]), int(sys.argv[2]), float(sys.argv[3])
    begun = time.perf_counter()
    tally = load(port, connections, seconds, sys.stdin.read().split())
    result = {
        "count": len(tally.seconds),
        "seconds": time.perf_counter() - begun,
        "p50": tally.percentile(0.5),
        "p99": tally.percentile(0.99),
        "failed": tally.failed,
    }
    print(json.dumps(result))


if __name__ == "__main__":
    main()
