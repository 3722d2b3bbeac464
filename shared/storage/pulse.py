"""Whether anything has changed at a clinic since somebody looked: one value in Redis, another after each change.

Who shows a clinic's day compares marks and asks nobody while they are the same. A mark means nothing but that: it is
random, so that a Redis which has forgotten all of them begins with new ones.
"""

import logging
import secrets
from collections.abc import Collection
from typing import Any

import redis

from shared.clinic_documents import revision_key

_log = logging.getLogger(__name__)
_MARK_BYTES = 6


class Pulse:
    """The clinics' marks. Without Redis nobody hears of changes, and whoever looks asks for all of it."""

    def __init__(self, client: redis.Redis) -> None:
        self._client = client

    def beat(self, clinics: Collection[str]) -> None:
        """Let everybody see that something has changed at these clinics, in one step; after the commit."""
        if not clinics:
            return
        mark = secrets.token_hex(_MARK_BYTES)
        try:
            self._client.mset({_key(clinic): mark for clinic in clinics})
        except redis.RedisError:
            _log.warning("Redis does not answer: changes are seen when they are looked for anew")

    def mark(self, clinic: str) -> str | None:
        """Return what stands for the clinic as it is now: its document's revision, and its changes; None for nothing.

        None means that nobody knows, and not that nothing has changed.
        """
        try:
            found: Any = self._client.mget([revision_key(clinic), _key(clinic)])
        except redis.RedisError:
            return None
        return f"{found[0] or 0}-{found[1] or 0}"


def _key(clinic: str) -> str:
    return f"frontdesk:pulse:{clinic}"
