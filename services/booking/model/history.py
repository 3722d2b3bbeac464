"""What happens, as others are told of it, and a booking's history: append-only, each entry sealed to the last (A1)."""

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import groupby
from typing import Any

from shared.sealed import Sealer, Unsealable, keyed_hash

Changes = dict[str, list[Any]]
"""`{field: [before, after]}` in plain JSON values, moments as ISO 8601 in UTC; what is personal is sealed."""

LONGEST_SOURCE = 80
"""So much of where a call came from is kept: an address fits, and sealed it fits its column."""

_SEALED = "sealed:"


@dataclass(frozen=True)
class Occurrence:
    """An event before it is said who did it, when, and in the course of what.

    `type` and `data` are those of `shared.contracts.booking`; `version` grows by one with each event of the subject.
    """

    type: str
    clinic: str
    subject: str
    version: int
    data: Any


@dataclass(frozen=True)
class Entry:
    """One thing that happened to a booking. `position` counts from 1; `version` is the booking's after it."""

    booking: str
    clinic: str
    position: int
    at: datetime
    type: str
    actor: dict[str, str | None]
    source: str | None
    changes: Changes
    version: int
    previous_hash: str
    hash: str

    @property
    def head(self) -> "Head":
        """Where the history ends with this entry."""
        return Head(self.booking, self.position, self.hash)


@dataclass(frozen=True)
class Head:
    """How long a booking's history is and what its last entry's hash is, as the booking's row remembers them."""

    booking: str
    length: int
    hash: str


@dataclass(frozen=True)
class Ending:
    """Where a booking's history ends by now, and the version that the booking has.

    `not_told` is the one of which its patient was not told, because staff chose so; else None.
    """

    clinic: str
    version: int
    head: Head
    not_told: int | None = None


@dataclass(frozen=True)
class Broken:
    """A place where a history was tampered with; `position` is None where entries are missing at its end."""

    booking: str
    position: int | None
    reason: str


@dataclass(frozen=True)
class Personal:
    """Seals what is personal in an entry: from where somebody came, what they wrote.

    What is sealed stands in the place of the clear text, so that the chain covers it. Entries of version 0.1.0 hold
    where they came from in clear: they cannot be rewritten, and are read as they are.
    """

    sealer: Sealer

    def sealed(self, text: str) -> str:
        """Return the text as an entry holds it."""
        return f"{_SEALED}{self.sealer.seal(text)}"

    def opened(self, kept: str) -> str | None:
        """Return the text that an entry holds; None where its key is no longer accepted."""
        if not kept.startswith(_SEALED):
            return kept
        try:
            return str(self.sealer.open(kept.removeprefix(_SEALED)))
        except Unsealable:
            return None


class Chain:
    """Links entries by HMAC, so that who can write the database but has not the key cannot forge them."""

    def __init__(self, key: str) -> None:
        self._key = key

    def entry(
        self,
        head: Head,
        *,
        clinic: str,
        at: datetime,
        type: str,
        actor: dict[str, str | None],
        source: str | None,
        changes: Changes,
        version: int,
    ) -> Entry:
        """Return the entry that follows `head`."""
        unsigned = Entry(
            head.booking, clinic, head.length + 1, at, type, actor, source, changes, version, head.hash, ""
        )
        return Entry(**{**vars(unsigned), "hash": self._hash(unsigned)})

    def verify(self, rows: Iterable[tuple[Head, Entry | None]]) -> Iterator[Broken]:
        """Yield every break in `rows`: each booking's head with each of its entries, ordered by booking and position.

        A booking without entries comes once, with None.
        """
        for head, group in groupby(rows, key=lambda row: row[0]):
            walked = Head(head.booking, 0, "")
            for _, entry in group:
                if entry is None:
                    continue
                if reason := self._wrong(walked, entry):
                    yield Broken(head.booking, entry.position, reason)
                walked = entry.head
            if walked != head:
                yield Broken(head.booking, None, "the last entries are missing or were replaced")

    def _wrong(self, before: Head, entry: Entry) -> str | None:
        if entry.position != before.length + 1 or entry.previous_hash != before.hash:
            return "an entry is missing before this one"
        if entry.hash != self._hash(entry):
            return "the entry was changed"
        return None

    def _hash(self, entry: Entry) -> str:
        told = (
            entry.booking,
            entry.clinic,
            entry.position,
            entry.at.astimezone(UTC).isoformat(),
            entry.type,
            entry.actor,
            entry.source,
            entry.changes,
            entry.version,
            entry.previous_hash,
        )
        return keyed_hash(self._key, "history", json.dumps(told, sort_keys=True, ensure_ascii=False))


def differences(before: dict[str, Any], after: dict[str, Any]) -> Changes:
    """Return the fields whose value differs; a field that one side lacks counts as None there."""
    names = dict.fromkeys((*before, *after))
    return {name: [before.get(name), after.get(name)] for name in names if before.get(name) != after.get(name)}
