"""What Nameko gives the gateway for each request: the front door of the process, the caller of the request."""

from typing import Any

from eventlet import tpool
from nameko.extensions import DependencyProvider

from gateway.access.actors import Caller
from gateway.access.door import FrontDoor, open_door
from gateway.clients.pictures import Pictures
from gateway.clients.search import Search
from gateway.http.server import Server
from shared.clock import SystemClock
from shared.given import SearchedDays
from shared.settings import Settings
from shared.storage.redis_store import connect

_THREADS = 4
"""For what would stop the event loop: pages for paper."""


class Door(DependencyProvider):  # type: ignore[misc]  # Nameko is untyped
    """Gives every request the process's one front door."""

    server = Server()
    _door: FrontDoor

    def setup(self) -> None:
        """Connect to Redis, once."""
        tpool.set_num_threads(_THREADS)
        settings: Settings = self.container.config["settings"]
        self._door = open_door(settings, connect(settings.redis_url), SystemClock(), self.server.metrics)

    def get_dependency(self, worker_ctx: Any) -> FrontDoor:
        """Return the front door."""
        return self._door


class Searching(SearchedDays):
    """Gives every request the process's one search for free times."""

    def setup(self) -> None:
        """Connect to the slot cache."""
        super().setup()
        self._search = Search(self.cache)

    def get_dependency(self, worker_ctx: Any) -> Search:
        """Return the search."""
        return self._search


class KeptPictures(DependencyProvider):  # type: ignore[misc]
    """Gives every request the process's pictures."""

    def setup(self) -> None:
        """Start with none."""
        self._pictures = Pictures()

    def get_dependency(self, worker_ctx: Any) -> Pictures:
        """Return them, the same to all."""
        return self._pictures


class Calling(DependencyProvider):  # type: ignore[misc]
    """Gives every request a caller of its own, which signs for its RPC calls."""

    def get_dependency(self, worker_ctx: Any) -> Caller:
        """Return the caller that writes into this worker's context."""
        settings: Settings = self.container.config["settings"]
        return Caller(worker_ctx.data, settings.actor_key, SystemClock())
