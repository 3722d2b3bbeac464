"""How often codes may be guessed and sent: in tiers that make guessing hopeless and shut nobody else out (ADR 17)."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import NamedTuple

import redis

from gateway.access.login_codes import DIGITS, LONG_DIGITS, LONGEST_DIGITS
from gateway.access.redis_needed import redis_needed
from gateway.access.windows import DAY, NO_LIMIT, QUARTER, Tier, Window, Windows
from gateway.http.proxies import household, network, site
from shared.contracts.errors import Refusal, Unavailable, WrongLogin
from shared.sealed import keyed_hash

OF_ADDRESS, OF_SITE, OF_NETWORK = 20, 30, 60
"""Wrong codes that are looked at in a quarter of an hour, of an address (of IPv6 its /64), a /56, a network (/24, /48).

Recall codes whatever they are guessed for, login codes of one clinic.
"""

AT_ALL_CLINICS = 5
"""So many times as many wrong login codes are looked at for all clinics together: thousands may share an address."""

OF_NUMBER_IN_NETWORK = 5
"""Wrong codes for one mobile, national number or birth date from one network, in a quarter of an hour."""


class Wary(NamedTuple):
    """After how many wrong login codes of a day they are long: for a mobile, from a network, at a clinic, in all."""

    number: int
    network: int
    clinic: int
    everywhere: int


WARY = Wary(number=10, network=20, clinic=30, everywhere=100)
VERY_WARY = 20_000
"""After how many wrong login codes of a day, in all, they are as long as they get."""

SENDINGS_PER_MOBILE = 3
SENDINGS_PER_ADDRESS = 20
SENDINGS_OF_NETWORK = Tier(100, 500)
"""Codes of one clinic that are asked for from an address in a quarter of an hour, and from a network.

They go to whatever mobiles, and each is an SMS that the clinic pays for.
"""

SENDINGS_AT_ALL_CLINICS = 4
"""So many times as many at all clinics together: tens of thousands of a carrier's customers may share a network."""

SENDINGS_OF_DAY, SENDINGS_OF_DAY_FROM_NETWORK = 40, 10
"""Codes that go to a mobile in a day: in all, and asked for from one network."""


