"""Who could take a time by the rules, and what it would occupy; as told from one service to another too."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any, NamedTuple

from shared.clinic.occupancy import Interval, occupied_keys
from shared.clinic.uses import Use


class Candidate(NamedTuple):
    """A practitioner who may take the asked time by the rules; all moments are UTC."""

    practitioner: str
    start: datetime
    end: datetime
    busy_from: datetime
    busy_to: datetime
    """What is occupied includes the type's buffers."""
    minutes: int
    accepts_new: bool
    uses: tuple[Use, ...]
    """For each resource that the type uses those that will do and are not absent, in document order."""

    @property
    def occupied(self) -> Interval:
        """From when to when the time is occupied."""
        return self.busy_from, self.busy_to

    def occupied_keys(self) -> set[str]:
        """Return the names of everything that this candidate might occupy."""
        return set(occupied_keys(self.practitioner, (key for use in self.uses for key in use)))

    def to_json(self) -> dict[str, Any]:
        """Return the candidate as `check_slot` answers it.

        `needs` is what the release before calls `uses`; its processes still look for it.
        """
        uses = [list(use) for use in self.uses]
        return {
            "practitioner": self.practitioner,
            "start": _utc(self.start),
            "end": _utc(self.end),
            "busy_from": _utc(self.busy_from),
            "busy_to": _utc(self.busy_to),
            "minutes": self.minutes,
            "accepts_new": self.accepts_new,
            "uses": uses,
            "needs": uses,
        }

    @classmethod
    def from_json(cls, told: Mapping[str, Any]) -> "Candidate":
        """Read what `to_json` tells, or what it told in the release before, which had `needs` alone."""
        uses = told["uses"] if "uses" in told else told["needs"]
        return cls(
            practitioner=told["practitioner"],
            start=datetime.fromisoformat(told["start"]),
            end=datetime.fromisoformat(told["end"]),
            busy_from=datetime.fromisoformat(told["busy_from"]),
            busy_to=datetime.fromisoformat(told["busy_to"]),
            minutes=told["minutes"],
            accepts_new=told["accepts_new"],
            uses=tuple(tuple(use) for use in uses),
        )


def _utc(moment: datetime) -> str:
    return moment.astimezone(UTC).isoformat()
