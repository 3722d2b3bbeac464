"""What the proxy of fault tests lets through, and what both sides see where it does not."""

import socket
import struct
import threading
from collections.abc import Iterator
from contextlib import suppress

import pytest

from tests.servers.proxy import Proxies

SECONDS = 20.0
"""How long what comes may take on any machine."""


@pytest.fixture
def echo() -> Iterator[int]:
    """Return the port of a server that says back what it hears."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        threading.Thread(target=_accept, args=(server,), daemon=True).start()
        yield server.getsockname()[1]


def _accept(server: socket.socket) -> None:
    while True:
        try:
            connection, _ = server.accept()
        except OSError:
            return
        threading.Thread(target=_say_back, args=(connection,), daemon=True).start()


def _say_back(connection: socket.socket) -> None:
    with connection, suppress(ConnectionResetError):
        while heard := connection.recv(100):
            connection.sendall(heard)


@pytest.fixture
def proxies(echo: int) -> Iterator[Proxies]:
    """Return a proxy with one way, to the echo."""
    proxies = Proxies(echo=echo)
    yield proxies
    proxies.close()


def connected(proxies: Proxies) -> socket.socket:
    """Return a connection by the proxy."""
    return socket.create_connection(("127.0.0.1", proxies.ports["echo"]), SECONDS)


def echoed(connection: socket.socket, said: bytes) -> bytes:
    """Return what comes back."""
    connection.sendall(said)
    return connection.recv(100)


def test_an_open_way_lets_both_sides_speak_and_end(proxies: Proxies) -> None:
    with connected(proxies) as connection:
        assert echoed(connection, b"one") == b"one"
        connection.shutdown(socket.SHUT_WR)
        assert connection.recv(100) == b""


def test_a_closed_way_cuts_connections_and_takes_none_until_it_is_open(proxies: Proxies) -> None:
    with connected(proxies) as connection:
        assert echoed(connection, b"one") == b"one"
        proxies.set("echo", "closed")
        with pytest.raises(ConnectionResetError):
            connection.recv(100)
    with pytest.raises(ConnectionRefusedError):
        connected(proxies)
    proxies.set("echo", "open")
    with connected(proxies) as connection:
        assert echoed(connection, b"two") == b"two"


def test_what_a_black_hole_swallows_arrives_when_the_way_is_open_again(proxies: Proxies) -> None:
    with connected(proxies) as before:
        assert echoed(before, b"one") == b"one"
        proxies.set("echo", "hole")
        with connected(proxies) as during:
            for connection in (before, during):
                connection.sendall(b"two")
                connection.settimeout(0.1)
                with pytest.raises(TimeoutError):
                    connection.recv(100)
                connection.settimeout(SECONDS)
            proxies.set("echo", "open")
            assert (before.recv(100), during.recv(100)) == (b"two", b"two")


def test_a_forgotten_connection_stays_silent_for_ever_and_new_ones_do_not(proxies: Proxies) -> None:
    with connected(proxies) as before:
        assert echoed(before, b"one") == b"one"
        proxies.set("echo", "forgotten")
        proxies.set("echo", "open")
        with connected(proxies) as after:
            before.sendall(b"two")
            assert echoed(after, b"three") == b"three"
        before.settimeout(0.1)
        with pytest.raises(TimeoutError):
            before.recv(100)


def test_a_connection_that_its_own_end_has_cut_is_no_hindrance_to_closing_the_way(proxies: Proxies) -> None:
    cut = connected(proxies)
    assert echoed(cut, b"one") == b"one"
    proxies.set("echo", "hole")
    cut.sendall(b"two")
    proxies.set("echo", "hole")  # by whose answer the proxy has heard what was sent before
    cut.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    cut.close()
    proxies.set("echo", "hole")
    proxies.set("echo", "closed")
    proxies.set("echo", "open")
    with connected(proxies) as connection:
        assert echoed(connection, b"three") == b"three"
