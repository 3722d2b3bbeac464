"""Checkpoints: one chain for each clinic over the ends of its histories, so that none is missing unseen (A1, ADR 52).

A history is a chain of its own, and nothing in it tells that it was there. A checkpoint names the bookings whose
histories grew since the last one, and where each ended; it is linked to the one before it, and what another service
keeps of the newest pins all of them.
"""

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from services.booking.model.history import Broken, Head, History
from shared.sealed import keyed_hash

MOST_HEADS = 500
"""So many histories one checkpoint covers at most: what a transaction writes and a look reads at once."""


@dataclass(frozen=True)
class Checkpoint:
    """Where the histories of a clinic ended that had grown by a moment. `number` counts from 1 in a clinic."""

    clinic: str
    number: int
    at: datetime
    covers: int
    previous_hash: str
    hash: str


@dataclass(frozen=True)
class Anchor:
    """What another service has noted of a checkpoint when it was told of it."""

    number: int
    hash: str
    at: datetime


class Checkpoints:
    """Links checkpoints by HMAC, as histories are."""

    def __init__(self, key: str, other_keys: Sequence[str] = ()) -> None:
        """Link by `key`; those of before were linked by `other_keys`."""
        self._keys = (key, *other_keys)

    def following(self, last: Checkpoint | None, clinic: str, at: datetime, heads: Sequence[Head]) -> Checkpoint:
        """Return the checkpoint of `heads` that follows the clinic's `last`."""
        number, previous = (last.number + 1, last.hash) if last else (1, "")
        unsigned = Checkpoint(clinic, number, at, len(heads), previous, "")
        return Checkpoint(clinic, number, at, len(heads), previous, _hash(self._keys[0], unsigned, heads))

    def verify(self, before: Checkpoint | None, rows: Iterable[tuple[Checkpoint, Sequence[Head]]]) -> Iterator[Broken]:
        """Yield every break in a row of checkpoints that follows `before`: in their order, each with what it covers."""
        number, previous = (before.number, before.hash) if before else (0, "")
        for checkpoint, heads in rows:
            if checkpoint.number != number + 1 or checkpoint.previous_hash != previous:
                yield Broken(None, None, "a checkpoint is missing before this one", checkpoint.number)
            elif checkpoint.hash not in (_hash(key, checkpoint, heads) for key in self._keys):
                yield Broken(None, None, "the checkpoint, or what it covers, was changed", checkpoint.number)
            number, previous = checkpoint.number, checkpoint.hash


def _hash(key: str, checkpoint: Checkpoint, heads: Sequence[Head]) -> str:
    told = (
        checkpoint.clinic,
        checkpoint.number,
        checkpoint.at.astimezone(UTC).isoformat(),
        checkpoint.covers,
        checkpoint.previous_hash,
        sorted((head.booking, head.length, head.hash) for head in heads),
    )
    return keyed_hash(key, "checkpoint", json.dumps(told, ensure_ascii=False))


def badly_covered(history: History) -> Iterator[Broken]:
    """Yield where a booking's row says that a checkpoint covers more, or less, than any does."""
    if history.noted != history.covered:
        yield Broken(history.head.booking, None, "it is not covered by a checkpoint as its row says")


def missing(checkpoint: Checkpoint, heads: Iterable[Head], found: Mapping[str, Mapping[int, str]]) -> Iterator[Broken]:
    """Yield what a checkpoint covers and is not there any more, or is another.

    `found` are the entries' hashes by booking and position, of the bookings that there are.
    """
    for head in heads:
        entries = found.get(head.booking)
        if entries is None:
            yield Broken(head.booking, None, "the booking is gone, with its history", checkpoint.number)
        elif entries.get(head.length) != head.hash:
            yield Broken(head.booking, head.length, "the entry is gone or was replaced", checkpoint.number)


def contradicted(anchors: Iterable[Anchor], found: Mapping[int, str]) -> Iterator[Broken]:
    """Yield every anchor that says otherwise than the checkpoints, whose hashes are `found` by their numbers."""
    for anchor in anchors:
        if anchor.number not in found:
            yield Broken(None, None, "the checkpoint is gone that another service has noted", anchor.number)
        elif found[anchor.number] != anchor.hash:
            yield Broken(None, None, "the checkpoint is not the one that another service has noted", anchor.number)
