"""What must not go on without Redis: logins, codes, and the counting of who guesses them."""

from collections.abc import Iterator
from contextlib import contextmanager

import redis

from shared.contracts.errors import Unavailable


@contextmanager
def redis_needed(what: str) -> Iterator[None]:
    """Raise Unavailable, saying that `what` is not possible, where Redis fails within."""
    try:
        yield
    except redis.RedisError as failed:
        raise Unavailable.because(f"{what} not possible while Redis does not answer.") from failed
