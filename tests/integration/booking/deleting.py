"""Booking's daily run over what is old, as its timer starts it."""

from collections.abc import Callable

from services.booking.handlers.bookings import retention
from tests.builders.booking.world import CLINIC, SERVICE
from tests.integration.booking.calls import Calls


def delete_old(calls: Calls, pause: Callable[[float], object] = int) -> None:
    """Delete what is over at the clinic."""
    retention.delete_old(calls.world.desk(SERVICE), {"clinics": [{"clinic": CLINIC}]}, pause)
