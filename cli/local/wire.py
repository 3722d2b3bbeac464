"""What both sides of the socket know: where it lies, what a call and its answer are, and how much they may be.

HTTP/1.1 (RFC 9112), so that whoever has a token can also ask by `curl --unix-socket`. A call is
`POST /service.method` with Nameko's body `{"args": […], "kwargs": {…}}`; who acts stands in `Authorization: Bearer`,
and `Expiration` says for how many milliseconds the caller waits, as AMQP's property does. The answer is Nameko's
`{"result", "error"}`, whatever came of it.
"""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

NAME = "frontdesk.sock"
"""What the socket is called in the data folder."""

EXPIRATION = "Expiration"
CORRELATION = "Correlation-Id"
EVENTS = "/events"
"""What is read to hear events, each a line of JSON."""

BODY_LIMIT = 8 * 1024 * 1024
"""Bytes of a call: the largest there is, a picture, has a third of it."""
SECONDS_AT_MOST = 60.0
"""How long a call may be waited for."""


@contextmanager
def address_in(folder: Path, name: str = NAME) -> Iterator[str]:
    """Yield the address of a socket in `folder`, however deep that lies: Linux takes 107 bytes and no more.

    Raises OSError where there is no such folder, or it may not be entered.
    """
    opened = os.open(folder, os.O_PATH | os.O_DIRECTORY)
    try:
        yield f"/proc/self/fd/{opened}/{name}"
    finally:
        os.close(opened)
