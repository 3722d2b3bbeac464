"""How often a thing may be tried: counters in Redis that run out by themselves."""

import hashlib
import logging
from collections.abc import Iterator
from contextlib import contextmanager

import redis

from gateway.proxies import household
from shared.contracts.errors import NewPatientsRefused, RateLimited, Unavailable

_log = logging.getLogger(__name__)

LOGIN_FAILURES = 10
LOGIN_SECONDS = 15 * 60
TELLING_REFUSALS = 20
TELLING_SECONDS = 15 * 60
_MINUTE = 60

_COUNT = """
local tries = redis.call('INCR', KEYS[1])
if tries == 1 then redis.call('EXPIRE', KEYS[1], ARGV[1]) end
return {tries, redis.call('TTL', KEYS[1])}
"""
"""One step, so that a counter can never be left without its end."""


class Limits:
    """Counts tries per address and account. A window starts with its first try and ends as a whole."""

    def __init__(self, cache: redis.Redis, booking_rate_limit: int) -> None:
        self._cache = cache
        self._booking_rate_limit = booking_rate_limit

    def count_booking(self, address: str) -> None:
        """Count a hold or booking from `address`; raise RateLimited above `BOOKING_RATE_LIMIT` a minute (0: none).

        Without Redis everybody may book: losing bookings is worse than counting none.
        """
        if not self._booking_rate_limit:
            return
        try:
            self._count(f"booking:{household(address)}", self._booking_rate_limit, _MINUTE)
        except redis.RedisError:
            _log.warning("Redis does not answer: bookings are not counted")

    @contextmanager
    def telling_who_is_known(self, address: str) -> Iterator[None]:
        """Count the booking within if its refusal tells that somebody is no patient of the clinic (CONTRACTS 2).

        After 20 of them in 15 minutes nothing is told to that address any more: raises RateLimited before the
        booking is tried, since one that goes through tells as much. Without Redis none are counted, like bookings.
        """
        key = f"telling:{household(address)}"
        try:
            self._require_below(key, TELLING_REFUSALS)
        except redis.RedisError:
            _log.warning("Redis does not answer: refusals of new patients are not counted")
        try:
            yield
        except NewPatientsRefused:
            try:
                self._count(key, TELLING_REFUSALS, TELLING_SECONDS)
            except redis.RedisError:
                _log.warning("Redis does not answer: a refusal of a new patient is not counted")
            raise

    def count_login(self, account: str, address: str) -> None:
        """Count a login as failed before it is checked; raise RateLimited after 10 failures in 15 minutes.

        Counting first keeps many tries at the same time from slipping through together. Without Redis nobody logs
        in (Unavailable): guessing must not become free.
        """
        try:
            self._count(_login_key(account, address), LOGIN_FAILURES, LOGIN_SECONDS)
        except redis.RedisError as failed:
            raise Unavailable.because("Logins are not possible while Redis does not answer.") from failed

    def forgive_login(self, account: str, address: str) -> None:
        """Forget the failures of an account from an address: its owner has just proven the password."""
        try:
            self._cache.delete(_counter(_login_key(account, address)))
        except redis.RedisError as failed:
            raise Unavailable.because("Logins are not possible while Redis does not answer.") from failed

    def _count(self, key: str, limit: int, seconds: int) -> None:
        tries, left = self._cache.eval(_COUNT, 1, _counter(key), str(seconds))
        if tries > limit:
            raise RateLimited.because("Too many attempts.", retry_after=left)

    def _require_below(self, key: str, limit: int) -> None:
        if int(self._cache.get(_counter(key)) or 0) >= limit:
            raise RateLimited.because("Too many attempts.", retry_after=self._cache.ttl(_counter(key)))


def _counter(key: str) -> str:
    return f"frontdesk:limit:{key}"


def _login_key(account: str, address: str) -> str:
    """Return a key without the account's email in it: keys show up in monitoring."""
    hashed = hashlib.sha256(account.strip().lower().encode()).hexdigest()[:32]
    return f"login:{hashed}:{household(address)}"
