"""Logins that want their second step: what was proven waits, so that nobody types their password twice."""

import hashlib
import secrets
from typing import Any, NamedTuple

import redis
from werkzeug.wrappers import Response

from gateway.access.redis_needed import redis_needed
from gateway.http.request import Request
from shared.sealed import Sealer, Unsealable

COOKIE = "__Host-second-step"
SECONDS = 5 * 60
"""For so long somebody may look for their telephone."""


class Proven(NamedTuple):
    """What somebody has typed rightly, to be given once more with the code."""

    email: str
    password: str


class HalfLogins:
    """In Redis, sealed, each under the hash of what only the browser has that it came from."""

    def __init__(self, cache: redis.Redis, sealer: Sealer) -> None:
        self._cache = cache
        self._sealer = sealer

    def keep(self, response: Response, proven: Proven) -> Response:
        """Return the response with the cookie that opens what is kept from now on; raise Unavailable without Redis."""
        token = secrets.token_urlsafe(32)
        with redis_needed("Logins are"):
            self._cache.set(_key(token), self._sealer.seal(proven._asdict()), ex=SECONDS)
        response.set_cookie(COOKIE, token, max_age=SECONDS, secure=True, httponly=True, samesite="Lax")
        return response

    def find(self, request: Request) -> Proven | None:
        """Return what the browser's owner has proven; None where that is over, or never was."""
        token = request.cookies.get(COOKIE)
        if not token:
            return None
        with redis_needed("Logins are"):
            sealed: Any = self._cache.get(_key(token))
        try:
            return None if sealed is None else Proven(**self._sealer.open(sealed))
        except Unsealable:
            return None

    def drop(self, request: Request, response: Response) -> Response:
        """Return the response that takes the cookie away; what it opened is gone."""
        if token := request.cookies.get(COOKIE):
            with redis_needed("Logins are"):
                self._cache.delete(_key(token))
            response.delete_cookie(COOKIE, secure=True, httponly=True, samesite="Lax")
        return response


def _key(token: str) -> str:
    return f"frontdesk:second-step:{hashlib.sha256(token.encode()).hexdigest()}"
