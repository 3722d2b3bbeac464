"""What is kept here of the checkpoints over booking's histories: who rewrites those is contradicted (A1, ADR 52)."""

from dataclasses import dataclass
from datetime import UTC, date, datetime

from shared.contracts.booking import CheckpointState
from shared.contracts.envelope import Event
from shared.contracts.plain import Excerpt


@dataclass(frozen=True)
class _Told(Excerpt[CheckpointState]):
    at: datetime
    hash: str


@dataclass(frozen=True)
class Anchor:
    """The newest checkpoint of a clinic on a day that was told."""

    clinic: str
    day: date
    number: int
    hash: str
    at: datetime

    @classmethod
    def told(cls, event: Event) -> "Anchor":
        """Return what an event tells; its day is that of UTC."""
        told = _Told.read(event.data)
        return cls(event.clinic, told.at.astimezone(UTC).date(), event.subject_version, told.hash, told.at)
