"""What is left of a request's budget when it arrives, told without comparing clocks (ADR 18).

A request carries what its caller's own clock showed when it left. How far that clock is from the one here nobody
knows, but it is as far for all requests of one caller: what a request took longer than the quickest of its caller's is
what it was held up, in a socket or a queue of this process, which may have been frozen.
"""

import math
import time
from collections import OrderedDict
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from shared.bus.wires.budget import Budget, told_of

SENT_HEADER = "frontdesk.sent"
"""The caller's monotonic clock at sending, in milliseconds. No header of Nameko's: those are passed on by v0.1.0."""

USUAL_SECONDS = 30.0
"""What a request has that carries no `expiration`, such as one of a plain Nameko program."""

_LATELY = 60.0
"""Seconds for which the quickest request counts, and as long again: then a clock that jumped is believed anew."""
_DRIFT = 1 / 5000
"""By how much two clocks may run apart."""
_CALLERS = 1000


def sent_now() -> int:
    """Return what `SENT_HEADER` holds of a request that leaves now."""
    return int(time.monotonic() * 1000)


def expiration_of(seconds: float) -> str:
    """Return AMQP's `expiration` of a request that its caller waits for so long: its budget, in milliseconds."""
    return str(max(1, int(told_of(seconds) * 1000)))


@dataclass(frozen=True)
class _Quickest:
    """The least by which the own clock was ahead of a caller's at a request's arrival: of `lately`, and of before."""

    lately: float
    before: float
    since: float

    def least(self) -> float:
        return min(self.lately, self.before)

    def with_one_more(self, ahead: float, now: float) -> "_Quickest":
        """Return what is known after another request; only requests make what is known old, not the time alone."""
        age = now - self.since
        if age > _LATELY:
            return _Quickest(ahead, self.lately + age * _DRIFT, now)
        return _Quickest(min(self.lately, ahead), self.before, self.since)


class Journeys:
    """How long requests were held up on their way to this process, by callers."""

    def __init__(self) -> None:
        self._quickest: OrderedDict[str, _Quickest] = OrderedDict()

    def held_up(self, caller: str, sent: float, now: float) -> float:
        """Return for how many seconds a request was held up; of a caller's first one nobody can tell.

        `sent` is of the caller's clock, `now` of the own one, in seconds.
        """
        ahead = now - sent
        known = self._quickest.pop(caller, None)
        found = _Quickest(ahead, ahead, now) if known is None else known.with_one_more(ahead, now)
        self._quickest[caller] = found
        if len(self._quickest) > _CALLERS:
            self._quickest.popitem(last=False)
        return ahead - found.least()

    def budget(self, headers: Mapping[str, Any], properties: Mapping[str, Any]) -> Budget:
        """Return what is left of a request that has just arrived."""
        seconds, now = _seconds(properties.get("expiration"), USUAL_SECONDS), time.monotonic()
        caller, sent = properties.get("reply_to"), _seconds(headers.get(SENT_HEADER), None)
        late = 0.0 if caller is None or sent is None else self.held_up(str(caller), sent, now)
        return Budget(now + seconds - late)


def as_if_sent_now(headers: Mapping[str, Any], properties: Mapping[str, Any], left: float) -> dict[str, Any]:
    """Return the headers of a request of whose budget so many seconds are left, and which is sent once more.

    They hold what its caller's clock shows by now: so what it waits from here on counts, and what it has waited not
    twice.
    """
    spent, sent = _seconds(properties.get("expiration"), USUAL_SECONDS) - left, _seconds(headers.get(SENT_HEADER), None)
    return dict(headers) if sent is None else {**headers, SENT_HEADER: int((sent + spent) * 1000)}


def _seconds(milliseconds: Any, otherwise: Any) -> Any:
    """Return what a sender gave in milliseconds as seconds, or `otherwise` where that is no number."""
    try:
        found = float(milliseconds) / 1000
    except (TypeError, ValueError):
        return otherwise
    return found if math.isfinite(found) else otherwise
