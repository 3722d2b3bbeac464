"""What a process remembers of a Redis that does not answer, so that not every look costs its whole time limit."""

import time
from typing import Any

import redis

_SECONDS = 3.0


class Away(redis.TimeoutError):
    """Redis did not answer a moment ago, and was not asked again."""


class Absence:
    """Whether a Redis was silent lately. After a first silence one connection asks again, for all others.

    One silence may be the process's own, which stood still for too long: where the second look is answered nothing is
    remembered. Where it is not, Redis is away for some seconds, until one connection asks again. Only silence is
    remembered: a Redis that has gone says so at once, and is asked every time.
    """

    def __init__(self) -> None:
        self._since: float | None = None
        self._asking: Any = None

    def look(self, connection: Any) -> None:
        """Raise Away where Redis was silent lately, and this connection is not the one that asks again."""
        if self._since is None or self._asking is connection:
            return
        now = time.monotonic()
        if now < self._since + _SECONDS:
            raise Away("Redis did not answer a moment ago")
        self._since, self._asking = now, connection

    def silent(self, connection: Any) -> None:
        """Take note that it did not answer this connection in time."""
        if self._asking is connection:
            self._since, self._asking = time.monotonic(), None
        elif self._since is None:
            self._since = time.monotonic() - _SECONDS

    def answered(self) -> None:
        """Take note that it answered, or has said that it is not there."""
        if self._since is not None:
            self._since, self._asking = None, None


def remember(pool: redis.ConnectionPool, absence: Absence) -> None:
    """Have all connections that are made as the pool's are take part in an absence."""

    class Remembering(pool.connection_class):  # type: ignore[misc, name-defined]  # TCP, TLS or a Unix socket
        def connect(self) -> None:
            absence.look(self)
            _noted(absence, self, super().connect)

        def send_packed_command(self, *args: Any, **options: Any) -> None:
            absence.look(self)
            _noted(absence, self, super().send_packed_command, *args, **options)

        def read_response(self, *args: Any, **options: Any) -> Any:
            response = _noted(absence, self, super().read_response, *args, **options)
            absence.answered()
            return response

    pool.connection_class = Remembering


def _noted(absence: Absence, connection: Any, act: Any, *args: Any, **options: Any) -> Any:
    try:
        return act(*args, **options)
    except Away:
        raise
    except redis.TimeoutError:
        absence.silent(connection)
        raise
    except redis.RedisError:
        absence.answered()
        raise
