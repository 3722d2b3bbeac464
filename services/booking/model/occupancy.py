"""Time that was found free, and time that is taken."""

from dataclasses import dataclass
from datetime import datetime

from shared.clinic.occupancy import occupied_keys
from shared.clinic.starts.candidates import Candidate


@dataclass(frozen=True)
class Taken:
    """A time that was found free: the practitioner's candidate and the resources chosen for it, by key."""

    candidate: Candidate
    resources: tuple[str, ...]

    def occupied(self) -> list[str]:
        """Return the occupancy keys that this time takes."""
        return occupied_keys(self.candidate.practitioner, self.resources)


@dataclass(frozen=True)
class Occupied:
    """A stretch of one resource's time that is taken, by a booking or (with an expiry) by a hold."""

    resource: str
    starts_at: datetime
    ends_at: datetime
    booking: str | None
    hold: str | None
    expires_at: datetime | None

    def has_expired(self, now: datetime) -> bool:
        """Tell whether this was a hold that the clock has ended."""
        return self.expires_at is not None and self.expires_at <= now
