"""What periods would delete, before they are saved, and what they deleted last (PRODUCT A3, ADR 58)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from gateway.clients.document_words import DocumentWords
from gateway.clients.rights.retention import Row, retention_of, would_delete
from gateway.console.frame.here import Here
from gateway.console.set_up.parts import RETENTION
from gateway.views.rendering import moment
from shared.contracts.errors import Timeout, Unavailable


@dataclass(frozen=True)
class Kept:
    """A kind of what is kept: how much is over, and how much went `at` the last run; None where there was none."""

    label: str
    over: int | None
    is_more: bool
    at: datetime | None
    deleted: int | None


@dataclass(frozen=True)
class Deletions:
    """What would go, by kind; `unknown` where a service is away that would have to say so."""

    kinds: Sequence[Kept] = ()
    unknown: bool = False


NOTHING = Deletions()


def deletions(here: Here, changes: Sequence[Mapping[str, Any]]) -> Deletions:
    """Return what the periods among some changes of the set-up would delete; what is kept for ever deletes nothing."""
    found = {each["path"].removeprefix(f"{RETENTION}."): each["after"] for each in changes if _is_period(each)}
    periods = {kind: period for kind, period in found.items() if period}
    if not periods:
        return NOTHING
    try:
        return Deletions(_in_words(here, would_delete(here.services, here.clinic, periods)))
    except (Unavailable, Timeout):
        return Deletions(unknown=True)


def last_runs(here: Here) -> Deletions:
    """Return when what is old was last deleted, and how much."""
    try:
        return Deletions(_in_words(here, retention_of(here.services, here.clinic, count=False)))
    except (Unavailable, Timeout):
        return Deletions(unknown=True)


def _is_period(change: Mapping[str, Any]) -> bool:
    return str(change["path"]).startswith(f"{RETENTION}.")


def _in_words(here: Here, rows: Sequence[Row]) -> list[Kept]:
    words = DocumentWords(here.language)
    return [
        Kept(
            words.label(f"{RETENTION}.{row['kind']}"),
            row["over"],
            row["is_more"],
            moment(row["ran_at"], here.zone) if row["ran_at"] else None,
            row["deleted"],
        )
        for row in rows
    ]
