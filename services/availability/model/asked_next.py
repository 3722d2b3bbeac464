"""Which next times staff ask for (PRODUCT C7)."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime, time

from shared.clinic.starts.asked import Asked

NOON = time(12)


@dataclass(frozen=True, kw_only=True)
class AskedNext(Asked):
    """The next times from a date on, of so many `days` that have any.

    With one of `practitioners`, where any are named; in the `morning` or `afternoon`, where `part` says so.
    """

    first: date
    days: int
    practitioners: Collection[str] = ()
    part: str | None = None

    def suits(self, start: datetime) -> bool:
        """Tell whether a time lies in the wanted part of its day."""
        return self.part is None or (start.time() < NOON) == (self.part == "morning")
