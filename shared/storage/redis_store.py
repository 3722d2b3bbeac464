"""Redis, or its twin inside the process where no address is given."""

from collections.abc import Callable
from functools import cache, lru_cache
from typing import Any

import fakeredis
import redis

from shared.storage.redis_absence import Absence, remember

_SECONDS = 2

Reader = Callable[[tuple[str, ...]], list[bytes | None]]
"""Returns the values of keys, all read at one moment (MGET), None for what is not there; raises RedisError."""


def connect(url: str, *, decoded: bool = True) -> redis.Redis:
    """Return a client of the Redis at `url`; `memory://` is one store shared by this process's services.

    Values are text, or bytes where they are not to be `decoded`. A Redis that was silent is not asked for some seconds
    by any client of this process; they raise RedisError at once then.
    """
    if url.startswith("memory:"):
        embedded: redis.Redis = fakeredis.FakeRedis(server=_embedded_server(), decode_responses=decoded)
        return embedded
    client = redis.Redis.from_url(
        url, decode_responses=decoded, socket_timeout=_SECONDS, socket_connect_timeout=_SECONDS
    )
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


def reader(client: redis.Redis) -> Reader:
    """Return a fast way to read what `client`, which does not decode, writes."""
    return client.mget if isinstance(client, fakeredis.FakeRedis) else _DirectReads(client.connection_pool).read


class _DirectReads:
    """Reads by connections of its own, without the client's machinery for every command there is.

    That machinery costs some 100 microseconds of processor per call, more than all else that a cached search needs.
    """

    def __init__(self, pool: redis.ConnectionPool) -> None:
        self._pool = pool
        self._idle: list[Any] = [self._new()]
        packer = self._idle[0]
        self._packed = lru_cache(256)(lambda keys: packer.pack_command("MGET", *keys))

    def read(self, keys: tuple[str, ...]) -> list[bytes | None]:
        connection = self._idle.pop() if self._idle else self._new()
        try:
            connection.send_packed_command(self._packed(keys))
            values: list[bytes | None] = connection.read_response()
        except redis.ConnectionError:
            connection.disconnect()
            self._forget_idle()  # Redis has gone or begun anew: the others are as dead
            raise
        except BaseException:  # a time limit too leaves half an answer on the connection
            connection.disconnect()
            raise
        self._idle.append(connection)
        return values

    def _new(self) -> Any:
        """Return a connection like the pool's, which the pool does not count; it connects when it is first used."""
        return self._pool.connection_class(**self._pool.connection_kwargs)

    def _forget_idle(self) -> None:
        while self._idle:
            self._idle.pop().disconnect()
