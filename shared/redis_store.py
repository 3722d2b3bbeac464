"""Redis, or its twin inside the process where no address is given."""

import fakeredis
import redis

_EMBEDDED = fakeredis.FakeServer()


def connect(url: str) -> redis.Redis:
    """Return a client of the Redis at `url`; `memory://` is one store shared by this process's services."""
    if url.startswith("memory:"):
        embedded: redis.Redis = fakeredis.FakeRedis(server=_EMBEDDED, decode_responses=True)
        return embedded
    return redis.Redis.from_url(url, decode_responses=True, socket_timeout=2, socket_connect_timeout=2)
