"""Free ports on this machine, and the wait until something answers on one."""

import secrets
import socket
import time
from collections.abc import Callable

_LOWEST, _HIGHEST = 15_000, 32_000
"""Below Linux' ephemeral range: there a client that redials a stopped server could get the server's port itself."""

_given: set[int] = set()
"""What this run has given out, to servers that may not listen yet or not at the moment."""


def free_port(*, also: int = 0) -> int:
    """Return a port of 127.0.0.1 that nobody listens on, nor on the one `also` above it, and that was never given out.

    Parallel test runs pick different ones by chance.
    """
    while True:
        port = _LOWEST + secrets.randbelow(_HIGHEST - _LOWEST - also)
        both = {port, port + also}
        if not both & _given and all(map(_is_free, both)):
            _given.update(both)
            return port


def _is_free(port: int) -> bool:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
        return True


def answers(port: int, question: bytes, host: str = "127.0.0.1") -> bool:
    """Tell whether whatever listens on `port` says anything to `question` within a second."""
    try:
        with socket.create_connection((host, port), timeout=1) as connection:
            connection.sendall(question)
            return connection.recv(1) != b""
    except OSError:
        return False


def wait_until(condition: Callable[[], bool], seconds: float) -> bool:
    """Return True as soon as `condition` holds, False where it did not within `seconds`."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if condition():
            return True
        time.sleep(0.05)
    return condition()