class Guesses:
    """Counts tries at codes, and codes that are sent. Without Redis there are neither: guessing must not become free.

    Nothing that a stranger can use up is shared: whoever guesses too much is shut out with their own network, and
    where many guess, login codes become longer rather than that nobody logs in.
    """

    def __init__(self, cache: redis.Redis, lookup_key: str) -> None:
        """Count in `cache`; what can be guessed, such as a mobile, stands there hashed with `lookup_key`."""
        self._windows = Windows(cache)
        self._lookup_key = lookup_key

    @contextmanager
    def of_recall(self, holder: str, address: str) -> Iterator[None]:
        """Count the try within as a wrong recall code for `holder` (a national number, birth date) unless it is right.

        Raise RateLimited where it would be one too many. It is counted first, so that many at once do not slip through
        together, and only WrongLogin stays counted; a right code forgives the holder's wrong ones from this network.
        The address is looked at first: who is shut out spends nobody else's tries.
        """
        of_holder = self._of_holder(holder, address)
        own, *shared = _windows_of("recall", address)
        with self._counted([own, of_holder, *shared], of_holder):
            yield

    @contextmanager
    def of_login(self, mobile: str, address: str, clinic: str) -> Iterator[int]:
        """Count the try within like `of_recall`, as a login code for `mobile`; give how many digits a good one has."""
        of_mobile, wary = self._of_holder(mobile, address), self._wary(mobile, address, clinic)
        own, *shared = _windows_of(f"login:{clinic}", address)
        in_all = _windows_of("login", address, AT_ALL_CLINICS)
        with self._counted([own, of_mobile, *shared, *in_all, *wary], of_mobile) as counted:
            yield _digits(counted[-len(wary) :])

    def wrong_feed(self, address: str) -> None:
        """Count an address of a calendar that is none; raise RateLimited after as many as of wrong recall codes."""
        with redis_needed("Calendars are"):
            self._windows.count(_windows_of("feed", address))

    @contextmanager
    def sending(self, mobile: str, address: str, clinic: str) -> Iterator[int]:
        """Count a code that is sent within; give how many digits it is to have.

        Raise RateLimited after 3 to a mobile in 15 minutes, and 40 in a day, 10 of them asked for from one network; at
        a clinic after 20 from an address and 100 from a network, 500 in a day, at all clinics after four times as many.
        What certainly was not sent is not counted.
        """
        hashed = self._hash(mobile)
        windows = [
            *_sendings(f"send:{clinic}", address),
            *_sendings("send", address, SENDINGS_AT_ALL_CLINICS),
            Window(f"send:mobile:{hashed}", SENDINGS_PER_MOBILE, QUARTER),
            Window(f"send:day:{hashed}:{network(address)}", SENDINGS_OF_DAY_FROM_NETWORK, DAY),
            Window(f"send:day:{hashed}", SENDINGS_OF_DAY, DAY),
        ]
        with redis_needed("Codes are"):
            self._windows.count(windows)
            wrong = self._windows.counted(self._wary(mobile, address, clinic))
        try:
            yield _digits([each + 1 for each in wrong])
        except Unavailable:
            self._windows.take_back_if_heard(windows)
            raise

    @contextmanager
    def _counted(self, windows: Sequence[Window], forgiven: Window) -> Iterator[list[int]]:
        with redis_needed("Codes are"):
            counted = self._windows.count(windows)
        try:
            yield counted
        except WrongLogin:
            raise
        except Refusal:
            self._windows.take_back_if_heard(windows)
            raise
        self._windows.take_back_if_heard(windows, [forgiven])

    def _of_holder(self, holder: str, address: str) -> Window:
        return Window(f"guess:number:{self._hash(holder)}:{network(address)}", OF_NUMBER_IN_NETWORK, QUARTER)

    def _wary(self, mobile: str, address: str, clinic: str) -> list[Window]:
        """Return what wrong login codes are counted by, in the order of `Wary`; none of it shuts anybody out."""
        names = (f"number:{self._hash(mobile)}", f"network:{network(address)}", f"clinic:{clinic}", "everywhere")
        return [Window(f"wrong:{name}", NO_LIMIT, DAY) for name in names]

    def _hash(self, number: str) -> str:
        return keyed_hash(self._lookup_key, "limit", number)


def _windows_of(what: str, address: str, times: int = 1) -> list[Window]:
    """Return what shuts out: first the address itself, then what it shares with others; `times` as wide."""
    whose = [(f"address:{household(address)}", OF_ADDRESS), (f"network:{network(address)}", OF_NETWORK)]
    if site(address) != household(address):
        whose.insert(1, (f"site:{site(address)}", OF_SITE))
    return [Window(f"guess:{what}:{name}", times * most, QUARTER) for name, most in whose]


def _sendings(what: str, address: str, times: int = 1) -> list[Window]:
    """Return what counts the codes that are asked for from an address and its network; `times` as wide."""
    of_network = Tier(times * SENDINGS_OF_NETWORK.quarter, times * SENDINGS_OF_NETWORK.day)
    return [
        Window(f"{what}:address:{household(address)}", times * SENDINGS_PER_ADDRESS, QUARTER),
        *of_network.windows(f"{what}:network:{network(address)}"),
    ]


def _digits(wrong: Sequence[int]) -> int:
    """Return how long login codes are, given the counts of `Wary` with this try's."""
    if wrong[-1] > VERY_WARY:
        return LONGEST_DIGITS
    return LONG_DIGITS if any(count > bound for count, bound in zip(wrong, WARY, strict=True)) else DIGITS
