"""What a service does about one kind of things that are kept for a while (ADR 58)."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from shared.clinic.retention import Over

AT_ONCE = 100
"""So many rows at most go by one transaction."""

MOST_COUNTED = 10_000
"""Up to this number is counted what is over; there may be more."""


@dataclass(frozen=True)
class Batch:
    """What one transaction has deleted, whether nothing is left to look at, and else `behind` what to go on."""

    deleted: int
    is_last: bool
    behind: str | None = None


@dataclass(frozen=True)
class Count:
    """How much is over; `is_more` where not all of it was counted."""

    number: int
    is_more: bool

    @classmethod
    def up_to(cls, found: int, most: int = MOST_COUNTED) -> "Count":
        """Return the count of who was told to stop at one more than the most."""
        return cls(min(found, most), found > most)


def nothing_before(_desk: Any, _over: Over, _behind: str | None) -> Any:
    """Find out nothing before the transaction."""
    return None


@dataclass(frozen=True)
class Kind:
    """A kind by its name in the document, and what the service does about it.

    `delete(desk, store, over, found)` deletes up to AT_ONCE of what is over, in the transaction of `store`. `found` is
    what `look(desk, over, behind)` has found out before it, where others have to be asked. `count(desk, over)` counts
    the same; None where another service counts and tells it.
    """

    name: str
    delete: Callable[[Any, Any, Over, Any], Batch]
    count: Callable[[Any, Over], Count] | None
    look: Callable[[Any, Over, str | None], Any] = nothing_before
