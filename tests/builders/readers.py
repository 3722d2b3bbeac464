"""Programs outside that read persons in events, and how they open what is sealed for them (ADR 57)."""

from typing import Any

import orjson
from joserfc import jwe
from joserfc.jwk import OctKey

from shared.environment.event_readers import EventReader

ONE, TWO = bytes([1]) * 32, bytes([2]) * 32


def a_reader(
    *keys: bytes, clinic: str = "solna", events: tuple[str, ...] = ("BookingCreated",), fields: tuple[str, ...]
) -> EventReader:
    """Return a reader of fields, in events of one clinic."""
    return EventReader(keys or (ONE,), frozenset({clinic}), frozenset(events), frozenset(fields))


def opened_by(key: bytes, text: str) -> tuple[dict[str, Any], Any]:
    """Return header and content of a text that a key opens, by a library that knows nothing of Frontdesk."""
    opened = jwe.decrypt_compact(text, OctKey.import_key(key), algorithms=["dir", "A256GCM"])
    return dict(opened.headers()), orjson.loads(opened.plaintext or b"")
