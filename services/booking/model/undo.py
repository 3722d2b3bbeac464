"""What staff say of a change of theirs: whom to tell, and that it is taken back within a minute (PRODUCT C10)."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from services.booking.model.history import Changes
from services.booking.model.holds import CLOCKS_APART
from shared.clinic.occupancy import Interval, occupied_keys
from shared.contracts.booking import Tell
from shared.contracts.errors import Refusal, TooLate

UNDO = timedelta(minutes=1)
"""So long staff may take back a move or cancellation of their own."""


@dataclass(frozen=True)
class Before:
    """When, with whom, for what and where an appointment was before it was moved or cancelled.

    `not_told` is the booking's own of then: what its patient had not been told of. So are `absence`, which it stood in
    the way of, and `invited`.
    """

    type: str
    practitioner: str
    starts_at: datetime
    ends_at: datetime
    busy_from: datetime
    busy_to: datetime
    minutes: int
    resources: tuple[str, ...]
    revision: int
    not_told: int | None
    absence: str | None = None
    invited: bool = False

    def occupied(self) -> list[str]:
        """Return the occupancy keys that it took."""
        return occupied_keys(self.practitioner, self.resources)


@dataclass(frozen=True)
class Undo:
    """How the change that made `version` is taken back, and by whom alone.

    `hold` keeps the time of `before` free; it ends, as all this does, at `until` by everybody's clock.
    """

    version: int
    by: Mapping[str, str | None]
    hold: str
    until: datetime
    before: Before

    @property
    def told_until(self) -> datetime:
        """Until when it may be taken back, by any clock that is not further off than `CLOCKS_APART`."""
        return self.until - CLOCKS_APART


@dataclass(frozen=True)
class Telling:
    """Whom a change is told: staff may keep it from people, and take it back before anybody hears of it (C10).

    `undo` is by what it is taken back. `undoes` is the version whose change this one takes back. What is `imported`,
    its patient knows of from the former system (C14).
    """

    tell: Tell = "all"
    undo: Undo | None = None
    undoes: int | None = None
    imported: bool = False

    def not_told(self, version: int) -> int | None:
        """Return of which version the patient is not told, where that is so."""
        return None if self.tell == "all" or self.imported else version

    @property
    def noted(self) -> Changes:
        """What a history notes of it: what is not the ordinary."""
        tell = {} if self.tell == "all" else {"tell": [None, self.tell]}
        undoes = {} if self.undoes is None else {"undoes": [None, self.undoes]}
        return {**tell, **undoes, **({"imported": [None, True]} if self.imported else {})}


ORDINARY = Telling()
IMPORTED = Telling("none", imported=True)


def undo_until(now: datetime) -> datetime:
    """Return until when a change that is made now keeps its old time from others."""
    return now + UNDO + CLOCKS_APART


def cannot_be_undone() -> Refusal:
    """Return the refusal of who undoes too late, or has given the old time away meanwhile."""
    return TooLate.because("This cannot be undone any more.")


def left_over(of: Interval, taken: Interval) -> Iterator[Interval]:
    """Yield what is left of an interval without what of it is taken: nothing, one part or two."""
    for start, end in ((of[0], min(of[1], taken[0])), (max(of[0], taken[1]), of[1])):
        if start < end:
            yield start, end
