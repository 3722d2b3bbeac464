"""What a patient has typed and proven on the way, kept for them while they book (ADR 29)."""

import hashlib
import hmac
import logging
from collections.abc import Mapping
from typing import Any

import redis

from shared.sealed import Sealer, Unsealable

LIFETIME_SECONDS = 15 * 60
_MOST_BYTES = 64 * 1024
"""No form of ours comes near; what is larger travels with the page."""

_log = logging.getLogger(__name__)

Parts = Mapping[str, Mapping[str, str]]


class Drafts:
    """Drafts in Redis, sealed, each under the mark of its visit; only who has the visit's secret opens one.

    Where Redis does not answer nothing is kept: then the pages carry it.
    """

    def __init__(self, cache: redis.Redis, sealer: Sealer) -> None:
        self._cache = cache
        self._sealer = sealer

    def keep(self, visit: str, secret: str, parts: Parts, seconds: int = 0) -> bool:
        """Keep the parts of a draft for 15 minutes, or for so many `seconds` where that is longer.

        Return whether they are kept: never in the place of a draft that has another secret.
        """
        sealed = self._sealer.seal({"secret": _hash(secret), "parts": parts})
        if len(sealed) > _MOST_BYTES:
            return False
        try:
            found = self._found(visit)
            if found is not None and not _opens(found, secret):
                return False
            self._cache.set(_key(visit), sealed, ex=max(seconds, LIFETIME_SECONDS))
        except redis.RedisError:
            _log.warning("Redis does not answer: a draft travels with its pages")
            return False
        return True

    def open(self, visit: str, secret: str) -> Parts | None:
        """Return the parts of a visit's draft; None where there is none (any more), or it is somebody else's."""
        try:
            found = self._found(visit)
        except redis.RedisError:
            _log.warning("Redis does not answer: a draft cannot be opened")
            return None
        if found is None or not _opens(found, secret):
            return None
        parts: Parts = found["parts"]
        return parts

    def _found(self, visit: str) -> dict[str, Any] | None:
        sealed: Any = self._cache.get(_key(visit))
        try:
            return None if sealed is None else self._sealer.open(sealed)
        except Unsealable:
            return None


def _opens(found: Mapping[str, Any], secret: str) -> bool:
    return hmac.compare_digest(found["secret"], _hash(secret))


def _hash(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()


def _key(visit: str) -> str:
    return f"frontdesk:draft:{_hash(visit)}"
