"""One free time, as pages show it."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from gateway.views.rendering import moment


@dataclass(frozen=True)
class Time:
    """One free time: as it is sent back, and as it is shown."""

    value: str
    start: datetime

    @property
    def hour(self) -> int:
        """The hour that it begins in."""
        return self.start.hour


def times_of(starts: Iterable[str], zone: ZoneInfo) -> list[Time]:
    """Return the times that the API writes so, in a clinic's zone."""
    return [Time(start, moment(start, zone)) for start in starts]
