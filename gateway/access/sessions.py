"""Staff logins: who has proven a password, for twelve hours from last use and a day at most (C4)."""

import hashlib
import json
import secrets
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, replace
from datetime import datetime, timedelta
from typing import Any

import redis

from gateway.access.redis_needed import redis_needed
from gateway.http.devices import Device
from shared.actor import Actor
from shared.clinic_documents import revision_key
from shared.clock import Clock
from shared.contracts.errors import Forbidden, LoginRequired, Refusal
from shared.contracts.staff import revision_name

LIFETIME_SECONDS = 12 * 60 * 60
LONGEST = timedelta(hours=24)
"""When a session ends however much it is used, so that a stolen one does too."""
_TOKEN_BYTES = 32
_UNKNOWN = Device()


@dataclass(frozen=True)
class Place:
    """What somebody is at one clinic; `practitioner` is the key of their own calendar."""

    clinic: str
    role: str
    practitioner: str | None = None


@dataclass(frozen=True)
class Account:
    """Somebody who has logged in. `places` None means all clinics of the installation.

    `id` and `revision` are those of the account; the administrator of the environment has none. `two_step` says whether
    they have proven a second step.
    """

    email: str
    places: tuple[Place, ...] | None
    id: str | None = None
    revision: int = 0
    two_step: bool = False

    @property
    def role(self) -> str:
        """The highest of what they are: `administrator` where they are one anywhere."""
        roles = {"administrator"} if self.places is None else {each.role for each in self.places}
        return "administrator" if "administrator" in roles else "therapist"


@dataclass(frozen=True)
class Session:
    """A login that lasts. `id` tells sessions of an account apart; it is not the token and opens nothing."""

    id: str
    account: Account
    created_at: str
    last_used_at: str

    def actor(self, clinic: str | None, source: str) -> Actor:
        """Return the actor for calls about `clinic`; Forbidden for another's clinic.

        Where it is None, about the account itself or the installation: who works at clinics acts from their first.
        """
        account = self.account
        if account.places is None:
            return Actor("staff", account.email, account.role, source=source)
        for place in account.places:
            if clinic in (None, place.clinic):
                return Actor("staff", account.email, place.role, place.clinic, place.practitioner, source)
        raise Forbidden.because("This belongs to another clinic.")


class Sessions:
    """Sessions in Redis, under the hash of their token, so that whoever reads Redis cannot use them."""

    def __init__(self, cache: redis.Redis, clock: Clock) -> None:
        self._cache = cache
        self._clock = clock

    def start(self, account: Account, device: Device = _UNKNOWN) -> str:
        """Return the token of a new session on a device: 256 random bits, shown this once."""
        token, now = secrets.token_urlsafe(_TOKEN_BYTES), self._clock.now().isoformat()
        session = Session(secrets.token_hex(8), account, now, now)
        with redis_needed("Staff sessions are"):
            self._keep(_token_key(token), session)
            self._cache.sadd(_account_key(account.email), _token_key(token))
            self._cache.expire(_account_key(account.email), LIFETIME_SECONDS)
            self._cache.set(_device_key(session.id), json.dumps(device), ex=LONGEST)
        return token

    def open(self, token: str | None, *, prolong: bool = True) -> Session:
        """Return the session of `token` and let it last anew, until its day is over; LoginRequired where there is none.

        Without `prolong` it only looks: what a page asks by itself shows nobody at the desk.

        One that is ended at this very moment stays so: what is no longer there is not written again. An account that
        was changed since is nobody's any more: staff announces its revision before it answers.
        """
        if not token:
            raise LoginRequired.because("Log in first: POST /v1/staff/logins, then Authorization: Bearer.")
        with redis_needed("Staff sessions are"):
            found, now = self._read(_token_key(token)), self._clock.now()
            if found is None or now - datetime.fromisoformat(found.created_at) >= LONGEST:
                raise _ended()
            self._require_unchanged(found.account)
            if not prolong:
                return found
            session = replace(found, last_used_at=now.isoformat())
            if not self._keep(_token_key(token), session, only_if_there=True):
                raise _ended()
            self._cache.expire(_account_key(session.account.email), LIFETIME_SECONDS)
        return session

    def of_account(self, account: Account) -> list[Session]:
        """Return the account's sessions that still last, newest first: those of the same revision."""
        with redis_needed("Staff sessions are"):
            found = [session for _, session in self._each(account.email) if _is_of(account, session)]
        return sorted(found, key=lambda session: session.created_at, reverse=True)

    def device_of(self, session: Session) -> Device:
        """Return on what a session began; neighbours of version 0.1.0, which read sessions, too, keep nothing of it."""
        with redis_needed("Staff sessions are"):
            found: Any = self._cache.get(_device_key(session.id))
        return _UNKNOWN if found is None else Device(*json.loads(found))

    def end(self, email: str, ids: Iterable[str] | None = None) -> None:
        """End those sessions of the account, or all of them."""
        wanted = None if ids is None else set(ids)
        with redis_needed("Staff sessions are"):
            for key, session in self._each(email):
                if wanted is None or session.id in wanted:
                    self._cache.delete(key, _device_key(session.id))
                    self._cache.srem(_account_key(email), key)

    def _require_unchanged(self, account: Account) -> None:
        if account.id is not None:
            announced: Any = self._cache.get(revision_key(revision_name(account.id)))
            if announced != str(account.revision):
                raise _ended()

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
        return Session(account=_read_account(stored.pop("account")), **stored)

    def _keep(self, key: str, session: Session, *, only_if_there: bool = False) -> bool:
        kept = json.dumps({**asdict(session), "account": _written_account(session.account)})
        return bool(self._cache.set(key, kept, ex=LIFETIME_SECONDS, xx=only_if_there))


def account_of(found: Mapping[str, Any]) -> Account:
    """Return who has logged in, as staff tells it."""
    places = None if found["clinics"] is None else tuple(Place(**each) for each in found["clinics"])
    return Account(found["email"], places, found["account"], found["revision"], found["two_step"])


def _is_of(account: Account, session: Session) -> bool:
    return (session.account.id, session.account.revision) == (account.id, account.revision)


def _written_account(account: Account) -> dict[str, Any]:
    """Return what is kept of an account; the installation's administrator as gateways of version 0.1.0 read it."""
    if account.places is None:
        kept = {"email": account.email, "role": account.role, "clinics": None, "practitioner": None}
        return {**kept, "two_step": True} if account.two_step else kept
    return asdict(account)


def _read_account(kept: dict[str, Any]) -> Account:
    if "places" not in kept:
        return Account(kept["email"], None, two_step=kept.get("two_step", False))
    return Account(**{**kept, "places": tuple(Place(**each) for each in kept["places"])})


def _ended() -> Refusal:
    return LoginRequired.because("The session has ended; log in again.")


def _token_key(token: str) -> str:
    return f"frontdesk:session:{hashlib.sha256(token.encode()).hexdigest()}"


def _device_key(id: str) -> str:
    return f"frontdesk:session-device:{id}"


def _account_key(email: str) -> str:
    return f"frontdesk:sessions:{hashlib.sha256(email.strip().lower().encode()).hexdigest()}"
