"""How often a thing may be tried: counters in Redis that run out by themselves."""

import hashlib
import logging
from collections.abc import Iterator
from contextlib import contextmanager
from typing import NamedTuple

import redis

from gateway.access.redis_needed import redis_needed
from gateway.http.proxies import household
from shared.contracts.errors import NewPatientsRefused, NoOpenNeed, RateLimited, Refusal, Unavailable, WrongLogin
from shared.sealed import keyed_hash

_log = logging.getLogger(__name__)

LOGIN_FAILURES = 10
LOGIN_FAILURES_OF_ADDRESS = 30
TELLING_REFUSALS = 20
GUESSES_PER_NUMBER = 5
GUESSES_PER_ADDRESS = 20
GUESSES_PER_PLACE = 300
SENDINGS_PER_MOBILE = 3
SENDINGS_PER_ADDRESS = 20
WINDOW_SECONDS = 15 * 60
_MINUTE = 60
_TELLING = (NewPatientsRefused, NoOpenNeed)
"""Refusals by which a stranger could find out whose number is known to a clinic, and who is called for."""

_COUNT = """
local tries = redis.call('INCR', KEYS[1])
if tries == 1 then redis.call('EXPIRE', KEYS[1], ARGV[1]) end
return {tries, redis.call('TTL', KEYS[1])}
"""
"""One step, so that a counter can never be left without its end."""

_TAKE_BACK = """
if tonumber(redis.call('GET', KEYS[1]) or '0') > 0 then redis.call('DECR', KEYS[1]) end
"""


class _Counter(NamedTuple):
    """What is counted under `key`, and how many of it are allowed in a window."""

    key: str
    limit: int


class Limits:
    """Counts tries per address, account, number. A window starts with its first try and ends as a whole."""

    def __init__(self, cache: redis.Redis, booking_rate_limit: int, lookup_key: str) -> None:
        """Count in `cache`; what can be guessed, such as a mobile, stands there hashed with `lookup_key`."""
        self._cache = cache
        self._booking_rate_limit = booking_rate_limit
        self._lookup_key = lookup_key

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
    def telling_who_is_known(self, clinic: str, address: str) -> Iterator[None]:
        """Count the booking within if its refusal tells who is a patient of the clinic, or called for (CONTRACTS 2).

        After 20 of them in 15 minutes this clinic tells nothing to that address any more, which thousands of a mobile
        carrier's customers may share: raises RateLimited before the
        booking is tried, since one that goes through tells as much. Without Redis none are counted, like bookings.
        """
        key = f"telling:{clinic}:{household(address)}"
        try:
            self._require_below(key, TELLING_REFUSALS)
        except redis.RedisError:
            _log.warning("Redis does not answer: refusals that tell who is known are not counted")
        try:
            yield
        except _TELLING:
            try:
                self._count(key, TELLING_REFUSALS, WINDOW_SECONDS)
            except redis.RedisError:
                _log.warning("Redis does not answer: a refusal that tells who is known is not counted")
            raise

    def count_login(self, account: str, address: str) -> None:
        """Count a login as failed before it is checked; raise RateLimited after too many failures in 15 minutes.

        They are 10 of an account from an address, and 30 from an address whatever the account: one password is not
        tried on everybody. Nobody is shut out from elsewhere. Counting first keeps many tries at the same time from
        slipping through together. Without Redis nobody logs in (Unavailable): guessing must not become free.
        """
        counters = (
            _Counter(f"login:address:{household(address)}", LOGIN_FAILURES_OF_ADDRESS),
            _Counter(_login_key(account, address), LOGIN_FAILURES),
        )
        self._count_needed(counters, "Logins are")

    def forgive_login(self, account: str, address: str) -> None:
        """Forget the failures of an account from an address: its owner has just proven the password.

        Of all that the address has tried only this try: who knows one password may still be trying others.
        """
        with redis_needed("Logins are"):
            self._cache.delete(_counter(_login_key(account, address)))
            self._cache.eval(_TAKE_BACK, 1, _counter(f"login:address:{household(address)}"))

    @contextmanager
    def guessing(self, number: str, address: str, place: str) -> Iterator[None]:
        """Count the try within as a wrong code for `number` (a mobile, national number, birth date) unless it is right.

        Raise RateLimited after 5 wrong ones per number, 20 per address, 300 per `place` (a clinic, or all recalls) in
        15 minutes. The try is counted first, so that many at once do not slip through together, and only WrongLogin
        stays counted; a right code forgives the number its wrong ones. The address is looked at first: who is shut
        out spends nobody else's tries. Without Redis nobody tries (Unavailable): guessing must not become free.
        """
        of_number = _Counter(f"guess:number:{self._hash(number)}", GUESSES_PER_NUMBER)
        counters = (
            _Counter(f"guess:address:{household(address)}", GUESSES_PER_ADDRESS),
            of_number,
            _Counter(f"guess:place:{place}", GUESSES_PER_PLACE),
        )
        self._count_needed(counters, "Codes are")
        try:
            yield
        except WrongLogin:
            raise
        except Refusal:
            self._take_back(counters)
            raise
        self._take_back(counters)
        self._forgive(of_number)

    @contextmanager
    def sending(self, mobile: str, address: str) -> Iterator[None]:
        """Count a code that is sent within; raise RateLimited after 3 to a mobile and 20 from an address in 15 minutes.

        What certainly was not sent is not counted. Without Redis none is sent (Unavailable).
        """
        counters = (
            _Counter(f"send:address:{household(address)}", SENDINGS_PER_ADDRESS),
            _Counter(f"send:mobile:{self._hash(mobile)}", SENDINGS_PER_MOBILE),
        )
        self._count_needed(counters, "Codes are")
        try:
            yield
        except Unavailable:
            self._take_back(counters)
            raise

    def _count_needed(self, counters: tuple[_Counter, ...], what: str) -> None:
        with redis_needed(what):
            for each in counters:
                self._count(each.key, each.limit, WINDOW_SECONDS)

    def _take_back(self, counters: tuple[_Counter, ...]) -> None:
        """Uncount one try; where Redis fails meanwhile it stays counted, which is only stricter."""
        try:
            for each in counters:
                self._cache.eval(_TAKE_BACK, 1, _counter(each.key))
        except redis.RedisError:
            _log.warning("Redis does not answer: a try stays counted")

    def _forgive(self, counter: _Counter) -> None:
        try:
            self._cache.delete(_counter(counter.key))
        except redis.RedisError:
            _log.warning("Redis does not answer: wrong tries stay counted")

    def _hash(self, number: str) -> str:
        return keyed_hash(self._lookup_key, "limit", number)

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
