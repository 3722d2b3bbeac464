"""Where it is between ten and eleven in the morning now: no test's today ends there while it runs."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

_MID_MORNING = 10


def morning_zone() -> ZoneInfo:
    """Return a time zone somewhere on earth in which it is mid-morning."""
    hours = (_MID_MORNING - datetime.now(UTC).hour + 11) % 24 - 11
    return ZoneInfo(f"Etc/GMT{-hours:+d}")  # POSIX counts west of Greenwich
