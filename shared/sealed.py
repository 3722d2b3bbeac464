"""Personal data under lock: AES-GCM with rotatable keys, and keyed hashes to look numbers up by (DESIGN rule 9)."""

import base64
import hashlib
import hmac
import os
from typing import Any

import orjson
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

_NOT_IN_NAMES = frozenset('."\\')
"""The first ends a name; JSON writes the others otherwise, so that what is sealed would not be found by its key."""

KEY_BYTES = 32
"""How long keys are: as long as what SHA-256 makes of them, which nobody can go through."""


_TAG_BYTES = 16
_KEY_ID = 8


class Unsealable(ValueError):
    """A sealed text that none of the accepted keys opens, or that was changed on the way."""


class UnknownKey(Unsealable):
    """A text that is sealed with a key which is not here: it may come."""


class Sealer:
    """Seals JSON values with the first of its keys and opens them with any.

    Keys come as `name:base64` pairs, comma separated, 32 bytes each, newest first; the name travels with the text.
    Anything else raises ValueError, which does not repeat the key.
    """

    def __init__(self, keys: str) -> None:
        self._keys = {name: AESGCM(raw) for name, raw in read_keys(keys).items()}
        self._newest = next(iter(self._keys))

    def seal(self, value: Any) -> str:
        """Return `value` (plain JSON) as an opaque ASCII text."""
        nonce = os.urandom(12)
        body = nonce + self._keys[self._newest].encrypt(nonce, orjson.dumps(value), self._newest.encode())
        return f"{self._newest}.{base64.urlsafe_b64encode(body).decode()}"

    def open(self, sealed: str) -> Any:
        """Return the value; raise UnknownKey where its key is not here, Unsealable where it was tampered with."""
        name, _, body = sealed.partition(".")
        if name not in self._keys:
            raise UnknownKey(f"sealed with the key {name!r}, which is not among the accepted ones")
        try:
            raw = base64.urlsafe_b64decode(body)
            return orjson.loads(self._keys[name].decrypt(raw[:12], raw[12:], name.encode()))
        except (InvalidTag, ValueError) as broken:
            raise Unsealable("the sealed text is damaged") from broken


class KeyHolder:
    """Somebody outside the house for whom JSON values are sealed, in a form that libraries of any language open.

    That is JWE in its compact form (RFC 7516): `alg` is `dir`, `enc` is `A256GCM`, `kid` the beginning of the key's
    SHA-256 in hexadecimal.
    """

    def __init__(self, key: bytes) -> None:
        self._key = AESGCM(key)
        header = {"alg": "dir", "enc": "A256GCM", "kid": hashlib.sha256(key).hexdigest()[:_KEY_ID]}
        self._header = _unpadded(orjson.dumps(header))

    def seal(self, value: Any) -> str:
        """Return `value` (plain JSON) as an ASCII text that only who has the key opens."""
        nonce = os.urandom(12)
        sealed = self._key.encrypt(nonce, orjson.dumps(value), self._header)
        parts = (self._header, b"", _unpadded(nonce), _unpadded(sealed[:-_TAG_BYTES]), _unpadded(sealed[-_TAG_BYTES:]))
        return b".".join(parts).decode()


def read_keys(keys: str) -> dict[str, bytes]:
    """Return the keys of a comma separated list of `name:base64`, by name and in its order, which is newest first.

    Raises ValueError, which repeats no key, where there is none, or one is not 32 bytes.
    """
    found = dict(_read_key(pair.strip()) for pair in filter(None, keys.split(",")))
    if not found:
        raise ValueError("no key given; `frontdesk keys` makes one")
    return found


def require_long(what: str, key: str) -> None:
    """Raise ValueError, which does not repeat it, where the key of an HMAC is short enough to be guessed."""
    if len(key.encode()) < KEY_BYTES:
        raise ValueError(f"{what} must have {KEY_BYTES} characters or more; `frontdesk keys` makes such keys.")


def _unpadded(raw: bytes) -> bytes:
    return base64.urlsafe_b64encode(raw).rstrip(b"=")


def _read_key(pair: str) -> tuple[str, bytes]:
    name, _, secret = pair.partition(":")
    try:
        raw = base64.b64decode(secret, validate=True)
    except ValueError:
        raw = b""
    is_name = name.isascii() and name.isprintable() and not _NOT_IN_NAMES & set(name)
    if not name or not is_name or len(raw) != KEY_BYTES:
        raise ValueError("a key is written name:base64 of 32 bytes; `frontdesk keys` makes one")
    return name, raw


def keyed_hash(key: str, *parts: str) -> str:
    """Return the hex HMAC-SHA256 of `parts` under `key`, for looking a number up without storing it."""
    return hmac.digest(key.encode(), "\x1f".join(parts).encode(), "sha256").hex()
