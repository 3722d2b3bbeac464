"""Staff logins: who has proven a password, for twelve hours from last use and a day at most (C4)."""

import hashlib
import json
import secrets
from collections.abc import Callable, Iterable
from dataclasses import asdict, dataclass, replace
from datetime import datetime, timedelta
from typing import Any

import redis
from argon2 import PasswordHasher
from argon2.exceptions import VerificationError

from gateway.access.redis_needed import redis_needed
from shared.actor import Actor
from shared.clock import Clock
from shared.contracts.errors import Forbidden, LoginRequired, Refusal, WrongLogin

LIFETIME_SECONDS = 12 * 60 * 60
LONGEST = timedelta(hours=24)
"""When a session ends however much it is used, so that a stolen one does too."""
_TOKEN_BYTES = 32


@dataclass(frozen=True)
class Account:
    """Somebody who may log in. `clinics` None means all of the installation."""

    email: str
    role: str
    clinics: tuple[str, ...] | None
    practitioner: str | None = None


@dataclass(frozen=True)
class Session:
    """A login that lasts. `id` tells sessions of an account apart; it is not the token and opens nothing."""

    id: str
    account: Account
    created_at: str
    last_used_at: str

    def actor(self, clinic: str | None, source: str) -> Actor:
        """Return the actor for calls about `clinic` (None: the installation); Forbidden for another's clinic."""
        account = self.account
        if account.clinics is None:
            clinic = None
        elif clinic is None or clinic not in account.clinics:
            raise Forbidden.because("This belongs to another clinic.")
        return Actor("staff", account.email, account.role, clinic, account.practitioner, source)


class Accounts:
    """The installation's administrator, from `FRONTDESK_ADMIN_EMAIL` and `FRONTDESK_ADMIN_PASSWORD`."""

    def __init__(
        self,
        admin_email: str,
        admin_password: str,
        run_apart: Callable[..., Any],
        hasher: PasswordHasher | None = None,
    ) -> None:
        """Hash the password once, by OWASP's minimum unless a `hasher` is given.

        `run_apart` calls a function where it may take its 20 ms without stopping others.
        """
        self._hasher = hasher or PasswordHasher(time_cost=2, memory_cost=19 * 1024, parallelism=1)
        self._run_apart = run_apart
        self._admin = Account(admin_email, "administrator", None)
        self._nobody = self._hasher.hash(secrets.token_hex())
        self._hash = self._hasher.hash(admin_password) if admin_password else self._nobody

    def verify(self, email: str, password: str) -> Account:
        """Return the account whose password this is; WrongLogin else, after the same time for unknown names."""
        known = email.strip().lower() == self._admin.email.strip().lower()
        if not self._run_apart(self._matches, self._hash if known else self._nobody, password) or not known:
            raise WrongLogin.because("The email or the password is wrong.")
        return self._admin

    def _matches(self, hashed: str, password: str) -> bool:
        try:
            return self._hasher.verify(hashed, password)
        except VerificationError:
            return False


class Sessions:
    """Sessions in Redis, under the hash of their token, so that whoever reads Redis cannot use them."""

    def __init__(self, cache: redis.Redis, clock: Clock) -> None:
        self._cache = cache
        self._clock = clock

    def start(self, account: Account) -> str:
        """Return the token of a new session: 256 random bits, shown this once."""
        token, now = secrets.token_urlsafe(_TOKEN_BYTES), self._clock.now().isoformat()
        session = Session(secrets.token_hex(8), account, now, now)
        with redis_needed("Staff sessions are"):
            self._keep(_token_key(token), session)
            self._cache.sadd(_account_key(account.email), _token_key(token))
            self._cache.expire(_account_key(account.email), LIFETIME_SECONDS)
        return token

    def open(self, token: str | None) -> Session:
        """Return the session of `token` and let it last anew, until its day is over; LoginRequired where there is none.

        One that is ended at this very moment stays so: what is no longer there is not written again.
        """
        if not token:
            raise LoginRequired.because("Log in first: POST /v1/staff/logins, then Authorization: Bearer.")
        with redis_needed("Staff sessions are"):
            found, now = self._read(_token_key(token)), self._clock.now()
            if found is None or now - datetime.fromisoformat(found.created_at) >= LONGEST:
                raise _ended()
            session = replace(found, last_used_at=now.isoformat())
            if not self._keep(_token_key(token), session, only_if_there=True):
                raise _ended()
            self._cache.expire(_account_key(session.account.email), LIFETIME_SECONDS)
        return session

    def of_account(self, email: str) -> list[Session]:
        """Return the account's sessions that still last, newest first."""
        with redis_needed("Staff sessions are"):
            found = [session for _, session in self._each(email)]
        return sorted(found, key=lambda session: session.created_at, reverse=True)

    def end(self, email: str, ids: Iterable[str] | None = None) -> None:
        """End those sessions of the account, or all of them."""
        wanted = None if ids is None else set(ids)
        with redis_needed("Staff sessions are"):
            for key, session in self._each(email):
                if wanted is None or session.id in wanted:
                    self._cache.delete(key)
                    self._cache.srem(_account_key(email), key)

    def _each(self, email: str) -> Iterable[tuple[str, Session]]:
        members: Any = self._cache.smembers(_account_key(email))
        for key in members:
            session = self._read(key)
            if session is None:
                self._cache.srem(_account_key(email), key)
            else:
                yield key, session

    def _read(self, key: str) -> Session | None:
        found: Any = self._cache.get(key)
        if found is None:
            return None
        stored = json.loads(found)
        account = stored.pop("account")
        clinics = account.pop("clinics")
        return Session(account=Account(clinics=None if clinics is None else tuple(clinics), **account), **stored)

    def _keep(self, key: str, session: Session, *, only_if_there: bool = False) -> bool:
        return bool(self._cache.set(key, json.dumps(asdict(session)), ex=LIFETIME_SECONDS, xx=only_if_there))


def _ended() -> Refusal:
    return LoginRequired.because("The session has ended; log in again.")


def _token_key(token: str) -> str:
    return f"frontdesk:session:{hashlib.sha256(token.encode()).hexdigest()}"


def _account_key(email: str) -> str:
    return f"frontdesk:sessions:{hashlib.sha256(email.strip().lower().encode()).hexdigest()}"
