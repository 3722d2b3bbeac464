"""Patients' logins: who has proven a mobile at a clinic, for 30 minutes from last use and 12 hours at most (B14)."""

import hashlib
import json
import re
import secrets
from dataclasses import asdict, dataclass
from typing import Any

import redis

from gateway.access.redis_needed import redis_needed
from shared.clock import Clock
from shared.sealed import Sealer

LIFETIME_SECONDS = 30 * 60
LONGEST_SECONDS = 12 * 60 * 60
"""After so long a session ends however much it is used, so that a stolen one does too."""
_TOKEN_BYTES = 32
_BEGAN = re.compile(r"\.([0-9]{1,12})\Z")


@dataclass(frozen=True)
class PatientSession:
    """A login at `clinic`; `login` is what it has proven, sealed as services open it (`shared.actor.Actor.login`)."""

    clinic: str
    login: str


class PatientSessions:
    """Sessions in Redis, sealed and under the hash of their token: who reads Redis learns nothing and opens none."""

    def __init__(self, cache: redis.Redis, sealer: Sealer, clock: Clock) -> None:
        self._cache = cache
        self._sealer = sealer
        self._clock = clock

    def start(self, clinic: str, mobile: str, identity: dict[str, str] | None) -> str:
        """Return the token of a new session of whoever has proven `mobile` (E.164), and named the number `identity`.

        `identity` is `{scheme, number}`. The token is 256 random bits, shown this once, and says when it began: it
        opens nothing once that is changed. Raises Unavailable.
        """
        token = f"{secrets.token_urlsafe(_TOKEN_BYTES)}.{int(self._clock.now().timestamp())}"
        session = PatientSession(clinic, self._sealer.seal({"mobile": mobile, "identity": identity}))
        with redis_needed("Logins are"):
            self._cache.set(_key(token), json.dumps(asdict(session)), ex=LIFETIME_SECONDS)
        return token

    def open(self, token: str) -> PatientSession | None:
        """Return the session of `token` and let it last anew, to its end at most; None where there is none (any more).

        One of version 0.1.0, whose token does not say when it began, lasts no longer than it does. Raises Unavailable.
        """
        began = _began(token)
        left = None if began is None else began + LONGEST_SECONDS - self._clock.now().timestamp()
        if left is not None and left < 1:
            return None
        with redis_needed("Logins are"):
            lasting = None if left is None else min(LIFETIME_SECONDS, int(left))
            found: Any = self._cache.getex(_key(token), ex=lasting)
        return None if found is None else PatientSession(**json.loads(found))

    def end(self, token: str) -> None:
        """End the session of `token`, if there is one. Raises Unavailable."""
        with redis_needed("Logins are"):
            self._cache.delete(_key(token))


def _began(token: str) -> int | None:
    """Return when a session began, in seconds of 1970, as its token says; None where it does not."""
    stamp = _BEGAN.search(token)
    return int(stamp[1]) if stamp else None


def _key(token: str) -> str:
    return f"frontdesk:patient-session:{hashlib.sha256(token.encode()).hexdigest()}"
