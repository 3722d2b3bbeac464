"""Free times that were listed a moment ago, for all who lose theirs meanwhile: in a rush those are hundreds."""

from collections.abc import Callable, Hashable, Sequence
from concurrent.futures import Future
from datetime import datetime, timedelta
from typing import Any

Slot = dict[str, Any]

LASTS = timedelta(seconds=1)
"""So old may what is listed be: what of it has been taken meanwhile is left out, what came free is missing as long."""


class Listings:
    """One per process."""

    def __init__(self) -> None:
        self._kept: dict[Hashable, tuple[datetime, Sequence[Slot]]] = {}
        self._awaited: dict[Hashable, Future[Sequence[Slot]]] = {}

    def of(self, question: Hashable, now: datetime, ask: Callable[[], Sequence[Slot]]) -> Sequence[Slot]:
        """Return what was answered to the same question a moment before `now`, or else what `ask` answers.

        Who comes while somebody asks waits for that answer, and gets what is raised instead of it too.
        """
        kept = self._kept.get(question)
        if kept is not None and _is_fresh(kept[0], now):
            return kept[1]
        answer: Future[Sequence[Slot]] = Future()
        awaited = self._awaited.setdefault(question, answer)
        try:
            return self._asked(question, now, ask, answer) if awaited is answer else awaited.result()
        finally:
            del answer, awaited  # what was raised holds this frame, and they hold it: a circle that would stay

    def _asked(
        self, question: Hashable, now: datetime, ask: Callable[[], Sequence[Slot]], answer: Future[Sequence[Slot]]
    ) -> Sequence[Slot]:
        try:
            listed = ask()
        except BaseException as failed:
            answer.set_exception(failed)
            raise
        else:
            self._kept = {key: each for key, each in self._kept.items() if _is_fresh(each[0], now)}
            self._kept[question] = (now, listed)
            answer.set_result(listed)
            return listed
        finally:
            del self._awaited[question], answer


def _is_fresh(listed: datetime, now: datetime) -> bool:
    """Tell whether that is still told; calls that run side by side may have come in another order."""
    return abs(now - listed) < LASTS
