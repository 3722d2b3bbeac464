"""A record that was erased, and whether everybody else has done the same (PRODUCT A3)."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True)
class Erasure:
    """When the record was erased here, and when booking and notification have said that they hold nothing now."""

    at: datetime
    bookings_at: datetime | None
    messages_at: datetime | None

    @property
    def everywhere_at(self) -> datetime | None:
        """Since when nobody holds anything of the person; None while somebody still has to say so."""
        if self.bookings_at is None or self.messages_at is None:
            return None
        return max(self.at, self.bookings_at, self.messages_at)
