"""Whether a connection that nobody uses still lives: its socket tells without a way to the server."""

from typing import Any

from eventlet import patcher

_select = patcher.original("select")
"""With `poll`, which eventlet takes away from green threads; here it never waits."""


def has_ended(connection: Any) -> bool:
    """Tell whether the server has ended an idle connection, or socket: that is then all that there is to read."""
    ended = _select.poll()
    ended.register(connection.fileno(), _select.POLLIN)
    return bool(ended.poll(0))
