"""What was shown last, kept for the hour in which nobody can be asked (PRODUCT C15)."""

import logging
from datetime import datetime, timedelta
from typing import Any, NamedTuple

import redis

from shared.clock import Clock
from shared.sealed import Sealer, Unsealable

_log = logging.getLogger(__name__)

LASTS = timedelta(days=3)
_EVERY_SECONDS = 60
_MOST_BYTES = 1024 * 1024


class Known(NamedTuple):
    """A value as it was at a moment."""

    value: Any
    at: datetime


class LastKnown:
    """In Redis, sealed; without Redis nothing is known, and nobody is in anyway."""

    def __init__(self, cache: redis.Redis, sealer: Sealer, clock: Clock) -> None:
        self._cache = cache
        self._sealer = sealer
        self._clock = clock

    def keep(self, name: str, value: Any) -> None:
        """Keep a plain JSON value for three days, under its name; what was kept within the last minute stays."""
        try:
            if not self._cache.set(f"{_key(name)}:fresh", "1", nx=True, ex=_EVERY_SECONDS):
                return
            sealed = self._sealer.seal({"at": self._clock.now().isoformat(), "value": value})
            if len(sealed) <= _MOST_BYTES:
                self._cache.set(_key(name), sealed, ex=LASTS)
        except redis.RedisError:
            _log.warning("Redis does not answer: what is shown is not kept")

    def find(self, name: str) -> Known | None:
        """Return what was kept last under a name, None for nothing."""
        try:
            sealed: Any = self._cache.get(_key(name))
            opened = None if sealed is None else self._sealer.open(sealed)
        except (redis.RedisError, Unsealable):
            return None
        return None if opened is None else Known(opened["value"], datetime.fromisoformat(opened["at"]))


def _key(name: str) -> str:
    return f"frontdesk:last-known:{name}"
