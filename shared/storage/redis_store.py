"""Redis, or its twin inside the process where no address is given."""

from collections.abc import Mapping
from functools import cache, lru_cache
from typing import Any

import fakeredis
import redis

from shared.storage.idle import has_ended
from shared.storage.redis_absence import Absence, remember

_SECONDS = 2


def connect(url: str, *, decoded: bool = True) -> redis.Redis:
    """Return a client of the Redis at `url`; `memory://` is one store shared by this process's services.

    Values are text, or bytes where they are not to be `decoded`. A Redis that was silent is not asked for some seconds
    by any client of this process; they raise RedisError at once then.
    """
    if url.startswith("memory:"):
        return _Twin(server=_embedded_server(), decode_responses=decoded)
    client = _Client.from_url(url, decode_responses=decoded, socket_timeout=_SECONDS, socket_connect_timeout=_SECONDS)
    remember(client.connection_pool, _absence_of(url))
    return client


@cache
def _absence_of(_url: str) -> Absence:
    """Return what the process's clients of one Redis have in common."""
    return Absence()


@cache
def _embedded_server() -> Any:
    """Return the process's one store."""
    return fakeredis.FakeServer()


class _Client(redis.Redis):
    """Sends a command on a connection that is idle, and reads the answer.

    What redis-py does around each command (its pool, a look at what the connection reads, measurements that nobody
    takes) costs more processor than all else that a cached search needs, or a limit.
    """

    def __init__(self, *args: Any, **options: Any) -> None:
        self._idle: list[Any] = []
        super().__init__(*args, **options)
        self._pack = self._new().pack_command
        self._packed_reads = lru_cache(256)(lambda keys: self._pack("MGET", *keys))

    def execute_command(self, *args: Any, **options: Any) -> Any:
        """Return Redis's answer."""
        return self._exchanged(self._pack(*args), args[0], options)

    def mget(self, keys: Any, *more: Any) -> Any:
        """Return the values of keys; the same ones are read again and again, so that the command is kept as written."""
        asked = (keys, *more) if isinstance(keys, str) else (*keys, *more)
        return self._exchanged(self._packed_reads(asked), "MGET", {}) if asked else []

    def _exchanged(self, packed: Any, command: str, options: Mapping[str, Any]) -> Any:
        """Return the answer to a command, which goes to Redis once: what was not answered may have been done."""
        return self._asked(self._alive() or self._new(), packed, command, options)

    def close(self) -> None:
        """Close all connections."""
        while self._idle:
            self._idle.pop().disconnect()
        super().close()

    def _alive(self) -> Any:
        """Return a connection that is idle, None where there is none; those that Redis has ended are closed."""
        while self._idle:
            connection = self._idle.pop()
            if not self._has_ended(connection):
                return connection
            connection.disconnect()
        return None

    def _asked(self, connection: Any, packed: Any, command: str, options: Mapping[str, Any]) -> Any:
        try:
            connection.send_packed_command(packed)
            answer = self.parse_response(connection, command, **options)  # type: ignore[no-untyped-call]
        except redis.ResponseError:
            self._idle.append(connection)
            raise
        except BaseException:  # a time limit too leaves half an answer on the connection
            connection.disconnect()
            raise
        self._idle.append(connection)
        return answer

    def _new(self) -> Any:
        """Return a connection like the pool's, which the pool does not count; it connects when it is first used."""
        return self.connection_pool.connection_class(**self.connection_pool.connection_kwargs)

    def _has_ended(self, connection: Any) -> bool:
        return connection._sock is None or has_ended(connection._sock)


class _Twin(_Client, fakeredis.FakeRedis):  # type: ignore[misc]  # both are clients of redis-py's
    """The same of the store inside the process."""

    def _has_ended(self, _connection: Any) -> bool:
        return False
