"""What the load generator counts: undertakings of several requests, each from when it was due to its last answer."""

import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from bench.load import Crowd, Undertaking, percentile, request


class Handler(BaseHTTPRequestHandler):
    """Answers 201 with what was posted; closes the connection where the path says so."""

    protocol_version = "HTTP/1.1"

    def do_POST(self) -> None:
        content = self.rfile.read(int(self.headers["Content-Length"]))
        self.send_response(201)
        self.send_header("Content-Length", str(len(content)))
        if self.path == "/close":
            self.send_header("Connection", "close")
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@pytest.fixture
def port() -> Iterator[int]:
    """Return the port of a server that says back what it is sent."""
    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield server.server_address[1]
        server.shutdown()
        thread.join()


def two_steps(number: int, path: str = "/") -> Undertaking:
    first = yield request("POST", path, b"%d" % number)
    second = yield request("POST", path, first.body * 2)
    return f"{second.status} {second.body.decode()}"


@pytest.mark.parametrize("path", ["/", "/close"])
def test_each_undertaking_is_done_once_however_the_server_keeps_connections(port: int, path: str) -> None:
    done = Crowd(port, (two_steps(number, path) for number in range(10))).run(3)
    assert sorted(each.came for each in done) == sorted(f"201 {number}{number}" for number in range(10))
    assert all(each.begun <= each.ended for each in done)


def test_what_is_due_counts_from_then_though_nobody_was_free(port: int) -> None:
    done = Crowd(port, (two_steps(number) for number in range(20)), rate=1000.0).run(1)
    begun = sorted(each.begun for each in done)
    assert [round(1000 * (at - begun[0])) for at in begun] == list(range(20))


def test_nobody_begins_when_the_time_is_over(port: int) -> None:
    assert Crowd(port, (two_steps(number) for number in range(10)), seconds=1e-9).run(2) == []


@pytest.mark.parametrize(("share", "value"), [(0.0, 1.0), (0.5, 51.0), (0.99, 100.0), (1.0, 100.0)])
def test_a_percentile_is_a_value_that_was_measured(share: float, value: float) -> None:
    assert percentile([float(number) for number in range(100, 0, -1)], share) == value


def test_there_is_a_percentile_of_nothing() -> None:
    assert percentile([], 0.5) == 0.0
