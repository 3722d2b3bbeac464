"""A rush: so many take time of a clinic at the same moment, all others are told at once when to come again (ADR 25).

The bound is to be such that whoever is let in is answered within two seconds; whoever is not has cost next to nothing.
"""

import logging
import math
import secrets
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import redis

from gateway.http.bounds import REQUEST_SECONDS
from gateway.http.proxies import household
from shared.clock import Clock
from shared.contracts.errors import Busy, Refusal

_log = logging.getLogger(__name__)

TURN_SECONDS = 2
"""What as many as are let in at once may take, all of them together (ADR 25)."""
LONGEST_WAIT_SECONDS = 30

_UNCOUNTED = 8
"""An eighth of them is let in without asking Redis: but for a rush, nobody pays for what counts it."""

_OF_ADDRESS = 4
"""An address has a quarter of them at most: whoever keeps calling from one leaves the others their turns."""

_ENTER = """
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
redis.call('ZREMRANGEBYSCORE', KEYS[1], '-inf', now)
if redis.call('ZCARD', KEYS[1]) >= tonumber(ARGV[2]) then return 0 end
redis.call('ZADD', KEYS[1], now + ARGV[3], ARGV[1])
redis.call('PEXPIRE', KEYS[1], ARGV[3])
return 1
"""
"""One step, by the one clock of Redis. What a gateway that died had let in ends with its request's time."""

_UNASKED, _UNKNOWN = "unasked", "unknown"
"""The tickets of those of whom Redis was not asked, and of whom it did not hear: all others' are random."""

MOVING = "moving"
"""Those who move their booking by its link, which does not say of which clinic's it is."""


def taking(clinic: str, hold: object = None) -> str:
    """Return among whom somebody is counted who takes time of a clinic; with a `hold`, among who says to have one.

    Else whoever holds a time would wait behind all who still want one. No `clinic`, whatever it says, names another's.
    """
    return f"{'held' if hold else 'free'}:{clinic}"


class Rush:
    """Lets so many in at once of those who are counted together (`taking`, `MOVING`), and a quarter of one address.

    An eighth is let in by each gateway by itself, the rest is counted in Redis over all of them. Where Redis is away
    each gateway lets in what it would alone. What an address has is counted by each gateway.
    """

    def __init__(self, cache: redis.Redis, at_once: int, booking_rate_limit: int, clock: Clock) -> None:
        """A `booking_rate_limit` of 0 lets one address have all of them."""
        self._cache = cache
        self._clock = clock
        self._at_once = at_once
        self._of_address = math.ceil(at_once / _OF_ADDRESS) if booking_rate_limit else at_once
        self._uncounted = math.ceil(at_once / _UNCOUNTED)
        self._inside: Counter[str] = Counter()
        self._unasked: Counter[str] = Counter()
        self._turns: dict[str, float] = {}

    @contextmanager
    def entered(self, whose: str, address: str) -> Iterator[None]:
        """Let the block take time as one of those counted under `whose`; raise Busy where too many are inside."""
        with self._share(f"{household(address)} {whose}"):
            ticket = self._let_in(whose)
            try:
                yield
            finally:
                self._leave(whose, ticket)

    @contextmanager
    def _share(self, mine: str) -> Iterator[None]:
        """Count the block as one of an address; raise Busy where it has as many as it may."""
        if self._inside[mine] >= self._of_address:
            raise self._busy(mine, self._of_address)
        self._inside[mine] += 1
        try:
            yield
        finally:
            _count_down(self._inside, mine)

    def _let_in(self, whose: str) -> str:
        """Return the ticket to leave with; raise Busy."""
        if self._inside[whose] >= self._at_once:
            raise self._busy(whose, self._at_once)
        self._inside[whose] += 1  # before others get their turn, while Redis is asked
        if self._unasked[whose] < self._uncounted:
            self._unasked[whose] += 1
            return _UNASKED
        try:
            return self._counted(whose)
        except BaseException:
            self._leave(whose, _UNKNOWN)
            raise

    def _counted(self, whose: str) -> str:
        ticket, most, lasts = secrets.token_hex(8), self._at_once - self._uncounted, int(1000 * REQUEST_SECONDS)
        try:
            has_room: Any = self._cache.eval(_ENTER, 1, _key(whose), ticket, most, lasts)
        except redis.RedisError:
            _log.warning("Redis does not answer: this gateway lets in %s at once by itself", self._at_once)
            return _UNKNOWN
        if not has_room:
            raise self._busy(whose, self._at_once)
        return ticket

    def _leave(self, whose: str, ticket: str) -> None:
        _count_down(self._inside, whose)
        if ticket == _UNASKED:
            _count_down(self._unasked, whose)
        elif ticket != _UNKNOWN:
            try:
                self._cache.zrem(_key(whose), ticket)
            except redis.RedisError:
                _log.warning("Redis does not answer: who has left is counted for some seconds")

    def _busy(self, whose: str, at_once: int) -> Refusal:
        """Return the refusal. As many as are let in at once are told the same turn, the next ones the one after it."""
        now = self._clock.now().timestamp()
        self._turns = {each: turn for each, turn in self._turns.items() if turn > now}
        turn = max(now + TURN_SECONDS, self._turns.get(whose, 0.0) + TURN_SECONDS / at_once)
        self._turns[whose] = min(turn, now + LONGEST_WAIT_SECONDS)
        wait = math.ceil(self._turns[whose] - now)
        return Busy.because("Too many take time of the clinic just now.", retry_after=wait)


def _count_down(counter: Counter[str], whose: str) -> None:
    """Count one less, and forget whom nobody counts any more."""
    counter[whose] -= 1
    if not counter[whose]:
        del counter[whose]


def _key(whose: str) -> str:
    return f"frontdesk:taking:{whose}"
