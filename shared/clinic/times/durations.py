"""Lengths of time as the clinic document writes them: `75m`, `24h`, `1h15m`, `2d`."""

import re
from dataclasses import dataclass
from datetime import timedelta

_HOURS_AND_MINUTES = re.compile(r"(?:(\d{1,5})h)?(?:(\d{1,6})m)?", re.ASCII)
_DAYS = re.compile(r"(\d{1,5})d", re.ASCII)


@dataclass(frozen=True)
class Duration:
    """A length of time that remembers its unit: elapsed hours and minutes, or whole calendar days.

    Exactly one of the two is set; days are never turned into hours (CONTRACTS 1, deadlines).
    """

    minutes: int | None = None
    days: int | None = None

    def elapsed(self) -> timedelta:
        """Return the elapsed time; raise ValueError for calendar days, which have no fixed length."""
        if self.minutes is None:
            raise ValueError("calendar days have no fixed length; give hours and minutes, for example 24h")
        return timedelta(minutes=self.minutes)


def parse_duration(text: str) -> Duration:
    """Return the length that `text` writes; raise ValueError with what would be right."""
    if days := _DAYS.fullmatch(text):
        return Duration(days=int(days[1]))
    parts = _HOURS_AND_MINUTES.fullmatch(text)
    if not text or not parts:
        raise ValueError(f"{text!r} is not a length of time; write for example 45m, 1h15m, 24h or 2d")
    return Duration(minutes=int(parts[1] or 0) * 60 + int(parts[2] or 0))


def parse_minutes(text: str) -> int:
    """Return a length in minutes; raise ValueError where it is not one in hours and minutes."""
    duration = parse_duration(text)
    if duration.minutes is None:
        raise ValueError(f"{text!r} is in days; write hours or minutes, for example 24h or 45m")
    return duration.minutes
