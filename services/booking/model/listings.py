"""Free times that were listed a moment ago, for all who lose theirs meanwhile: in a rush those are hundreds."""

from collections.abc import Callable, Hashable, Sequence
from datetime import datetime, timedelta
from typing import Any

Slot = dict[str, Any]

LASTS = timedelta(seconds=1)
"""So old may what is listed be: what of it has been taken meanwhile is left out, what came free is missing as long."""


class Listings:
    """One per process."""

    def __init__(self) -> None:
        self._kept: dict[Hashable, tuple[datetime, Sequence[Slot]]] = {}

    def of(self, question: Hashable, now: datetime, ask: Callable[[], Sequence[Slot]]) -> Sequence[Slot]:
        """Return what was answered to the same question a moment before `now`, or else what `ask` answers."""
        kept = self._kept.get(question)
        if kept is not None and _is_fresh(kept[0], now):
            return kept[1]
        listed = ask()
        self._kept = {key: each for key, each in self._kept.items() if _is_fresh(each[0], now)}
        self._kept[question] = (now, listed)
        return listed


def _is_fresh(listed: datetime, now: datetime) -> bool:
    """Tell whether that is still told; calls that run side by side may have come in another order."""
    return abs(now - listed) < LASTS
