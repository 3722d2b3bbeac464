"""Booking's daily run over what is old, as its timer starts it."""

from collections.abc import Callable

from services.booking.handlers.bookings import retention
from tests.builders.booking.world import CLINIC, SERVICE
from tests.builders.retention import first_look
from tests.integration.booking.calls import Calls


def delete_old(calls: Calls, pause: Callable[[float], object] = int) -> None:
    """Delete what is over at the clinic, which was first looked at on the day before."""
    desk = calls.world.desk(SERVICE)
    first_look(desk.work, CLINIC, desk.now)
    retention.delete_old(desk, {"clinics": [{"clinic": CLINIC}]}, pause)
