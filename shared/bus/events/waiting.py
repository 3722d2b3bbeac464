"""What waits for somebody else is tried until they are there, and has not failed (ADR 19)."""

import logging
import time
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, Self

from sqlalchemy.exc import SQLAlchemyError

from shared.bus.wires.link import BusLost
from shared.bus.wires.message import WAITING_FOR, WAITING_SINCE, WAITS
from shared.contracts.errors import NotFound, Timeout, Unavailable
from shared.sealed import UnknownKey
from shared.storage.database import is_away

_log = logging.getLogger(__name__)

TOO_LONG = timedelta(days=1)
"""After which people are told of what waits."""

_ALARM_SECONDS = 3600.0
_WORD_SECONDS = 60.0
NOT_THERE = (Unavailable, Timeout, NotFound, BusLost, UnknownKey)
"""What consumers raise while they wait. NotFound: what the event builds on, a document above all, has not come yet."""


def is_waiting(error: BaseException) -> bool:
    """Tell whether a consumer that raised this waits for somebody else, where otherwise it has failed by itself."""
    return isinstance(error, NOT_THERE) or (isinstance(error, SQLAlchemyError) and is_away(error))


@dataclass(frozen=True)
class Wait:
    """Since when an event waits, for what, and how often it was tried since."""

    since: datetime
    reason: str
    tries: int

    @classmethod
    def of(cls, headers: Mapping[str, Any], reason: str, now: datetime) -> Self:
        """Return the wait of an event that has just been tried in vain, by the headers that it came with."""
        before = wait_of(headers)
        return cls(now, reason, 1) if before is None else cls(before.since, reason, before.tries + 1)

    def delay(self, delays: tuple[float, ...]) -> float:
        """Return after how many seconds it is tried again: the last of `delays` without end."""
        return delays[min(self.tries, len(delays)) - 1]

    def headers(self) -> dict[str, Any]:
        """Return what tells of it on the way."""
        return {WAITING_SINCE: self.since.isoformat(), WAITING_FOR: self.reason, WAITS: self.tries}


def wait_of(headers: Mapping[str, Any]) -> Wait | None:
    """Return the wait that headers tell of, None for none; what somebody else wrote there counts for nothing."""
    tries = headers.get(WAITS)
    try:
        since = datetime.fromisoformat(str(headers.get(WAITING_SINCE)))
    except ValueError:
        return None
    if not isinstance(tries, int) or tries < 1 or since.tzinfo is None:
        return None
    return Wait(since, str(headers.get(WAITING_FOR, "")), tries)


class Alarm:
    """Tells of what waits in one queue, however many events that are: once a minute, and loudly after a day."""

    def __init__(self, queue: str) -> None:
        self._queue = queue
        self._no_word_until = 0.0
        self._no_alarm_until = 0.0

    def hear(self, wait: Wait) -> None:
        """Take note of an event that goes on waiting."""
        now, since = time.monotonic(), wait.since.isoformat(timespec="seconds")
        if datetime.now(UTC) - wait.since >= TOO_LONG and now >= self._no_alarm_until:
            self._no_alarm_until = now + _ALARM_SECONDS
            _log.error("ALARM: events in %s wait since %s: %s", self._queue, since, wait.reason)
        elif now >= self._no_word_until:
            self._no_word_until = now + _WORD_SECONDS
            _log.warning("events in %s wait, one since %s: %s", self._queue, since, wait.reason)
