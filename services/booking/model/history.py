"""A booking's history: append-only, each entry linked to the one before it by a hash that needs a key (A1)."""

import hmac
import json
import os
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import Any, NamedTuple

from shared.contracts.notification import MESSAGE_FAILED
from shared.sealed import Sealer, Unsealable, keyed_hash

Changes = dict[str, list[Any]]
"""`{field: [before, after]}` in plain JSON values, moments as ISO 8601 in UTC; what is personal is sealed."""

Digests = dict[str, str]
"""By what a text that is sealed is known, without being one: of `source`, and of fields of `changes` by their names."""

LONGEST_SOURCE = 80
"""So much of where a call came from is kept: an address fits, and sealed it fits its column."""

_SEALED = "sealed:"
_SOURCE = "source"
_SALT_BYTES, _DIGITS = 6, 32


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
    digests: Digests | None = None
    """Of what is sealed in it; None where its hash covers that as it stands, as in version 0.1.0."""
    erased: str | None = None
    """The proof that the house took away what was personal in it, and nothing else (ADR 53); None where it stands."""

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
class History:
    """A booking's whole history, and where its row says that it ends.

    A checkpoint covers it to the length `covered`; its row says to which by `noted`.
    """

    head: Head
    noted: int
    covered: int
    entries: list[Entry]


@dataclass(frozen=True)
class Broken:
    """A place where a history was tampered with; `position` is None where entries are missing at its end.

    `checkpoint` is the number of the one that shows it; what is wrong with that itself is of no one `booking`.
    """

    booking: str | None
    position: int | None
    reason: str
    checkpoint: int | None = None


@dataclass(frozen=True)
class Personal:
    """Seals what is personal in an entry: from where somebody came, what they wrote.

    Entries of version 0.1.0 hold where they came from in clear: they cannot be rewritten, and are read as they are.
    """

    sealer: Sealer
    key: str = field(repr=False)
    other_keys: tuple[str, ...] = field(default=(), repr=False)
    """By which entries of before were written."""

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

    def digest(self, text: str) -> str:
        """Return by what a text is known; of the same text it is another each time, so that nothing can be compared."""
        return _salted(self.key, os.urandom(_SALT_BYTES).hex(), text)

    def is_of(self, digest: str, text: str | None) -> bool:
        """Tell whether a digest is of a text; of one that cannot be opened it is not."""
        keys, salt = (self.key, *self.other_keys), digest[: 2 * _SALT_BYTES]
        return text is not None and any(hmac.compare_digest(digest, _salted(key, salt, text)) for key in keys)


def _salted(key: str, salt: str, text: str) -> str:
    return f"{salt}{keyed_hash(key, 'personal', salt, text)[:_DIGITS]}"


@dataclass(frozen=True)
class Chain:
    """Links entries by HMAC, so that who can write the database but has not the key cannot forge them.

    Of what is personal it covers the digest, not how it is sealed: that may be sealed anew, and one day be taken away.
    """

    key: str = field(repr=False)
    personal: Personal
    other_keys: tuple[str, ...] = field(default=(), repr=False)
    """By which entries of before were written: they stay as they are, and verify by these (ADR 59)."""

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
        written: Mapping[str, str] | None = None,
    ) -> Entry:
        """Return the entry that follows `head`, in which `source` and what was `written`, by name, are sealed."""
        personal = {name: text for name, text in {**(written or {}), _SOURCE: source}.items() if text is not None}
        sealed = {name: self.personal.sealed(text) for name, text in personal.items()}
        unsigned = Entry(
            head.booking, clinic, head.length + 1, at, type, actor, sealed.pop(_SOURCE, None),
            {**changes, **{name: [None, text] for name, text in sealed.items()}}, version, head.hash, "",
            {name: self.personal.digest(text) for name, text in personal.items()},
        )  # fmt: skip
        return self.linked(unsigned)

    def linked(self, entry: Entry) -> Entry:
        """Return an entry with the hash by which it is linked to the one before it."""
        return replace(entry, hash=_hash(self.key, entry))

    def erased(self, entry: Entry) -> Entry:
        """Return an entry without what is personal in it, with the proof that it was taken away here (ADR 53)."""
        changes = {name: [_without_person(value) for value in pair] for name, pair in entry.changes.items()}
        without = replace(entry, source=None, changes=changes)
        return replace(without, erased=_proof(self.key, without))

    def verify(self, head: Head, entries: Iterable[Entry]) -> Iterator[Broken]:
        """Yield every break in a booking's history: its entries in their order, and where it ends by its row."""
        walked = Head(head.booking, 0, "")
        for entry in entries:
            if reason := self._wrong(walked, entry):
                yield Broken(head.booking, entry.position, reason)
            walked = entry.head
        if walked != head:
            yield Broken(head.booking, None, "the last entries are missing or were replaced")

    def is_by_its_key(self, entry: Entry) -> bool:
        """Tell whether an entry, or the proof that it was erased, is linked by the key of now."""
        if entry.erased is not None:
            return entry.erased == _proof(self.key, entry)
        return entry.hash == _hash(self.key, entry)

    def _wrong(self, before: Head, entry: Entry) -> str | None:
        if entry.position != before.length + 1 or entry.previous_hash != before.hash:
            return "an entry is missing before this one"
        if entry.erased is not None:
            is_whole = any(hmac.compare_digest(entry.erased, _proof(key, entry)) for key in self._keys)
        else:
            is_linked = entry.hash in (_hash(key, entry) for key in self._keys)
            is_whole = is_linked and self._is_as_digested(entry)
        return None if is_whole else "the entry was changed"

    @property
    def _keys(self) -> tuple[str, ...]:
        return (self.key, *self.other_keys)

    def _is_as_digested(self, entry: Entry) -> bool:
        return all(
            self.personal.is_of(digest, self.personal.opened(_kept(entry, name)))
            for name, digest in (entry.digests or {}).items()
        )


