"""A clinic's calendar: what is planned and what is booked, asked side by side and put together (PRODUCT C6)."""

import hashlib
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from gateway.clients.holidays import days_for
from gateway.clients.services import Services

WHOLE_EVERY_SECONDS = 30
"""After so long it is answered whole though nobody has told of news: some may be lost, and appointments end."""


def calendar(services: Services, clinic: str, asked: Mapping[str, Any], language: str | None) -> dict[str, Any]:
    """Return `{days, bookings}` of the dates that are asked for, holidays under their names in `language`.

    Two RPC calls at a time; what either of the services refuses is raised.
    """
    planned = services.availability.schedule.call_async(clinic, **asked)
    booked = services.booking.calendar(clinic, **asked)
    return {"days": days_for(planned.result()["days"], language), "bookings": booked["bookings"]}


def calendar_tag(mark: str, now: datetime, *scope: object) -> str:
    """Return the ETag of a calendar at a clinic's `mark`, for who sees and asks for what `scope` says."""
    told = repr((mark, int(now.timestamp()) // WHOLE_EVERY_SECONDS, scope))
    return hashlib.blake2b(told.encode(), digest_size=12).hexdigest()
