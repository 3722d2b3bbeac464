"""Counters in Redis that run out by themselves; however many are asked at once, it is one step."""

import logging
from collections.abc import Sequence
from typing import Any, NamedTuple

import redis

from gateway.http.proxies import household
from shared.contracts.errors import RateLimited

_log = logging.getLogger(__name__)

_COUNT = """
local counted = {}
for i, key in ipairs(KEYS) do
    local limit, seconds, unless = tonumber(ARGV[3 * i - 2]), ARGV[3 * i - 1], ARGV[3 * i]
    local tries = 0
    if unless == '' or redis.call('EXISTS', unless) == 0 then
        if seconds == '0' then
            tries = tonumber(redis.call('GET', key) or '0') + 1
        else
            tries = redis.call('INCR', key)
            if tries == 1 then redis.call('EXPIRE', key, seconds) end
        end
    end
    if limit > 0 and tries > limit then return {-1, redis.call('TTL', key)} end
    counted[i] = tries
end
return counted
"""
"""One step, so that many tries at the same moment do not slip through, and no counter is ever left without its end."""

_TAKE_BACK = """
for i, key in ipairs(KEYS) do
    local unless = ARGV[i + 2]
    if not unless then
        redis.call('DEL', key)
    elseif (unless == '' or redis.call('EXISTS', unless) == 0) and tonumber(redis.call('GET', key) or '0') > 0 then
        redis.call('DECR', key)
    end
end
if ARGV[1] ~= '' then redis.call('SET', ARGV[1], '1', 'EX', ARGV[2]) end
"""

_PREFIX = "frontdesk:limit:"

MINUTE = 60
QUARTER = 15 * MINUTE
HOUR = 60 * MINUTE
DAY = 24 * HOUR

NO_LIMIT = 0


class Window(NamedTuple):
    """What is counted under `key` for `seconds` from its first on; more than `limit` are refused (NO_LIMIT: none).

    Nothing is counted or refused while what was `noted` under the key `unless` is there (`Windows.take_back`). With 0
    seconds it is only looked at whether the next one would be refused.
    """

    key: str
    limit: int
    seconds: int
    unless: str = ""

    def looked_at(self) -> "Window":
        """Return the window as it refuses where it is full, without counting."""
        return self._replace(seconds=0)


class Tier(NamedTuple):
    """How many are let through in a quarter of an hour, and in a day."""

    quarter: int
    day: int

    def windows(self, key: str) -> list[Window]:
        """Return what counts both."""
        return [Window(key, self.quarter, QUARTER), Window(f"{key}:day", self.day, DAY)]


class Windows:
    """Counts in windows; each begins with its first try and ends as a whole.

    All that is done here raises RedisError, but for what is done `if_heard`.
    """

    def __init__(self, cache: redis.Redis) -> None:
        self._cache = cache

    def count(self, windows: Sequence[Window]) -> list[int]:
        """Count one in each and return how many each has now; raise RateLimited at the first that is full.

        Those after it are not counted: who is shut out by their own address spends nobody else's tries.
        """
        bounds = [text for each in windows for text in (str(each.limit), str(each.seconds), _unless(each))]
        counted: Any = self._cache.eval(_COUNT, len(windows), *_keys(windows), *bounds)
        if counted[0] < 0:
            raise _too_many(counted[1])
        return [int(each) for each in counted]

    def counts_if_heard(self, windows: Sequence[Window]) -> bool:
        """Count one in each and tell whether none was full; False where Redis fails."""
        try:
            self.count(windows)
        except RateLimited:
            return False
        except redis.RedisError:
            _log.warning("Redis does not answer: a try is not counted")
            return False
        return True

    def counted(self, windows: Sequence[Window]) -> list[int]:
        """Return how many each has, without counting."""
        found: Any = self._cache.mget(_keys(windows))
        return [int(each or 0) for each in found]

    def take_back(
        self, windows: Sequence[Window], forgiven: Sequence[Window] = (), noted: Window | None = None
    ) -> None:
        """Uncount one in each, forget all of those that are `forgiven`, and keep what is `noted` for its time."""
        keys = [*_keys(windows), *_keys(forgiven)]
        note = ("", "") if noted is None else (key_of(noted), str(noted.seconds))
        self._cache.eval(_TAKE_BACK, len(keys), *keys, *note, *map(_unless, windows))

    def take_back_if_heard(self, windows: Sequence[Window], forgiven: Sequence[Window] = ()) -> None:
        """Do as `take_back`; where Redis fails meanwhile the try stays counted, which is only stricter."""
        try:
            self.take_back(windows, forgiven)
        except redis.RedisError:
            _log.warning("Redis does not answer: a try stays counted")


def bookings_of(address: str, limit: int) -> Window:
    """Return what counts the holds and bookings of an address together, `limit` a minute."""
    return Window(f"booking:{household(address)}", limit, MINUTE)


def key_of(window: Window) -> str:
    """Return where a window is counted in Redis."""
    return f"{_PREFIX}{window.key}"


def _unless(window: Window) -> str:
    return f"{_PREFIX}{window.unless}" if window.unless else ""


def _keys(windows: Sequence[Window]) -> list[str]:
    return [key_of(each) for each in windows]


def _too_many(seconds: int) -> Exception:
    return RateLimited.because("Too many attempts.", retry_after=seconds)
