"""Connections to RabbitMQ that read what has arrived, and write what goes together, at once.

Py-amqp alone asks the system nine times for a message: it reads head, content and end of each of its three frames by
themselves, and sets the socket's time limit for every frame. Each write of its own wakes the broker.
"""

import errno
from collections.abc import Iterator
from contextlib import contextmanager
from struct import Struct
from typing import Any

from amqp.exceptions import UnexpectedFrame
from amqp.transport import SSLTransport as AmqpOverTls
from amqp.transport import TCPTransport as AmqpOverTcp
from kombu import Connection
from kombu.transport import pyamqp

_HEAD = Struct(">BHI")
_END = 0xCE
_AT_ONCE = 65536
"""Bytes, of which the system gives those that are there."""
_NOTHING_YET = {errno.EAGAIN, errno.EINTR, errno.ENOENT}
"""What leaves a connection as it is."""
_OF_THIS_HOST = {"server_hostname": None}
"""Which kombu takes for the address's host: otherwise any certificate would do that somebody has for his own."""


class _Buffered:
    """A transport of py-amqp's that takes frames out of what it has read, and may hold back what it writes.

    A read that runs into its time limit, or is interrupted, loses nothing: a frame is taken only when it is whole.
    """

    _read_buffer: bytes
    _quick_recv: Any
    connected: bool
    _at = 0
    held_back: bytearray | None = None
    """What is to be sent, while it gathers."""

    def write(self, frames: Any) -> None:
        """Send, or hold back."""
        if self.held_back is None:
            super().write(frames)  # type: ignore[misc]  # py-amqp's, with which this is mixed
        else:
            self.held_back += frames

    def has_frame(self) -> bool:
        """Tell whether the next frame can be taken without waiting."""
        there = len(self._read_buffer) - self._at
        return there >= _HEAD.size and there > _HEAD.size + _HEAD.unpack_from(self._read_buffer, self._at)[2]

    def read_frame(self, unpack: Any = None) -> tuple[int, int, bytes]:
        """Return type, channel and content of the next frame; raise `socket.timeout` where none comes in time."""
        while not self.has_frame():
            self._read_more()
        kind, channel, size = _HEAD.unpack_from(self._read_buffer, self._at)
        begin = self._at + _HEAD.size
        end = begin + size
        content, mark = self._read_buffer[begin:end], self._read_buffer[end]
        self._at = end + 1
        if mark != _END:
            raise UnexpectedFrame(f"Received frame_end {mark:#04x} while expecting {_END:#04x}")
        return kind, channel, content

    def _read_more(self) -> None:
        try:
            more = self._quick_recv(_AT_ONCE)
        except TimeoutError:
            raise
        except OSError as trouble:
            if trouble.errno not in _NOTHING_YET:
                self.connected = False
            raise
        if not more:
            self.connected = False
            raise OSError("Server unexpectedly closed connection")
        self._read_buffer, self._at = self._read_buffer[self._at :] + more, 0


class _Tcp(_Buffered, AmqpOverTcp):
    """In the clear."""


class _Tls(_Buffered, AmqpOverTls):
    """Over TLS."""


class _Connection(pyamqp.Connection):
    """A connection whose frames are read so."""

    def Transport(self, host: str, patience: float, tls: Any, reading: Any, writing: Any, **options: Any) -> Any:  # noqa: N802
        """Return the way to `host`, as py-amqp asks for it by this name."""
        way = _Tls if tls else _Tcp
        return way(host, patience, ssl=tls, read_timeout=reading, write_timeout=writing, **options)

    def blocking_read(self, timeout: float | None = None) -> Any:
        """Take one frame in; the socket's time limit is set only where it has to be waited for."""
        if self.transport.has_frame():
            return self.on_inbound_frame(self.transport.read_frame())
        return super().blocking_read(timeout)


class _OverTcp(pyamqp.Transport):
    """Kombu's transport for `amqp:` and `pyamqp:`."""

    Connection = _Connection


class _OverTls(pyamqp.SSLTransport):
    """Kombu's transport for `amqps:` and `pyamqps:`."""

    Connection = _Connection


@contextmanager
def sent_together(channel: Any) -> Iterator[None]:
    """Let what is written on a channel meanwhile leave at once in the end; of what is interrupted nothing leaves.

    Nobody else may write on its connection meanwhile, nor anybody read on it.
    """
    way = getattr(channel.connection, "transport", None)
    if not isinstance(way, _Buffered):  # the bus inside the process, which sends nothing
        yield
        return
    way.held_back = bytearray()
    try:
        yield
        frames = way.held_back
    finally:
        way.held_back = None
    if frames:
        way.write(frames)


def connection_to(amqp_uri: str, **options: Any) -> Connection:
    """Return kombu's connection to a bus, not yet opened; to RabbitMQ it is one of these.

    Over TLS the broker's certificate has to be of somebody whom the machine trusts, and good for the address's host.
    """
    scheme = amqp_uri.partition(":")[0]
    if scheme in {"amqp", "pyamqp"}:
        options["transport"] = _OverTcp
    elif scheme in {"amqps", "pyamqps"}:
        options |= {"transport": _OverTls, "ssl": {**_OF_THIS_HOST}}
    return Connection(amqp_uri, **options)
