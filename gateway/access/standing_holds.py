"""Who holds how many times of a clinic at once, and which hold a visit had last (PRODUCT B12; CONTRACTS 2, Limits)."""

import logging
import math
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import redis

from gateway.access.windows import bookings_of, key_of
from gateway.http.proxies import household, network
from shared.clock import Clock
from shared.contracts.errors import RateLimited

_log = logging.getLogger(__name__)

OF_ADDRESS = 8
OF_NETWORK = 24
_ANY_NUMBER = 1_000_000
_ASKING_SECONDS = 60
"""For so long a place is kept where nobody knows whether the time was held: its call has timed out."""

_ASK = """
local now, ticket, replaced = tonumber(ARGV[1]), ARGV[3], ARGV[4]
local tries = redis.call('INCR', KEYS[1])
if tries == 1 then redis.call('EXPIRE', KEYS[1], ARGV[8]) end
if tries > tonumber(ARGV[7]) then return {'', redis.call('TTL', KEYS[1])} end
if replaced == '' and KEYS[4] then replaced = redis.call('GET', KEYS[4]) or '' end
for i = 2, 3 do
    redis.call('ZREMRANGEBYSCORE', KEYS[i], '-inf', ARGV[1])
    local standing = redis.call('ZCARD', KEYS[i])
    if redis.call('ZSCORE', KEYS[i], replaced) then standing = standing - 1 end
    if standing >= tonumber(ARGV[3 + i]) then
        local first = redis.call('ZRANGE', KEYS[i], 0, 0, 'WITHSCORES')
        return {'', math.ceil((tonumber(first[2]) - now) / 1000)}
    end
end
for i = 2, 3 do
    redis.call('ZADD', KEYS[i], ARGV[2], ticket)
    if redis.call('TTL', KEYS[i]) < tonumber(ARGV[9]) then redis.call('EXPIRE', KEYS[i], ARGV[9]) end
end
return {replaced}
"""
"""One step, so that many holds at the same moment do not slip through together."""

_FORGET = """
local function forget(hold)
    local place = 'frontdesk:hold:' .. hold
    for _, key in ipairs(redis.call('SMEMBERS', place)) do redis.call('ZREM', key, hold) end
    redis.call('DEL', place)
end
"""

_KEEP = f"""{_FORGET}
local ticket, replaced, hold, place = ARGV[1], ARGV[2], ARGV[3], 'frontdesk:hold:' .. ARGV[3]
if replaced ~= '' then forget(replaced) end
for i = 2, 3 do
    redis.call('ZREM', KEYS[i], ticket)
    redis.call('ZADD', KEYS[i], ARGV[4], hold)
    if redis.call('TTL', KEYS[i]) < tonumber(ARGV[5]) then redis.call('EXPIRE', KEYS[i], ARGV[5]) end
    redis.call('SADD', place, KEYS[i])
end
redis.call('EXPIRE', place, ARGV[5])
if KEYS[4] then redis.call('SET', KEYS[4], hold, 'EX', ARGV[5]) end
"""
_GIVE_UP = "for i = 2, 3 do redis.call('ZREM', KEYS[i], ARGV[1]) end"
_IS_OVER = f"{_FORGET} forget(ARGV[1])"


@dataclass(frozen=True)
class Place:
    """Room for one more hold: the `keys` under which it counts, for now as `ticket`; `replaces` is the hold it ends."""

    keys: tuple[str, ...]
    ticket: str
    replaces: str


class StandingHolds:
    """Counts holds in Redis until they run out, by clinic and address (of IPv6 its /64) or network (its /24, /48)."""

    def __init__(self, cache: redis.Redis, booking_rate_limit: int, clock: Clock) -> None:
        """A `booking_rate_limit` of 0 lets anybody hold any number at any rate."""
        self._cache = cache
        self._rate_limit = booking_rate_limit
        self._clock = clock

    def ask(self, clinic: str, address: str, visit: str = "", replaces: str = "") -> Place:
        """Return room for a hold, which counts as a booking of its minute too (`Limits.booking`).

        Where no hold is named that the new one `replaces`, it is the last of this `visit` from this address. Raise
        RateLimited where eight stand for the address, or 24 for its network, until the first of them runs out. Without
        Redis there is always room: losing bookings is worse than counting none.
        """
        if not (self._rate_limit or visit):
            return Place((), "", replaces)
        home, now, ticket = household(address), _milliseconds(self._clock.now()), secrets.token_hex(8)
        rate = bookings_of(address, self._rate_limit or _ANY_NUMBER)
        keys = [key_of(rate), *(f"frontdesk:holds:{clinic}:{whose}" for whose in (home, f"of {network(address)}"))]
        if visit:
            keys.append(f"frontdesk:visit:{clinic}:{home}:{visit}")
        most = (OF_ADDRESS, OF_NETWORK) if self._rate_limit else (_ANY_NUMBER, _ANY_NUMBER)
        given = (now, now + 1000 * _ASKING_SECONDS, ticket, replaces, *most, rate.limit, rate.seconds, _ASKING_SECONDS)
        try:
            found: Any = self._cache.eval(_ASK, len(keys), *keys, *map(str, given))
        except redis.RedisError:
            _log.warning("Redis does not answer: holds are not counted")
            return Place((), "", replaces)
        if len(found) > 1:
            raise RateLimited.because("Too many times are held.", retry_after=found[1])
        return Place(tuple(keys), ticket, found[0])

    def keep(self, place: Place, hold: str, expires: str) -> None:
        """Count a hold that was taken until it `expires` (ISO 8601), and no longer the one that it has ended."""
        if not place.keys:
            return
        until = _milliseconds(datetime.fromisoformat(expires))
        lasts = max(1, math.ceil((until - _milliseconds(self._clock.now())) / 1000))
        self._note(_KEEP, place.keys, place.ticket, place.replaces, hold, until, lasts)

    def give_up(self, place: Place) -> None:
        """Count no hold: none was taken."""
        if place.keys:
            self._note(_GIVE_UP, place.keys, place.ticket)

    def is_over(self, hold: str) -> None:
        """Count a hold no longer: it was given back, or booked."""
        if self._rate_limit:
            self._note(_IS_OVER, [f"frontdesk:hold:{hold}"], hold)

    def _note(self, script: str, keys: Sequence[str], *given: object) -> None:
        """Run a script; what Redis does not hear of runs out by itself."""
        try:
            self._cache.eval(script, len(keys), *keys, *map(str, given))
        except redis.RedisError:
            _log.warning("Redis does not answer: holds are counted until they run out")


def _milliseconds(moment: datetime) -> int:
    """Return a moment as whole milliseconds of 1970, which Redis and Lua keep exactly."""
    return int(moment.timestamp() * 1000)
