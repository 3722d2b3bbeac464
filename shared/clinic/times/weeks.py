"""ISO weeks, as needs write them: `2026-W49` (ISO 8601). As texts they sort as they come in time."""

import re
from datetime import date

WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
"""As week templates name them, in the order of ISO 8601."""

_WEEK = re.compile(r"(\d{4})-W(\d{2})", re.ASCII)
_SUNDAY = 7


def sunday_of(week: str) -> date:
    """Return the last date of a week, which may lie in the year after; raise ValueError where there is no such week."""
    parts = _WEEK.fullmatch(week)
    if parts is None:
        raise ValueError(f"{week!r} is not a week; write for example 2026-W49")
    return date.fromisocalendar(int(parts[1]), int(parts[2]), _SUNDAY)


def week_of(day: date) -> str:
    """Return the week of a date; the first days of January may be of the last week of the year before."""
    year, number, _ = day.isocalendar()
    return f"{year:04d}-W{number:02d}"
