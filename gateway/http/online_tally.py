"""What patients do on their way to a booking, counted in the process until booking has taken it (PRODUCT A2, ADR 50).

Nothing in it is personal. It is sent in batches, each under an id by which it counts once; a process that ends loses
what came in its last seconds.
"""

import logging
import uuid
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple

_log = logging.getLogger(__name__)

REFUSED = frozenset({
    "no_times", "slot_taken", "slot_held", "slot_not_offered", "hold_expired", "new_patients_refused", "under_age",
    "no_open_need", "need_expired", "booking_off", "function_off", "busy",
})  # fmt: skip
"""The codes of what keeps patients from a booking; what they can mend in the form is none of it."""

MOST_KINDS = 2000
"""So many different things are told apart at once, and of all clinics; more are not counted."""


class Wish(NamedTuple):
    """What was wanted, `""` and None where that was not said; `code` is why it was not had, `""` of a visit.

    `weekday` is ISO 8601's, 1 Monday to 7; `hour` 0 to 23, by the clinic's clocks.
    """

    clinic: str
    code: str
    type: str
    practitioner: str
    weekday: int | None = None
    hour: int | None = None


@dataclass(frozen=True)
class Batch:
    """What was gathered of one clinic until a moment."""

    id: str
    clinic: str
    at: datetime
    rows: list[dict[str, Any]]


class OnlineTally:
    """One per process."""

    def __init__(self) -> None:
        self._gathered: Counter[Wish] = Counter()
        self._waiting: list[Batch] = []

    def visited(self, clinic: str, type: str, practitioner: str) -> None:
        """Count a visit, at its first search for times."""
        self._count(Wish(clinic, "", type, practitioner))

    def refused(self, wish: Wish) -> None:
        """Count a search or attempt that ended without a booking."""
        if wish.code in REFUSED:
            self._count(wish)

    def batches(self, now: datetime) -> list[Batch]:
        """Return what is to be sent, one batch of each clinic; each stays until it is `sent`.

        While any waits, what comes is gathered on: it takes no more room however long booking does not answer, and
        counts on the day on which it goes.
        """
        if not self._waiting:
            self._waiting = list(self._closed(now))
        return list(self._waiting)

    def sent(self, batch: Batch) -> None:
        """Forget a batch that booking has taken."""
        if batch in self._waiting:
            self._waiting.remove(batch)

    def _closed(self, now: datetime) -> Iterator[Batch]:
        gathered, self._gathered = self._gathered, Counter()
        if len(gathered) == MOST_KINDS:
            _log.warning("more is going on than the report tells apart: some visits are not counted")
        by_clinic: dict[str, list[dict[str, Any]]] = {}
        for wish, count in gathered.items():
            clinic, *_ = wish
            row = {name: value for name, value in wish._asdict().items() if name != "clinic"}
            by_clinic.setdefault(clinic, []).append({**row, "count": count})
        for clinic, rows in by_clinic.items():
            yield Batch(uuid.uuid4().hex, clinic, now, rows)

    def _count(self, wish: Wish) -> None:
        if wish in self._gathered or len(self._gathered) < MOST_KINDS:
            self._gathered[wish] += 1
