"""A Redis that nobody reaches."""

import fakeredis
import redis


class DeadRedis(fakeredis.FakeRedis):
    """A Redis that nobody reaches."""

    def execute_command(self, *args: object, **options: object) -> object:
        """Fail."""
        raise redis.ConnectionError("gone")
