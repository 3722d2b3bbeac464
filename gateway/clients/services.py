"""What every route's function is given: the services behind the gateway, and what the process keeps."""

from typing import Any, Protocol

import redis

from gateway.access.actors import Acting
from gateway.clients.pictures import Pictures
from gateway.clients.search import Search
from shared.clock import Clock
from shared.settings import Settings
from shared.storage.pulse import Pulse


class Services(Acting, Protocol):
    """The services are proxies: `booking.hold(clinic, …)` calls, and returns or raises a Refusal."""

    availability: Any
    booking: Any
    patient: Any
    notification: Any
    staff: Any
    search: Search
    pictures: Pictures
    cache: redis.Redis
    pulse: Pulse
    settings: Settings
    clock: Clock
