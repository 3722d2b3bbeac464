"""Patients' logins: who has proven a mobile at a clinic, for 30 minutes from last use (PRODUCT B14)."""

import hashlib
import json
import secrets
from dataclasses import asdict, dataclass
from typing import Any

import redis

from gateway.access.redis_needed import redis_needed
from shared.sealed import Sealer

LIFETIME_SECONDS = 30 * 60
_TOKEN_BYTES = 32


@dataclass(frozen=True)
class PatientSession:
    """A login at `clinic`; `login` is what it has proven, sealed as services open it (`shared.actor.Actor.login`)."""

    clinic: str
    login: str


class PatientSessions:
    """Sessions in Redis, sealed and under the hash of their token: who reads Redis learns nothing and opens none."""

    def __init__(self, cache: redis.Redis, sealer: Sealer) -> None:
        self._cache = cache
        self._sealer = sealer

    def start(self, clinic: str, mobile: str, identity: dict[str, str] | None) -> str:
        """Return the token of a new session of whoever has proven `mobile` (E.164), and named the number `identity`.

        `identity` is `{scheme, number}`. The token is 256 random bits, shown this once. Raises Unavailable.
        """
        token = secrets.token_urlsafe(_TOKEN_BYTES)
        session = PatientSession(clinic, self._sealer.seal({"mobile": mobile, "identity": identity}))
        with redis_needed("Logins are"):
            self._cache.set(_key(token), json.dumps(asdict(session)), ex=LIFETIME_SECONDS)
        return token

    def open(self, token: str) -> PatientSession | None:
        """Return the session of `token` and let it last anew; None where there is none. Raises Unavailable."""
        with redis_needed("Logins are"):
            found: Any = self._cache.getex(_key(token), ex=LIFETIME_SECONDS)
        return None if found is None else PatientSession(**json.loads(found))

    def end(self, token: str) -> None:
        """End the session of `token`, if there is one. Raises Unavailable."""
        with redis_needed("Logins are"):
            self._cache.delete(_key(token))


def _key(token: str) -> str:
    return f"frontdesk:patient-session:{hashlib.sha256(token.encode()).hexdigest()}"
