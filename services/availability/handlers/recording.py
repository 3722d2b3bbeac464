"""Every change of a set-up stays in the clinic's history, by the very transaction that makes it (C3, ADR 42)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from services.availability.model.history import BEGUN, Entry, Told, state_of

if TYPE_CHECKING:
    from services.availability.handlers.desk import Desk
    from services.availability.model.current import StoredClinic
    from services.availability.store import AvailabilityStore


def record(
    desk: Desk,
    store: AvailabilityStore,
    clinic: str,
    before: StoredClinic | None,
    kind: str,
    changes: list[Told],
    after: dict[str, Any] | None = None,
) -> None:
    """Write what became of the revision after the one that was held for change as `before`; one statement.

    `after` is the document where another one was applied. Where the history lacks the revision before, it begins there.
    """
    revision = before.revision if before else 0
    present = state_of(before.document) if before and before.document is not None else None
    entries: list[tuple[Entry, dict[str, Any] | None]] = []
    if before is not None and not before.is_recorded:
        entries.append((Entry(revision, BEGUN, desk.now, None, []), present))
    state = None if after is None else state_of(after)
    entry = Entry(revision + 1, kind, desk.now, desk.actor.brief(), changes)
    store.record(clinic, [*entries, (entry, None if state == present else state)])
