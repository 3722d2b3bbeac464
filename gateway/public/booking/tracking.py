"""Conversion tracking (B17): addresses of the clinic's own that the patient's browser loads as images, once each.

Nothing of ours is added to them, so that they carry no personal data; the server itself fetches nothing.
"""

import logging
from collections.abc import Mapping
from typing import Literal
from urllib.parse import urlsplit

import redis

_log = logging.getLogger(__name__)

Kind = Literal["visit", "completed"]

_REMEMBERED_SECONDS = 2 * 24 * 60 * 60
"""Longer than a page stays open, and than a repeated submit gets its first answer again (CONTRACTS 2)."""


class Tracking:
    """The clinic's tracking addresses, and which of them have been handed out already."""

    def __init__(self, addresses: Mapping[str, str | None], cache: redis.Redis) -> None:
        self._addresses = addresses
        self._cache = cache

    def wants(self, kind: Kind) -> bool:
        """Tell whether the clinic has set an address for this."""
        return bool(self._addresses[kind])

    def image(self, kind: Kind, subject: str) -> str | None:
        """Return the address that a page about `subject` loads; None where none is set, and from the second time on.

        `subject` is a visit's mark or a booking's reference. Without Redis nothing is counted: twice is worse.
        """
        address = self._addresses[kind]
        if not address or not subject:
            return None
        try:
            first = self._cache.set(f"frontdesk:tracked:{kind}:{subject}", "1", nx=True, ex=_REMEMBERED_SECONDS)
        except redis.RedisError:
            _log.warning("Redis does not answer: a %s is not tracked", kind)
            return None
        return address if first else None


def origin_of(address: str) -> str:
    """Return the origin that a page's policy lets images come from."""
    parts = urlsplit(address)
    port = f":{parts.port}" if parts.port else ""
    return f"{parts.scheme}://{parts.hostname}{port}"
