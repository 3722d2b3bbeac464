"""How a booking stands in its row."""

from collections.abc import Collection
from typing import Any

from services.booking.model.bookings import Booking
from services.booking.model.undo import Undo
from shared.contracts.plain import plain, read


def booking_row(booking: Booking) -> dict[str, Any]:
    """Return the row that holds a booking."""
    return {
        **vars(booking),
        "resources": list(booking.resources),
        "contact_differs": joined(booking.contact_differs),
        "undo": plain(booking.undo),
        "undo_until": booking.undo.until if booking.undo else None,
    }


def joined(names: Collection[str]) -> str:
    """Return names as one text, as a column holds them."""
    return ",".join(names)


def split(names: str | None) -> tuple[str, ...]:
    """Return the names that a column holds."""
    return tuple(filter(None, (names or "").split(",")))


def read_booking(row: Any) -> Booking:
    """Return the booking that a row of its table holds."""
    known = {
        **row,
        "resources": tuple(row["resources"]),
        "contact_differs": split(row["contact_differs"]),
        "invited": bool(row["invited"]),
        "undo": read(Undo, row["undo"]) if row["undo_until"] else None,
    }
    del (
        known["undo_until"],
        known["checkpointed"],
        known["erased_at"],
    )  # which stand in the row for those who look for it
    return Booking(**known)
