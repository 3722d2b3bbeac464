"""A booking as its patient may see it (CONTRACTS 2)."""

from typing import Any


def own_booking(booking: dict[str, Any]) -> dict[str, Any]:
    """Return the booking with only the names of its patient: no public answer shows what else is stored."""
    return {**booking, "patient": {name: booking["patient"][name] for name in ("first_name", "last_name")}}
