"""All bookings of a clinic's day, whatever their number."""

from collections.abc import Callable
from datetime import date
from typing import Any

_PAGE = 200


def bookings_of_day(
    find: Callable[..., dict[str, Any]], clinic: str, day: date, practitioner: str | None = None
) -> list[dict[str, Any]]:
    """Return the bookings of a day as booking's `find` lists them, all pages, of one practitioner or of all.

    A therapist's are their own (C1).
    """
    found: list[dict[str, Any]] = []
    query: dict[str, Any] = {"from": day.isoformat(), "to": day.isoformat(), "limit": _PAGE}
    if practitioner is not None:
        query["practitioner"] = practitioner
    while True:
        page = find(clinic, **query)
        found += page["bookings"]
        if page["next"] is None:
            return found
        query["cursor"] = page["next"]
