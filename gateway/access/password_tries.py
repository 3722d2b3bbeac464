"""How often staff's passwords may be tried: by address, network and account, and so that no owner is shut out."""

import hashlib
from collections.abc import Iterator
from contextlib import contextmanager
from typing import NamedTuple

import redis

from gateway.access.redis_needed import redis_needed
from gateway.access.windows import DAY, NO_LIMIT, QUARTER, Tier, Window, Windows
from gateway.http.proxies import household, network, site
from shared.contracts.errors import Refusal, WrongLogin

FAILURES_OF_ADDRESS, FAILURES_OF_SITE, FAILURES_OF_NETWORK = 30, 60, 120
"""In a quarter of an hour, whatever the account: from an address (of IPv6 its /64), a /56, a network (/24, /48)."""

FAILURES_OF_ACCOUNT = 10
OF_ACCOUNT_IN_SITE, OF_ACCOUNT_IN_NETWORK = Tier(20, 60), Tier(40, 100)
OF_ACCOUNT_ANYWHERE = 200
"""Of one account: in a quarter from an address; from a /56 and a network; in a day from everywhere together."""

WRONG_CODES = 30
"""Wrong codes of an account's app in a day: at logins, from everywhere together, and as many by its open sessions.

Whoever makes those at logins has the password, and those by a session has found it open or is its owner; neither shall
have a chance at six digits, or spend the other's tries. A recovery code is beyond guessing and always looked at."""

KNOWN_SECONDS = 30 * DAY
"""For so long an address is the owner's to whom it let in, after each login."""


_DIGITS_OF_APP = 6


class Code(NamedTuple):
    """A second step as it is typed: at a login, or `inside`, by a session that is open."""

    typed: str
    inside: bool = False

    @property
    def is_long(self) -> bool:
        """Tell whether it has more signs than an app shows, and so is at best a recovery code."""
        return sum(map(str.isalnum, self.typed)) > _DIGITS_OF_APP


class PasswordTries:
    """Counts failed logins in Redis. Without it nobody logs in: guessing must not become free.

    What many share would let strangers shut an account's owner out. So an address from which the account has logged in
    within thirty days is held to its own failures alone, and neither to its network's nor to those of all the world.
    """

    def __init__(self, cache: redis.Redis) -> None:
        self._windows = Windows(cache)

    @contextmanager
    def counted(self, account: str, address: str, code: Code | None = None) -> Iterator[None]:
        """Count what is within as a failed try at an account, before it is made; what comes of it says what stays.

        A right one forgives those before it. Wrong codes of an app count for the account from wherever they come. What
        was not looked at, or failed for another reason, is taken back. Raises RateLimited.
        """
        self.count(account, address, code)
        try:
            yield
        except WrongLogin as wrong:
            if code is not None and wrong.extra.get("step") == "code":
                self.count_code(account, code)
            raise
        except Refusal:
            self.take_back(account, address)
            raise
        self.forgive(account, address, code)

    def count(self, account: str, address: str, code: Code | None = None) -> None:
        """Count a try as failed before it is checked, so that many at once do not slip through together.

        An app's `code` is let through only while there are wrong ones left of its kind (`count_code`).
        Raises RateLimited where it is one too many; Unavailable without Redis.
        """
        codes = [] if code is None or code.is_long else [_codes_of(account, code.inside).looked_at()]
        with redis_needed("Logins are"):
            self._windows.count([*codes, *_windows_of(account, address)])

    def forgive(self, account: str, address: str, code: Code | None = None) -> None:
        """Forget the failures of an account from an address: its owner has just proven who they are there.

        Of all that others share only this try: who knows one password may still be trying others. A recovery code makes
        wrong codes forgotten, too. Raises Unavailable.
        """
        own, *shared = _windows_of(account, address)
        of_account = _of_account(account, address)
        others = [each for each in (own, *shared) if each != of_account]
        codes = [_codes_of(account, inside) for inside in (False, True) if code is not None and code.is_long]
        with redis_needed("Logins are"):
            self._windows.take_back(others, forgiven=[of_account, *codes], noted=_known(account, address))

    def count_code(self, account: str, code: Code) -> None:
        """Count a wrong second step of an app."""
        if not code.is_long:
            with redis_needed("Logins are"):
                self._windows.count([_codes_of(account, code.inside)._replace(limit=NO_LIMIT)])

    def forgive_codes(self, account: str) -> None:
        """Forget the wrong codes at logins, once in a day: who made them has the password no more, which is another.

        Not oftener, or who reads somebody's mail would win tries by it. Where Redis fails they stay counted, which is
        only stricter.
        """
        once = Window(f"login:{_hashed(account)}:codes:forgiven", 1, DAY)
        if self._windows.counts_if_heard([once]):
            self._windows.take_back_if_heard((), forgiven=[_codes_of(account, inside=False)])

    def take_back(self, account: str, address: str) -> None:
        """Uncount a try at which nobody has looked: who cannot be asked must not shut anybody out."""
        self._windows.take_back_if_heard(_windows_of(account, address))


def _windows_of(account: str, address: str) -> list[Window]:
    """Return what shuts out: the address's own first, then what it shares with others unless it is known."""
    known = _known(account, address).key
    whose, around, home = _hashed(account), network(address), household(address)
    shared = [
        Window(f"login:network:{around}", FAILURES_OF_NETWORK, QUARTER),
        *OF_ACCOUNT_IN_NETWORK.windows(f"login:{whose}:network:{around}"),
        Window(f"login:{whose}:day", OF_ACCOUNT_ANYWHERE, DAY),
    ]
    if site(address) != home:
        shared[:0] = [
            Window(f"login:site:{site(address)}", FAILURES_OF_SITE, QUARTER),
            *OF_ACCOUNT_IN_SITE.windows(f"login:{whose}:site:{site(address)}"),
        ]
    return [
        Window(f"login:address:{home}", FAILURES_OF_ADDRESS, QUARTER),
        _of_account(account, address),
        *(each._replace(unless=known) for each in shared),
    ]


def _of_account(account: str, address: str) -> Window:
    return Window(f"login:{_hashed(account)}:{household(address)}", FAILURES_OF_ACCOUNT, QUARTER)


def _codes_of(account: str, inside: bool) -> Window:
    where = "codes:inside" if inside else "codes"
    return Window(f"login:{_hashed(account)}:{where}", WRONG_CODES, DAY)


def _known(account: str, address: str) -> Window:
    return Window(f"login:known:{_hashed(account)}:{household(address)}", 0, KNOWN_SECONDS)


def _hashed(account: str) -> str:
    """Return what stands for an account's email in a key: keys show up in monitoring.

    It is folded as staff folds it (`email_key`): each spelling that opens the account counts as the account.
    """
    return hashlib.sha256(account.strip().casefold().encode()).hexdigest()[:32]
