"""Persons in events, by the tool's own key of a reader. This module alone needs the library `cryptography`.

What is sealed for a reader is a JWE (RFC 7516) in compact form, `dir` and `A256GCM`, whose `kid` names the key.
"""

from __future__ import annotations

import base64
import hashlib
import json
from typing import Any

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

_KEY_BYTES = 32


class NotOpened(Exception):
    """Something is sealed for this reader, and with none of its keys: it has the wrong one, or not yet the new one."""


class Persons:
    """Opens what is sealed for the reader `name`, who has one key, or two while it is replaced."""

    def __init__(self, name: str, *keys: str) -> None:
        """Raises ValueError where a key is none."""
        self._name = name
        self._keys = {hashlib.sha256(key).hexdigest()[:8]: AESGCM(key) for key in map(_key, keys)}
        if not keys:
            raise ValueError("Give the reader's key; two while it is replaced.")

    def of(self, event: dict[str, Any]) -> dict[str, Any] | None:
        """Return the person of an event as far as this reader may know them; None where it may know nobody there.

        Raises NotOpened.
        """
        texts = event.get("readers", {}).get(self._name, [])
        for text in texts:
            header, _, nonce, sealed, tag = text.split(".")
            key = self._keys.get(json.loads(_raw(header))["kid"])
            if key is not None:
                return self._opened(event["id"], key, header, _raw(nonce), _raw(sealed) + _raw(tag))
        if texts:
            raise NotOpened(f"Event {event['id']} is sealed for {self._name} with other keys.")
        return None

    def _opened(self, event_id: str, key: AESGCM, header: str, nonce: bytes, sealed: bytes) -> dict[str, Any]:
        try:
            content = json.loads(key.decrypt(nonce, sealed, header.encode()))
        except InvalidTag as changed:
            raise NotOpened(f"What is sealed in event {event_id} was changed on the way.") from changed
        if content["event"] != event_id:
            raise NotOpened(f"Event {event_id} holds what belongs to another one.")
        person: dict[str, Any] = content["person"]
        return person


def _key(text: str) -> bytes:
    """Return a key as it is used; the one in question is not repeated in what is raised."""
    try:
        key = _raw(text)
    except ValueError:
        key = b""
    if len(key) != _KEY_BYTES:
        raise ValueError("A reader's key is 32 bytes as base64url, 43 characters: take it as it was given to you.")
    return key


def _raw(text: str) -> bytes:
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