def _proof(key: str, entry: Entry) -> str:
    """Return the proof of an entry that was erased: of all that is left of it, and of the hash that it has."""
    told = {**vars(entry), "at": entry.at.astimezone(UTC).isoformat(), "erased": None}
    return keyed_hash(key, "erased history", json.dumps(told, sort_keys=True, ensure_ascii=False))


def _hash(key: str, entry: Entry) -> str:
    source, changes = entry.source, entry.changes
    if entry.digests is not None:
        source = entry.digests.get(_SOURCE, source)
        written = {name: digest for name, digest in entry.digests.items() if name != _SOURCE}
        changes = {
            **changes,
            **{name: _digested(changes.get(name, []), digest) for name, digest in written.items()},
        }
    told = (
        entry.booking,
        entry.clinic,
        entry.position,
        entry.at.astimezone(UTC).isoformat(),
        entry.type,
        entry.actor,
        source,
        changes,
        entry.version,
        entry.previous_hash,
        *(() if entry.digests is None else (sorted(entry.digests),)),
    )
    return keyed_hash(key, "history", json.dumps(told, sort_keys=True, ensure_ascii=False))


def _digested(pair: list[Any], digest: str) -> list[Any]:
    """Return what a field was and became, its sealed text by the digest."""
    return [*pair[:1], digest, *pair[2:]]


def _without_person(value: Any) -> Any:
    return None if isinstance(value, str) and value.startswith(_SEALED) else value


def _kept(entry: Entry, name: str) -> str:
    """Return how an entry holds a text that it has sealed; "" where it does not."""
    kept = entry.source if name == _SOURCE else (entry.changes.get(name) or [None, None])[1]
    return kept or ""


class DeliveryNote(NamedTuple):
    """An entry of a booking's history that says what became of a message."""

    booking: str
    type: str
    """`MessageSent` or `MessageFailed`."""
    changes: Changes


def unreached(notes: Iterable[DeliveryNote]) -> set[str]:
    """Return the bookings of which a message has failed that no later one of its kind and channel made up for.

    `notes` are of each booking in the order in which they were written. A message that staff have sent again is another
    message of the same kind.
    """
    latest = {(note.booking, _noted(note, "event"), _noted(note, "channel")): note.type for note in notes}
    return {booking for (booking, _, _), type in latest.items() if type == MESSAGE_FAILED}


def _noted(note: DeliveryNote, name: str) -> str | None:
    pair = note.changes.get(name)
    return pair[1] if pair else None


def differences(before: dict[str, Any], after: dict[str, Any]) -> Changes:
    """Return the fields whose value differs; a field that one side lacks counts as None there."""
    names = dict.fromkeys((*before, *after))
    return {name: [before.get(name), after.get(name)] for name in names if before.get(name) != after.get(name)}
