"""The history of a clinic's set-up: each revision is a change, with who made it, and what is another than before (C3).

A state is a document without its absences: those are entered daily, have lists of their own, and say why somebody is
away, which may be their health. Of them the history tells whose they are and from when to when.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from datetime import datetime

BEGUN = "begun"
"""What was in force when the history began, or where a process of a version without it had changed something."""
MADE = "made"
"""The clinic is new."""
DOCUMENT = "document"
PICTURE = "picture"
ABSENCE = "absence"

Told = dict[str, Any]
"""A difference as calls tell it: `{path, before, after}`."""

_OF_ABSENCE = ("id", "practitioner", "resource", "from", "to")


@dataclass(frozen=True)
class Entry:
    """What `revision` of a clinic has changed, when and by whom; `actor` is None where nobody is known."""

    revision: int
    kind: str
    at: datetime
    actor: Mapping[str, Any] | None
    changes: list[Told]

    def told(self, most: int | None = None) -> dict[str, Any]:
        """Return the entry as calls tell it, with all of its changes or the first of them."""
        return {
            "revision": self.revision,
            "kind": self.kind,
            "at": self.at.isoformat(),
            "actor": dict(self.actor or {"kind": "service", "id": None}),
            "changes": self.changes[:most],
            "change_count": len(self.changes),
        }


def state_of(document: Mapping[str, Any]) -> dict[str, Any]:
    """Return a document as the history keeps it."""
    return {**document, "absences": []}


def absence_changes(before: Iterable[Mapping[str, Any]], after: Iterable[Mapping[str, Any]]) -> list[Told]:
    """Return which absences are others, by their ids, without their reasons."""
    old, new = ({each["id"]: each for each in rows} for rows in (before, after))
    return [absence_change(old.get(id), new.get(id)) for id in {**old, **new} if old.get(id) != new.get(id)]


def absence_change(before: Mapping[str, Any] | None, after: Mapping[str, Any] | None) -> Told:
    """Return one absence's difference, without its reason."""
    shown = after or before or {}
    words = " ".join(str(shown[name]) for name in _OF_ABSENCE[1:] if shown[name] is not None)
    return {"path": f"absences[{words}]", "before": _brief(before), "after": _brief(after)}


def _brief(absence: Mapping[str, Any] | None) -> Told | None:
    return {name: absence[name] for name in _OF_ABSENCE} if absence is not None else None
