"""What identifies a call that may be repeated: its `Idempotency-Key`, and what came with it (PRODUCT B13)."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Self

from shared.contracts.errors import Invalid
from shared.sealed import keyed_hash

KEPT = timedelta(hours=24)
LONGEST_KEY = 200


@dataclass(frozen=True)
class Keyed:
    """An `Idempotency-Key` and the keyed hash of the body that came with it; personal data is not kept.

    `other_hashes` are those of the same body by keys that are being replaced: they end with what is kept of repeats.
    """

    key: str
    body_hash: str
    other_hashes: tuple[str, ...] = ()

    @classmethod
    def of(cls, secrets: Sequence[str], key: object, fields: Mapping[str, Any]) -> Self | None:
        """Return what identifies a call, or None where it carries no key; of `secrets` the newest comes first.

        Raises Invalid for an unusable one.
        """
        if key is None:
            return None
        if not isinstance(key, str) or not 1 <= len(key) <= LONGEST_KEY or not key.isascii() or not key.isprintable():
            text = f"An Idempotency-Key has 1 to {LONGEST_KEY} printable ASCII characters."
            raise Invalid.because(text, errors={"idempotency_key": [text]})
        body = json.dumps(fields, sort_keys=True, ensure_ascii=False, default=str)
        newest, *others = (keyed_hash(secret, "idempotency", body) for secret in secrets)
        return cls(key, newest, tuple(others))

    def require_same(self, body_hash: str) -> None:
        """Raise Invalid where the key came with another body before."""
        if body_hash not in {self.body_hash, *self.other_hashes}:
            text = "This Idempotency-Key was used with another body."
            raise Invalid.because(text, errors={"idempotency_key": [text]})
