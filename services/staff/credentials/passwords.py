"""Passwords: Argon2id, worked out apart from all else, and no more than two at a time (PRODUCT C4)."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Self

from argon2 import PasswordHasher
from argon2.exceptions import VerificationError
from eventlet import tpool
from eventlet.semaphore import Semaphore

from services.staff.model.accounts import email_key
from shared.contracts.errors import Unavailable
from shared.settings import Settings

_HASHERS = 2
"""How many passwords are looked at side by side, so that many wrong ones leave processors to others."""

_WAITING = 50
"""How many wait for their turn, about a second; one more is refused at once, where all would come too late."""

_THREADS = 4
"""As the gateway has them, where both share a process. Each that has seen a password keeps its 19 MB."""

RunApart = Callable[..., Any]
"""Calls a function with arguments, where it may take its 20 ms without stopping others."""


class Passwords:
    """Hashes and compares passwords; `run_apart` where that stops nobody else.

    Raises Unavailable where so many wait already that it would be too late.
    """

    def __init__(self, run_apart: RunApart, hasher: PasswordHasher | None = None) -> None:
        self._hasher = hasher or _by_owasps_minimum()
        self._run_apart = run_apart
        self._nobodys = self._hasher.hash("nobody's")

    @classmethod
    def of_process(cls, _settings: Settings) -> Self:
        """Return those of a process on eventlet, whose other work goes on meanwhile."""
        tpool.set_num_threads(_THREADS)
        return cls(in_turn(tpool.execute))

    def hash(self, password: str) -> str:
        """Return what is kept of a password."""
        hashed: str = self._run_apart(self._hasher.hash, password)
        return hashed

    def matches(self, hashed: str | None, password: str) -> bool:
        """Tell whether `password` is the one that was hashed; where there is none (None), after the same time."""
        found: bool = self._run_apart(self._matches, hashed or self._nobodys, password)
        return found and hashed is not None

    def _matches(self, hashed: str, password: str) -> bool:
        try:
            return self._hasher.verify(hashed, password)
        except VerificationError:
            return False


def in_turn(run: RunApart) -> RunApart:
    """Return what runs functions by `run`, two at a time while others wait; of too many the last raise Unavailable."""
    hashing = Semaphore(_HASHERS)

    def run_in_turn(function: Callable[..., Any], *arguments: Any) -> Any:
        if hashing.balance <= -_WAITING:
            raise Unavailable.because("Too many are logging in at this moment.")
        with hashing:
            return run(function, *arguments)

    return run_in_turn


@dataclass(frozen=True)
class Installer:
    """The installation's administrator, from `FRONTDESK_ADMIN_EMAIL` and `FRONTDESK_ADMIN_PASSWORD`.

    `password_hash` is None where no password is set: then nobody logs in as them.
    """

    email: str
    password_hash: str | None = field(repr=False)

    @classmethod
    def from_settings(cls, settings: Settings) -> Self:
        """Return them; the password is hashed, which takes a moment, so that it is compared as all others are."""
        password = settings.admin_password
        return cls(settings.admin_email.strip(), _by_owasps_minimum().hash(password) if password else None)

    def has(self, email: str) -> bool:
        """Tell whether an address is theirs."""
        return email_key(email) == email_key(self.email)


def _by_owasps_minimum() -> PasswordHasher:
    """Return what hashes with 19 MiB in two passes (OWASP, Password Storage Cheat Sheet)."""
    return PasswordHasher(time_cost=2, memory_cost=19 * 1024, parallelism=1)
