"""Clients that send what no browser would: each is dealt with, in time, and the gateway lives on."""

import socket
import struct
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, suppress

import pytest

from gateway.http.bounds import BODY_SECONDS, CONNECTIONS_OF_ONE, HEADER_SECONDS, IDLE_SECONDS
from tests.integration.gateway.conftest import Installation, Start

POST = b"POST /v1/clinics/solna/holds HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n"


def reset(connection: socket.socket) -> None:
    """Break a connection off as a crash does."""
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    connection.close()


def exchange(installation: Installation, sent: bytes) -> bytes:
    """Return all that comes back until the gateway closes, which it may do while we still send."""
    with installation.connect() as connection:
        received = b""
        with suppress(ConnectionError):
            connection.sendall(sent)
        with suppress(ConnectionResetError):
            while part := connection.recv(65536):
                received += part
        return received


@pytest.mark.parametrize(
    "sent",
    [
        b"GET /heal",
        POST + b"Content-Length: 1000\r\n\r\nabc",
        b"GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n" * 50,
        b"",
    ],
)
def test_a_client_that_breaks_off_does_no_harm(installation: Installation, sent: bytes) -> None:
    for _ in range(5):
        connection = installation.connect()
        connection.sendall(sent)
        reset(connection)

    assert installation.lives()


