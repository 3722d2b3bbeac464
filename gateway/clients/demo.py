"""Whether an installation has the demo clinics, as `frontdesk up` notes it in Redis."""

from typing import Any

from gateway.access.redis_needed import redis_needed
from gateway.clients.services import Services

_KEY = "frontdesk:demo"
LOADED = "loaded"


def demo_state(services: Services) -> str | None:
    """Return `loading` or `loaded`, None where no demo clinics were asked for. Raises Unavailable."""
    with redis_needed("Whether there are demo clinics is"):
        found: Any = services.cache.get(_KEY)
    return None if found is None else str(found)
