"""What several of these suites run against."""

from collections.abc import Iterator

import fakeredis
import pytest
import redis

from shared.storage.redis_store import connect


@pytest.fixture(params=["memory", "redis"])
def cache(request: pytest.FixtureRequest) -> Iterator[redis.Redis]:
    """Return an empty store: first the twin, then Redis."""
    if request.param == "memory":
        yield fakeredis.FakeRedis(decode_responses=True)
        return
    client = connect(request.getfixturevalue("redis_url"))
    client.flushdb()
    yield client
    client.close()
