"""How often a thing may be tried: counters in Redis that run out by themselves."""

import hashlib
import logging
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

import redis

from gateway.access.windows import DAY, HOUR, QUARTER, Tier, Window, Windows, bookings_of
from gateway.http.proxies import household, network
from shared.contracts.errors import NewPatientsRefused, NoOpenNeed, Refusal, Timeout

_log = logging.getLogger(__name__)

TELLING_REFUSALS, TELLING_REFUSALS_OF_DAY = 20, 40
TELLING_REFUSALS_OF_NETWORK, TELLING_REFUSALS_OF_NETWORK_AND_DAY = 60, 200
CHANGES_OF_BOOKING = 10
BOOKINGS_OF_NETWORK = Tier(60, 300)
"""Bookings of one clinic from one network (/24, /48), which thousands of a mobile carrier's customers may share."""

_TELLING = (NewPatientsRefused, NoOpenNeed)
"""Refusals by which a stranger could find out whose number is known to a clinic, and who is called for."""


class Limits:
    """Counts tries per address, network, link. A window starts with its first try and ends as a whole."""

    def __init__(self, cache: redis.Redis, booking_rate_limit: int) -> None:
        """Count in `cache`."""
        self._windows = Windows(cache)
        self._booking_rate_limit = booking_rate_limit

    @contextmanager
    def booking(self, clinic: str, address: str) -> Iterator[None]:
        """Count the booking within: from `address` by the minute, together with its holds (`StandingHolds.ask`).

        What is made of a clinic's from one network counts besides, held before or not, unless it is refused: each takes
        a time and sends an SMS to a number that its sender chose. Raise RateLimited above `BOOKING_RATE_LIMIT` a minute
        (0: no limit here), 60 of a network in a quarter of an hour, 300 in a day. It is counted first, so that many at
        once do not slip through together. Without Redis everybody may book: losing bookings is worse than
        counting none.
        """
        made = BOOKINGS_OF_NETWORK.windows(f"booked:{clinic}:{network(address)}")
        with self._counted("bookings", made, whatever_comes=[bookings_of(address, self._booking_rate_limit)]):
            yield

    @contextmanager
    def changing(self, link: str) -> Iterator[None]:
        """Count the move or cancellation within, by the personal link `link`, unless it is refused.

        Raise RateLimited after 10 in an hour: each writes messages to people (CONTRACTS 2, Limits). It is counted
        first, so that many at once do not slip through together. Without Redis, and where `BOOKING_RATE_LIMIT` is 0,
        none are counted.
        """
        with self._counted("changes of bookings", [Window(f"change:{_hashed(link)}", CHANGES_OF_BOOKING, HOUR)]):
            yield

    @contextmanager
    def telling_who_is_known(self, clinic: str, address: str) -> Iterator[None]:
        """Count the booking within if its refusal tells who is a patient of the clinic, or called for (CONTRACTS 2).

        After 20 of them in 15 minutes, 40 in a day, this clinic alone tells nothing to that address any more, which
        thousands of a mobile carrier's customers may share; nor to its network after 60, and 200. Raises RateLimited
        before the booking is tried, since one that goes through tells as much. Without Redis none are counted, like
        bookings.
        """
        home, around = f"telling:{clinic}:{household(address)}", f"telling:{clinic}:of {network(address)}"
        counted = [
            Window(home, TELLING_REFUSALS, QUARTER),
            Window(around, TELLING_REFUSALS_OF_NETWORK, QUARTER),
            Window(f"{home}:day", TELLING_REFUSALS_OF_DAY, DAY),
            Window(f"{around}:day", TELLING_REFUSALS_OF_NETWORK_AND_DAY, DAY),
        ]
        try:
            self._windows.require_room(counted)
        except redis.RedisError:
            _log.warning("Redis does not answer: refusals that tell who is known are not counted")
        try:
            yield
        except _TELLING:
            try:
                self._windows.count(counted)
            except redis.RedisError:
                _log.warning("Redis does not answer: a refusal that tells who is known is not counted")
            raise

    @contextmanager
    def _counted(self, what: str, windows: Sequence[Window], whatever_comes: Sequence[Window] = ()) -> Iterator[None]:
        """Count what is within, and uncount it where it is refused, but for `whatever_comes`.

        After a Timeout it may have been done. Where `BOOKING_RATE_LIMIT` is 0, and without Redis, nothing is counted.
        """
        is_counted = bool(self._booking_rate_limit)
        try:
            if is_counted:
                self._windows.count([*whatever_comes, *windows])
        except redis.RedisError:
            _log.warning("Redis does not answer: %s are not counted", what)
            is_counted = False
        try:
            yield
        except Timeout:
            raise
        except Refusal:
            if is_counted:
                self._windows.take_back_if_heard(windows)
            raise


def _hashed(secret: str) -> str:
    """Return what stands for a link in a key: keys show up in monitoring."""
    return hashlib.sha256(secret.encode()).hexdigest()[:32]
