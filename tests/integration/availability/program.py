"""The process that runs availability for a test, beside a booking service that knows one collision."""

import eventlet

eventlet.monkey_patch()

from typing import Any  # noqa: E402  # nothing may be imported before eventlet has patched the standard library

from services.availability.service import AvailabilityService  # noqa: E402
from services.booking.schemas import collision_search  # noqa: E402
from shared.bus.rpc import rpc  # noqa: E402
from shared.bus.runner import run  # noqa: E402
from shared.callers import HOUSE  # noqa: E402
from shared.settings import from_environment  # noqa: E402


class BookingService:
    """Answers every question for collisions with one booking."""

    name = "booking"

    @rpc(by=HOUSE)
    def find_collisions(self, clinic: str, **fields: Any) -> dict[str, Any]:
        """Return one booking that tells what was asked."""
        collision_search(fields)
        return {"collisions": [{"reference": "COLLIDES", "asked": fields["stretches"]}], "next": None, "count": 1}


if __name__ == "__main__":
    run([AvailabilityService, BookingService], from_environment())
