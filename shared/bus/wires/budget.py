"""How long what is under way may still take: seconds that are left, never a moment, since clocks differ (ADR 18)."""

from __future__ import annotations

import math
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Self

from shared.contracts.errors import Timeout

if TYPE_CHECKING:
    from collections.abc import Mapping

BUDGET = "budget"
"""Under this a worker's context holds its `Budget`; no message can bring one."""

_WAY_BACK_SHARE, _WAY_BACK_SECONDS = 0.2, 0.5


@dataclass(frozen=True)
class Budget:
    """What is left of a time limit. `ends` is of this process's monotonic clock, and means nothing to any other."""

    ends: float

    @classmethod
    def of(cls, seconds: float) -> Self:
        """Return a budget of so many seconds from now on."""
        return cls(time.monotonic() + seconds)

    def left(self) -> float:
        """Return how many seconds are left; nothing, or less, once nobody waits any more."""
        return self.ends - time.monotonic()

    def at_most(self, seconds: float) -> float:
        """Return the lesser of `seconds` and of what is left; raise Timeout where nothing is."""
        self.require_left()
        return min(seconds, self.left())

    def require_left(self) -> None:
        """Raise Timeout where nothing is left: whoever asked was told so, and may have asked for something else."""
        if self.left() <= 0:
            raise Timeout.because("The time for this was over before it was done.")


UNLIMITED = Budget(math.inf)
"""Of events, timers and the command line's own work: nobody waits for them."""


def budget_of(context: Mapping[str, Any]) -> Budget:
    """Return the budget that a worker's context holds; without one nobody waits."""
    found = context.get(BUDGET)
    return found if isinstance(found, Budget) else UNLIMITED


def told_of(seconds: float) -> float:
    """Return how long whoever is asked may take, of the seconds for which whoever asks waits.

    A little less, so that what was done in time is also told in time.
    """
    return seconds - min(_WAY_BACK_SECONDS, seconds * _WAY_BACK_SHARE)
