"""How often new passwords may be asked for: by address and network, whoever's they are.

So many links to one person is for `staff` to see to (`services/staff/model/links.py`), whatever address they are asked
for from: a stranger who asks sends their owner links, each of which opens, and shuts nobody out.
"""

import redis

from gateway.access.redis_needed import redis_needed
from gateway.access.windows import DAY, QUARTER, Tier, Window, Windows
from gateway.http.proxies import household, network

OF_ADDRESS, OF_NETWORK = 10, Tier(40, 200)
"""In a quarter of an hour from an address; from a network (/24, /48), and in a day."""

OF_ALL_IN_A_DAY = 20_000
"""Of all the world: what is asked for is noted before anybody looks whose it is."""


class Resets:
    """Counts in Redis. Without it nobody asks: mails to others must not become free."""

    def __init__(self, cache: redis.Redis) -> None:
        self._windows = Windows(cache)

    def count(self, address: str) -> None:
        """Count one; raise RateLimited where it is one too many, Unavailable without Redis."""
        windows = [
            Window(f"reset:{household(address)}", OF_ADDRESS, QUARTER),
            *OF_NETWORK.windows(f"reset:network:{network(address)}"),
            Window("reset:all:day", OF_ALL_IN_A_DAY, DAY),
        ]
        with redis_needed("New passwords are"):
            self._windows.count(windows)
