"""Who published an event: its source signs it, and who is to act on it looks at the signature first.

Whoever may publish on the broker can put a message into any queue; only who has the installation's keys can sign one.
Each source signs with a key of its own, made of the installation's; what is signed is the type with the body, so that
an event proves nothing in the queue of another type.
"""

import hmac

from shared.sealed import read_keys
from shared.settings import Settings

SIGNATURE = "frontdesk.signature"
"""The header in which it travels: `key.mac`, the mac in hexadecimal. It goes with all retries and replays."""


class Unproven(Exception):
    """An event whose source is not proven: no later attempt makes it so."""


class Signatures:
    """Signs with the newest of `name:base64` keys, and accepts any of them.

    Where they `accept_unsigned`, an event without a signature is taken for what it says; one with a wrong one never.
    """

    def __init__(self, keys: str, *, accept_unsigned: bool = False) -> None:
        self._keys = read_keys(keys)
        self._newest = next(iter(self._keys))
        self._accept_unsigned = accept_unsigned
        self._of_sources: dict[tuple[str, str], bytes] = {}

    @classmethod
    def from_settings(cls, settings: Settings) -> "Signatures":
        """Return the installation's.

        The bus inside the process has no other publishers; what it keeps unsigned are dead letters of version 0.1.0.
        """
        accept_unsigned = settings.embedded or settings.accept_unsigned_events
        return cls(settings.event_signing_keys, accept_unsigned=accept_unsigned)

    def of(self, source: str, type: str, body: bytes) -> str:
        """Return the signature of an event that the service `source` publishes."""
        return f"{self._newest}.{self._mac(self._newest, source, type, body)}"

    def check(self, source: str, type: str, body: bytes, signature: object) -> None:
        """Raise Unproven, with the reason, where `source` did not publish this body as an event of that type."""
        if signature is None:
            if not self._accept_unsigned:
                raise Unproven(f"no signature of {source}")
            return
        key, _, mac = signature.partition(".") if isinstance(signature, str) else ("", "", "")
        if key not in self._keys:
            raise Unproven(f"signed with a key that is not accepted here, as if by {source}")
        if not mac.isascii() or not hmac.compare_digest(mac, self._mac(key, source, type, body)):
            raise Unproven(f"the signature is not that of {source} for this {type}")

    def _mac(self, key: str, source: str, type: str, body: bytes) -> str:
        return hmac.digest(self._key_of(source, key), type.encode() + b"\0" + body, "sha256").hex()

    def _key_of(self, source: str, key: str) -> bytes:
        found = self._of_sources.get((key, source))
        if found is None:
            made = hmac.digest(self._keys[key], f"events of {source}".encode(), "sha256")
            found = self._of_sources[key, source] = made
        return found
