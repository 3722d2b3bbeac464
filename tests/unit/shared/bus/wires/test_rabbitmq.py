"""What is read from RabbitMQ, in whatever pieces it comes."""

from collections.abc import Callable
from struct import pack
from types import SimpleNamespace
from typing import Any

import pytest
from amqp.exceptions import UnexpectedFrame
from hypothesis import given
from hypothesis import strategies as st

from shared.bus.wires.rabbitmq import _Tcp, connection_to, sent_together
from tests.servers.ports import free_port

FRAMES = st.lists(st.tuples(st.sampled_from([1, 2, 3, 8]), st.integers(0, 9), st.binary(max_size=60)), max_size=6)


def written(kind: int, channel: int, content: bytes, end: int = 0xCE) -> bytes:
    """Return a frame as it stands in the socket."""
    return pack(">BHI", kind, channel, len(content)) + content + bytes([end])


def way(recv: Callable[[int], bytes]) -> _Tcp:
    """Return a connected way whose socket gives what `recv` returns."""
    made = _Tcp("127.0.0.1:1")
    made._quick_recv, made.connected = recv, True
    return made


@given(FRAMES, st.lists(st.integers(1, 40), min_size=1), st.booleans())
def test_frames_come_out_as_they_were_written_in_whatever_pieces_and_with_whatever_pauses(
    frames: list[tuple[int, int, bytes]], sizes: list[int], pauses: bool
) -> None:
    stream = b"".join(written(*frame) for frame in frames)
    pieces: list[bytes] = []
    while stream:
        size = sizes[len(pieces) % len(sizes)]
        pieces, stream = [*pieces, stream[:size]], stream[size:]
    turn = iter(range(10**6))

    def recv(_most: int) -> bytes:
        if pauses and next(turn) % 2 == 0:
            raise TimeoutError
        return pieces.pop(0)

    reading, found = way(recv), []
    while len(found) < len(frames):
        try:
            found.append(reading.read_frame())
        except TimeoutError:
            assert reading.connected
    assert found == frames
    assert not reading.has_frame()


def test_a_socket_that_has_ended_is_no_connection_any_more() -> None:
    reading = way(lambda _most: b"")
    with pytest.raises(OSError, match="closed"):
        reading.read_frame()
    assert not reading.connected


def test_a_frame_that_does_not_end_as_frames_do_is_refused() -> None:
    with pytest.raises(UnexpectedFrame):
        way(lambda _most: written(1, 0, b"x", end=0)).read_frame()


def writing() -> tuple[Any, list[bytes]]:
    """Return a channel, and what leaves its socket."""
    made, sent = way(bytes), []
    made._write = lambda frames: sent.append(bytes(frames))
    return SimpleNamespace(connection=SimpleNamespace(transport=made)), sent


def test_what_is_written_together_leaves_at_once() -> None:
    channel, sent = writing()
    with sent_together(channel):
        for frame in (b"one", memoryview(b"two")):
            channel.connection.transport.write(frame)
        assert sent == []
    with sent_together(channel):
        pass
    channel.connection.transport.write(b"three")
    assert sent == [b"onetwo", b"three"]


def test_of_what_was_interrupted_as_it_was_written_nothing_leaves() -> None:
    channel, sent = writing()

    def interrupted() -> None:
        with sent_together(channel):
            channel.connection.transport.write(b"one")
            raise EOFError

    with pytest.raises(EOFError):
        interrupted()
    channel.connection.transport.write(b"two")
    assert sent == [b"two"]


@pytest.mark.parametrize(("address", "tls"), [("pyamqp://localhost//", False), ("amqps://localhost//", True)])
def test_every_address_of_rabbitmq_is_read_so(address: str, tls: bool) -> None:
    transport = connection_to(address).transport
    assert transport.Connection.__module__ == connection_to.__module__
    assert bool(transport.client.ssl) is tls


@pytest.mark.parametrize("scheme", ["amqp", "amqps"])
def test_where_nobody_listens_the_socket_says_so(scheme: str) -> None:
    with pytest.raises(OSError, match="refused"):
        connection_to(f"{scheme}://127.0.0.1:{free_port()}//", connect_timeout=20).connect()
