"""The history of a clinic's set-up: looked at, and what a change made in view of an earlier state becomes (C3, ADR 42).

An earlier state is taken back by applying it as any other document; nothing here changes anything.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

from services.availability.document import check, merge, with_absence_ids
from services.availability.model.current import can_be_clinic, no_such_clinic
from services.availability.model.history import ABSENCE, DOCUMENT, Entry
from shared.contracts.errors import Gone, Invalid, NotFound
from shared.incoming.paging import no_such_page, page

if TYPE_CHECKING:
    from services.availability.handlers.desk import Desk
    from services.availability.store import AvailabilityStore

_SHOWN = 8
"""Of an entry in a list, so many changes."""
_MOST_MEANWHILE = 500
"""Over so many revisions a change is carried; who is further behind starts from what is in force."""


def document_history(desk: Desk, clinic: str, query: Mapping[str, Any]) -> dict[str, Any]:
    """Return `{history, next}`: a page of the entries, the newest first, each with the first of its changes.

    With `since` only those after that revision. Raises NotFound, Invalid for a cursor that no page gave.
    """
    with desk.work.reading() as store:
        _present(store, clinic)
        found = store.history(clinic, query["limit"] + 1, _before(query["cursor"]), query["since"])
    return page(
        "history", found, query["limit"], show=lambda each: each.told(_SHOWN), cursor=lambda each: str(each.revision)
    )


def document_state(desk: Desk, clinic: str, revision: int) -> dict[str, Any]:
    """Return an entry with all of its changes, and the `document` from then on, without absences.

    Raises NotFound for a revision that is none yet, Gone for one before the history began.
    """
    with desk.work.reading() as store:
        _present(store, clinic)
        entry, state = _entry(store, clinic, revision)
    return {**entry.told(), "document": state}


def document_without(desk: Desk, clinic: str, revision: int) -> dict[str, Any]:
    """Return `{revision, document, both}`: the document in force without what a revision of it has changed.

    What has been changed again since stays, and is told in `both`: `{path, before, mine, theirs}`, of which `mine` is
    what it was before that revision. Raises as `document_state`, Invalid where it did not change the document.
    """
    with desk.work.reading() as store:
        present, document = _present(store, clinic)
        entry, state = _entry(store, clinic, revision)
        if entry.kind != DOCUMENT:
            raise Invalid.because("This did not change the document, so there is nothing in it to be taken back.")
        before = store.state(clinic, revision - 1) or {}
    merged = merge(state, before, document)
    both = [each.to_json() for each in merged.clashes]
    return {"revision": present, "document": merged.document, "both": both}


def merge_document(desk: Desk, clinic: str, source: object, since: int) -> dict[str, Any]:
    """Return what becomes of a document that was written in view of the revision `since`, over what is in force.

    `{revision, document, errors, meanwhile, both}`: the document with the changes of both, where they clash as it is in
    force; what is wrong with the given one (then `document` is null); the entries since, the newest first, with all of
    their changes; and the clashes, `{path, before, mine, theirs}`. Raises as `document_state`.
    """
    with desk.work.reading() as store:
        revision, present = _present(store, clinic)
        _entry_at, state = _entry(store, clinic, since)
        entries = store.history(clinic, _MOST_MEANWHILE + 1, revision + 1, since)
    if len(entries) > _MOST_MEANWHILE:
        raise Gone.because("Too much has changed since; start again from the document that is in force.")
    told = {"revision": revision, "meanwhile": [each.told() for each in entries]}
    checked = check(source)
    if checked.problems:
        return {**told, "document": None, "errors": [each.to_json() for each in checked.problems], "both": []}
    mine = with_absence_ids(checked.document, present["absences"], make_id=None)
    base = {**state, "absences": _absences_then(mine["absences"], present["absences"], entries)}
    merged = merge(base, mine, present)
    both = [each.to_json() for each in merged.clashes]
    return {**told, "document": merged.document, "errors": [], "both": both}


def _absences_then(
    mine: Iterable[Mapping[str, Any]], present: Iterable[Mapping[str, Any]], entries: Iterable[Entry]
) -> list[Mapping[str, Any]]:
    """Return the absences before some entries, which tell no reasons: those are as mine where mine are otherwise equal.

    Where both may have changed a reason, none is told, so that the two clash.
    """
    now = {each["id"]: each for each in present}
    then = dict(now)
    own = {each["id"]: each for each in mine if each["id"]}
    for entry in entries:
        for change in entry.changes:
            if not change["path"].startswith(f"{ABSENCE}s["):
                continue
            before, after = change["before"], change["after"]
            if before is None:
                then.pop(after["id"], None)
            else:
                then[before["id"]] = _as_mine(before, own.get(before["id"]), now.get(before["id"]))
    return list(then.values())


def _as_mine(
    then: Mapping[str, Any], mine: Mapping[str, Any] | None, now: Mapping[str, Any] | None
) -> Mapping[str, Any]:
    """Return an absence of then: mine, where nothing of it can have been changed but by others."""
    untold = {**then, "reason": None}
    if mine is None or any(mine[name] != value for name, value in then.items()):
        return untold
    return mine if now is None or now["reason"] == mine["reason"] else untold


def _present(store: AvailabilityStore, clinic: str) -> tuple[int, dict[str, Any]]:
    stored = store.clinic(clinic) if can_be_clinic(clinic) else None
    if stored is None or stored.document is None:
        raise no_such_clinic()
    return stored.revision, stored.document


def _entry(store: AvailabilityStore, clinic: str, revision: int) -> tuple[Entry, dict[str, Any]]:
    """Return a revision's entry and the state from then on."""
    found = store.history(clinic, 1, revision + 1, revision - 1)
    state = store.state(clinic, revision) if found else None
    if found and state is not None:
        return found[0], state
    first = store.first_in_history(clinic)
    if first is not None and revision < first:
        raise Gone.because(f"The history of this clinic begins with revision {first}.")
    raise NotFound.because("There is no entry of this revision in the history.")


def _before(cursor: str | None) -> int | None:
    if cursor is not None and not (cursor.isascii() and cursor.isdigit() and len(cursor) < 10):
        raise no_such_page()
    return None if cursor is None else int(cursor)
