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

        A refusal that tells who is a patient of the clinic, or called for, is counted by itself (CONTRACTS 2). After 20
        of them in 15 minutes, 40 in a day, this clinic alone tells nothing to that address any more, which thousands of
        a mobile carrier's customers may share; nor to its network after 60, and 200. Raises RateLimited before the
        booking is tried, since one that goes through tells as much.
        """
        made = BOOKINGS_OF_NETWORK.windows(f"booked:{clinic}:{network(address)}")
        telling = _refusals_that_tell(clinic, address)
        first = [bookings_of(address, self._booking_rate_limit)] if self._booking_rate_limit else []
        with self._counted("bookings", made, [*first, *(window.looked_at() for window in telling)]):
            try:
                yield
            except _TELLING:
                self._count_if_heard("refusals that tell who is known", telling)
                raise

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
    def _counted(self, what: str, windows: Sequence[Window], before: Sequence[Window] = ()) -> Iterator[None]:
        """Count what is within, and uncount it where it is refused, but for what is counted or looked at `before`.

        After a Timeout it may have been done. Where `BOOKING_RATE_LIMIT` is 0 only what comes `before` counts; without
        Redis nothing is counted.
        """
        counted = windows if self._booking_rate_limit else ()
        is_counted = self._count_if_heard(what, [*before, *counted]) and bool(counted)
        try:
            yield
        except Timeout:
            raise
        except Refusal:
            if is_counted:
                self._windows.take_back_if_heard(windows)
            raise

    def _count_if_heard(self, what: str, windows: Sequence[Window]) -> bool:
        """Count; tell whether Redis has heard of it."""
        try:
            if windows:
                self._windows.count(windows)
        except redis.RedisError:
            _log.warning("Redis does not answer: %s are not counted", what)
            return False
        return True


def _refusals_that_tell(clinic: str, address: str) -> list[Window]:
    """Return what counts refusals that tell who is known."""
    home, around = f"telling:{clinic}:{household(address)}", f"telling:{clinic}:of {network(address)}"
    return [
        Window(home, TELLING_REFUSALS, QUARTER),
        Window(around, TELLING_REFUSALS_OF_NETWORK, QUARTER),
        Window(f"{home}:day", TELLING_REFUSALS_OF_DAY, DAY),
        Window(f"{around}:day", TELLING_REFUSALS_OF_NETWORK_AND_DAY, DAY),
    ]


def _hashed(secret: str) -> str:
    """Return what stands for a link in a key: keys show up in monitoring."""
    return hashlib.sha256(secret.encode()).hexdigest()[:32]
