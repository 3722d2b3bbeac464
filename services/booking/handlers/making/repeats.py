"""A repeated submit makes one booking and gets the first answer again (PRODUCT B13)."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from services.booking.handlers.desk import Desk
from shared.incoming.repeats import KEPT, Keyed

if TYPE_CHECKING:
    from services.booking.store import BookingStore

Answer = dict[str, Any]


@dataclass(frozen=True)
class Repeat:
    """A clinic's request that carries a key, and may have been answered before."""

    clinic: str
    keyed: Keyed

    @classmethod
    def of(cls, desk: Desk, clinic: str, key: object, fields: Mapping[str, Any]) -> "Repeat | None":
        """Return what identifies a request, or None where it carries no key. Raises Invalid for an unusable one."""
        keyed = Keyed.of(desk.keys.every_lookup, key, fields)
        return None if keyed is None else cls(clinic, keyed)

    def first_answer(self, store: "BookingStore", desk: Desk) -> Answer | None:
        """Return the answer given to this request before, or None. Raises Invalid where the body was another."""
        found = store.first_answer(self.clinic, self.keyed.key, desk.now - KEPT)
        if found is None:
            return None
        body_hash, answer = found
        self.keyed.require_same(body_hash)
        return dict(answer)

    def begin(self, store: "BookingStore", desk: Desk) -> Answer | None:
        """Reserve the key in this transaction; where another request was first, wait for it and return its answer."""
        if store.begin_answer(self.clinic, self.keyed.key, self.keyed.body_hash, desk.now, desk.now - KEPT):
            return None
        return self.first_answer(store, desk)

    def keep(self, store: "BookingStore", answer: Answer) -> None:
        """Keep the answer in this transaction."""
        store.keep_answer(self.clinic, self.keyed.key, answer)
