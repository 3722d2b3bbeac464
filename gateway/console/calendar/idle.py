"""A day without working hours says so, and leads to the next one that has some (PRODUCT C6)."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import date, timedelta
from typing import Any

from gateway.console.frame.here import Here
from shared.contracts.availability import MOST_DAYS_OF_CALENDAR
from shared.contracts.errors import Timeout, Unavailable

Row = Mapping[str, Any]

_DAY = timedelta(days=1)


def is_idle(answer: Row, wanted: Collection[str]) -> bool:
    """Tell whether on one day, as the calendar is answered, none of these works, and nothing is booked with them."""
    booked = any(row["practitioner"] in wanted for row in answer["bookings"])
    return bool(wanted) and not booked and not any(_is_worked_on(day, wanted) for day in answer["days"])


def next_worked_on(here: Here, after: date, wanted: Sequence[str]) -> date | None:
    """Return the next date on which one of these works; None where none is near, or it is not to be learnt just now."""
    asked = {"from": (after + _DAY).isoformat(), "to": (after + MOST_DAYS_OF_CALENDAR * _DAY).isoformat()}
    alone = {"practitioner": wanted[0]} if len(wanted) == 1 else {}
    try:
        days = here.services.availability.schedule(here.clinic, **asked, **alone)["days"]
    except (Unavailable, Timeout):
        return None
    return next((date.fromisoformat(day["date"]) for day in days if _is_worked_on(day, wanted)), None)


def _is_worked_on(day: Row, wanted: Collection[str]) -> bool:
    """Tell whether one of these has hours on a day that is not a holiday."""
    return not day["closed"] and any(row["blocks"] for row in day["practitioners"] if row["key"] in wanted)
