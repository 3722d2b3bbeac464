"""Histories, the checkpoints over them and what others have noted of these are held against each other (A1, ADR 52)."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import accumulate
from typing import TYPE_CHECKING, Any, Protocol

from services.booking.handlers.desk import Desk, local
from services.booking.model.checkpoints import Anchor, Checkpoint, badly_covered, contradicted, missing
from services.booking.model.history import Broken
from shared.contracts.plain import read
from shared.incoming.paging import no_such_page
from shared.incoming.unread import Unread

if TYPE_CHECKING:
    from services.booking.store import BookingStore

BOOKINGS_AT_ONCE = 500
CHECKPOINTS_AT_ONCE = 100
_MOST_COVERED = 2000
"""So many ends of histories are looked at in one call, or those of one checkpoint."""

_CURSOR = re.compile(r"(bookings):([0-9A-Z]{0,16})|(checkpoints):([0-9]{1,9})")


class Anchors(Protocol):
    """The patient service, as far as it keeps what it was told of checkpoints."""

    def history_anchors(self, clinic: str) -> dict[str, Any]:
        """Return `{anchors: [{number, hash, at}]}`, of each day the last."""
        ...


@dataclass
class _Looked:
    """What was looked at, and what is wrong with it."""

    bookings: int = 0
    entries: int = 0
    checkpoints: int = 0
    waiting: int = 0
    broken: list[Broken] = field(default_factory=list)


def verify_history(desk: Desk, anchors: Anchors, clinic: str, unread: Unread[str | None]) -> dict[str, Any]:
    """Look at a page of a clinic's histories, or of its checkpoints: these come behind all bookings.

    Returns `{checked, entries, checkpoints, waiting, until, broken: [{reference, position, checkpoint, reason}],
    next}`: how many bookings, entries and checkpoints were looked at, how many of the bookings have changed since the
    last checkpoint, when that was, what is wrong, and the cursor of the next page. All is whole where `broken` is empty
    in every page. Raises NotFound, Invalid, and Unavailable or Timeout where patient does not tell its anchors.
    """
    rules = desk.rules(clinic)
    stage, behind = _place(unread.read())
    looked = _Looked()
    with desk.work.snapshot() as store:
        if stage == "bookings":
            stage, behind = _look_at_bookings(desk, store, clinic, behind, looked)
        if stage == "checkpoints":
            stage, behind = _look_at_checkpoints(desk, store, clinic, int(behind or 0), looked)
        last = store.last_checkpoint(clinic)
    if not stage:
        looked.broken += _contradicted(desk, anchors, clinic)
    return {
        "checked": looked.bookings,
        "entries": looked.entries,
        "checkpoints": looked.checkpoints,
        "waiting": looked.waiting,
        "until": local(last.at, rules.zone) if last else None,
        "broken": [
            {
                "reference": each.booking,
                "position": each.position,
                "checkpoint": each.checkpoint,
                "reason": each.reason,
            }
            for each in looked.broken
        ],
        "next": f"{stage}:{behind}" if stage else None,
    }


def _place(cursor: str | None) -> tuple[str, str]:
    found = _CURSOR.fullmatch("bookings:" if cursor is None else cursor)
    if found is None:
        raise no_such_page()
    stage, behind = filter(lambda each: each is not None, found.groups())
    return stage, behind


def _look_at_bookings(desk: Desk, store: "BookingStore", clinic: str, behind: str, looked: _Looked) -> tuple[str, str]:
    """Look at the histories of the next bookings; return where to go on."""
    histories = store.histories(clinic, behind, BOOKINGS_AT_ONCE)
    for history in histories:
        looked.bookings += 1
        looked.entries += len(history.entries)
        looked.waiting += history.covered < history.head.length
        looked.broken += desk.chain.verify(history.head, history.entries)
        looked.broken += badly_covered(history)
    return ("bookings", histories[-1].head.booking) if len(histories) == BOOKINGS_AT_ONCE else ("checkpoints", "")


def _look_at_checkpoints(
    desk: Desk, store: "BookingStore", clinic: str, behind: int, looked: _Looked
) -> tuple[str, str]:
    """Look at the next checkpoints, and at what they cover; return where to go on, ("", "") where that is the end."""
    before = next(iter(store.checkpoints(clinic, behind - 1, 1)), None) if behind else None
    following = store.checkpoints(clinic, behind, CHECKPOINTS_AT_ONCE)
    page = _so_many(following)
    if not page:
        return "", ""
    covered = store.heads_of(clinic, page[0].number, page[-1].number)
    there = store.entries_at(clinic, [head for heads in covered.values() for head in heads])
    looked.checkpoints += len(page)
    looked.broken += desk.checkpoints.verify(before, [(each, covered.get(each.number, [])) for each in page])
    for each in page:
        looked.broken += missing(each, covered.get(each.number, []), there)
    is_last = len(page) == len(following) < CHECKPOINTS_AT_ONCE
    return ("", "") if is_last else ("checkpoints", str(page[-1].number))


def _so_many(following: Sequence[Checkpoint]) -> Sequence[Checkpoint]:
    """Return the first of them, as many as may be looked at in one call; one where there is any."""
    together = accumulate(each.covers for each in following)
    return following[: max(1, sum(covered <= _MOST_COVERED for covered in together))]


def _contradicted(desk: Desk, anchors: Anchors, clinic: str) -> Sequence[Broken]:
    """Hold the checkpoints against what patient has noted of them; a checkpoint is there before it is told."""
    noted = [read(Anchor, each) for each in anchors.history_anchors(clinic)["anchors"]]
    with desk.work.reading() as store:
        found = store.checkpoint_hashes(clinic, [each.number for each in noted])
    return list(contradicted(noted, found))
