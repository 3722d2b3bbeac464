"""A repeated submit makes one booking and gets the first answer again (PRODUCT B13)."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from services.booking.handlers.desk import Desk
from shared.contracts.errors import Invalid
from shared.sealed import keyed_hash

if TYPE_CHECKING:
    from services.booking.store import BookingStore

KEPT = timedelta(hours=24)
LONGEST_KEY = 200

Answer = dict[str, Any]


@dataclass(frozen=True)
class Repeat:
    """An `Idempotency-Key` and the keyed hash of the body that came with it; personal data is not kept."""

    clinic: str
    key: str
    body_hash: str

    @classmethod
    def of(cls, desk: Desk, clinic: str, key: str | None, fields: Mapping[str, Any]) -> "Repeat | None":
        """Return what identifies a request, or None where it carries no key. Raises Invalid for an unusable one."""
        if key is None:
            return None
        if not isinstance(key, str) or not 1 <= len(key) <= LONGEST_KEY or not key.isascii() or not key.isprintable():
            text = f"An Idempotency-Key has 1 to {LONGEST_KEY} printable ASCII characters."
            raise Invalid.because(text, errors={"idempotency_key": [text]})
        body = json.dumps(fields, sort_keys=True, ensure_ascii=False, default=str)
        return cls(clinic, key, keyed_hash(desk.keys.lookup, "idempotency", body))

    def first_answer(self, store: "BookingStore", desk: Desk) -> Answer | None:
        """Return the answer given to this request before, or None. Raises Invalid where the body was another."""
        found = store.first_answer(self.clinic, self.key, desk.now - KEPT)
        if found is None:
            return None
        body_hash, answer = found
        if body_hash != self.body_hash:
            text = "This Idempotency-Key was used with another body."
            raise Invalid.because(text, errors={"idempotency_key": [text]})
        return dict(answer)

    def begin(self, store: "BookingStore", desk: Desk) -> Answer | None:
        """Reserve the key in this transaction; where another request was first, wait for it and return its answer."""
        if store.begin_answer(self.clinic, self.key, self.body_hash, desk.now, desk.now - KEPT):
            return None
        return self.first_answer(store, desk)

    def keep(self, store: "BookingStore", answer: Answer) -> None:
        """Keep the answer in this transaction."""
        store.keep_answer(self.clinic, self.key, answer)