@pytest.mark.parametrize(
    ("sent", "status"),
    [
        (b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03" + bytes(range(256)) + b"\r\n\r\n", b"400"),
        (b"\r\n\r\n", b""),
        (b"GET /healthz HTTP/9.9\r\n\r\n", b"505"),
        (b"GET\r\n\r\n", b"400"),
        (b"GET /healthz HTTP/1.1\r\nX: " + b"a" * 200_000 + b"\r\n\r\n", b"431"),
        (b"GET /" + b"a" * 20_000 + b" HTTP/1.1\r\n\r\n", b"414"),
        (POST + b"Content-Length: -5\r\n\r\n", b"400"),
        (POST + b"Content-Length: abc\r\n\r\n", b"400"),
        (POST + b"Content-Length: 99999999999999999999\r\n\r\n", b"413"),
        (POST + b"Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", b"400"),
        (POST + b"Content-Length: 2\r\nContent-Length: 2\r\n\r\n{}", b"400"),
        (POST + b"Content-Length : 2\r\n\r\n{}", b"400"),
        (POST + b"Transfer-Encoding : chunked\r\n\r\n0\r\n\r\n", b"400"),
        (POST + b"Host: y\r\nContent-Length: 2\r\n\r\n{}", b"400"),
        (POST + b"no colon\r\n\r\n", b"400"),
        (POST + b"X: a\x00b\r\n\r\n", b"400"),
        (b"GET /healthz HTTP/1.1\r\nConnection: close\r\n\r\n", b"400"),
        (b"GET /healthz\r\n\r\n", b"400"),
        (POST + b"Transfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n\r\n", b"411"),
        (POST + b"Transfer-Encoding: gzip, chunked\r\n\r\n5\r\nhello\r\n0\r\n\r\n", b"411"),
        (b"GET /v1/%ff%00 HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n", b"404"),
        (b"GET /v1/%zz HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n", b"404"),
        (b"GET /v1/clinics\xff\xfe HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n", b"404"),
        (b"GET /v1/clinics/solna/slots?a=\xff HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n", b"400"),
        (b"GET http://evil.example/healthz HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n", b"404"),
        (b"OPTIONS * HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n", b"204"),
    ],
)
def test_what_is_not_http_is_refused(installation: Installation, sent: bytes, status: bytes) -> None:
    answer = exchange(installation, sent)

    assert answer[9:12] == status, answer[:200]
    assert status in {b"", b"204"} or b'"code":' in answer or b"<html" in answer
    assert installation.lives()


def test_a_body_that_is_too_large_is_refused_in_words_before_it_is_read(installation: Installation) -> None:
    body = b"x" * 3_000_000

    answer = exchange(installation, POST + b"Content-Length: %d\r\n\r\n" % len(body) + body[:500_000])

    assert answer.startswith(b"HTTP/1.1 413")
    assert b"Connection: close" in answer
    assert b'"code":"malformed"' in answer


def test_nothing_can_be_smuggled_behind_a_refused_body(installation: Installation) -> None:
    hidden = b"GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n"

    two_lengths = b"Content-Length: 0\r\nContent-Length: %d" % len(hidden)
    for header in (
        b"Transfer-Encoding: chunked", b"Content-Length: 70000", two_lengths,
        b"Content-Length : 0", b"Transfer-Encoding : chunked",
    ):  # fmt: skip
        answer = exchange(installation, POST + header + b"\r\n\r\n" + hidden)
        assert answer.count(b"HTTP/1.1 ") == 1


@pytest.mark.parametrize("asked", [b"POST /nowhere", b"OPTIONS /healthz", b"DELETE /healthz"])
def test_nothing_can_be_smuggled_where_no_body_is_read(installation: Installation, asked: bytes) -> None:
    hidden = b"GET /healthz HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"
    head = asked + b" HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: gzip, chunked\r\n\r\n"
    assert exchange(installation, head + hidden).count(b"HTTP/1.1 ") == 1


def dripping(installation: Installation, head: bytes, drop: bytes) -> float:
    """Return after how many seconds the gateway hangs up on a client that sends a drop now and then."""
    started = time.monotonic()
    with installation.connect() as connection:
        connection.settimeout(0.3)
        connection.sendall(head)
        while time.monotonic() - started < 40:
            try:
                connection.sendall(drop)
                if connection.recv(65536) == b"":
                    break
            except TimeoutError:
                continue
            except OSError:
                break
    return time.monotonic() - started


def test_a_client_that_drips_is_hung_up_on_in_headers_body_and_request_line(installation: Installation) -> None:
    kinds = [
        (b"GET /healthz HTTP/1.1\r\n", b"X-A: 1\r\n", HEADER_SECONDS),
        (POST + b"Content-Length: 1000\r\n\r\n", b"x", BODY_SECONDS),
        (b"GET /", b"a", IDLE_SECONDS),
    ]
    with ThreadPoolExecutor() as clients:
        taken = list(clients.map(lambda kind: dripping(installation, kind[0], kind[1]), kinds))

    for seconds, (_, _, limit) in zip(taken, kinds, strict=True):
        assert seconds < limit + 8  # the next limit is ten seconds later
    assert installation.lives()


def test_many_slow_clients_do_not_keep_others_out(installation: Installation) -> None:
    """Others are answered while all of them still wait; once is enough, since a machine too may be slow."""

    def others_come_first() -> bool:
        slow = [installation.connect("127.0.0.2") for _ in range(100)]
        for connection in slow:
            connection.sendall(POST + b"Content-Length: 1000\r\n\r\n")
        answered = installation.lives()
        they_wait = not any(has_heard(connection) for connection in slow)
        for connection in slow:
            connection.close()
        return answered and they_wait

    assert any(others_come_first() for _ in range(3))


def test_connections_beyond_the_limit_are_closed_and_places_come_back(start_installation: Start) -> None:
    installation = start_installation()
    crowd = [installation.connect(f"127.0.{2 + each % 8}.1") for each in range(560)]

    eventually(lambda: closed_among(crowd) >= 50)
    for connection in crowd:
        connection.close()

    eventually(installation.lives)


def has_heard(connection: socket.socket) -> bool:
    """Tell whether the gateway has sent something to a client, or hung up on them."""
    connection.setblocking(False)
    try:
        connection.recv(1)
    except BlockingIOError:
        return False
    except OSError:
        return True
    return True


def closed_among(crowd: list[socket.socket]) -> int:
    """Count the connections that the gateway has closed."""
    closed = 0
    for connection in crowd:
        connection.setblocking(False)
        try:
            closed += connection.recv(1) == b""
        except BlockingIOError:
            continue
        except OSError:
            closed += 1
    return closed


def eventually(holds: Callable[[], bool]) -> None:
    """Wait until something holds, for a minute at most."""
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        try:
            if holds():
                return
        except OSError:
            pass
        time.sleep(0.05)
    pytest.fail("it did not come true in a minute")


def test_answers_on_one_connection_come_in_order(installation: Installation) -> None:
    answer = exchange(
        installation,
        b"GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n" * 2
        + b"GET /v1/no HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n",
    )

    assert [line[9:12] for line in answer.split(b"HTTP/1.1 ")[1:]] != []
    assert answer.index(b"200 OK") < answer.index(b"404 NOT FOUND")
    assert answer.count(b"HTTP/1.1 200") == 2


def test_idle_connections_of_one_address_shut_nobody_out(installation: Installation) -> None:
    with ExitStack() as held:
        idle = [held.enter_context(installation.connect()) for _ in range(CONNECTIONS_OF_ONE + 5)]
        newest = idle[-1]
        newest.sendall(b"GET /healthz HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")

        assert newest.recv(4096).startswith(b"HTTP/1.1 200")
        assert idle[0].recv(4096) == b"", "the longest idle one has made room"
        assert b'outcome="closed_idle"' in installation.request("GET", "/metrics")[2]


@pytest.mark.parametrize(
    "begun",
    [
        b"GET /healthz HTTP/1.1\r\nX-A: 1\r\n",
        POST + b"Content-Length: 1000\r\n\r\nx",
        POST.replace(b"/v1/clinics/solna/holds", b"/no") + b"Content-Length: 1000\r\n\r\nx",
    ],
    ids=["head", "body", "body that nobody wants"],
)
def test_requests_that_are_never_read_to_their_end_shut_nobody_out(installation: Installation, begun: bytes) -> None:
    """They count as idle until then, and the longest idle one makes room."""
    with ExitStack() as held:
        for _ in range(CONNECTIONS_OF_ONE):
            held.enter_context(installation.connect("127.0.9.1")).sendall(begun)
        newest = held.enter_context(installation.connect("127.0.9.1"))
        newest.sendall(b"GET /healthz HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")

        assert newest.recv(4096).startswith(b"HTTP/1.1 200")
