"""Absences keep their ids when a document comes without them (the document's absences are the list of the API)."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from typing import Any

Absence = dict[str, Any]


def with_absence_ids(
    document: Mapping[str, Any], present: Iterable[Absence], make_id: Callable[[], str] | None
) -> dict[str, Any]:
    """Return `document` with an id for each absence: its own, else that of an equal present one, else a new one.

    Without `make_id` a new absence stays without id, which is enough to compare by.
    """
    named = {absence["id"] for absence in document["absences"]}
    free_ids: defaultdict[tuple[Any, ...], list[str]] = defaultdict(list)
    for absence in present:
        if absence["id"] not in named:
            free_ids[content(absence)].append(absence["id"])

    def id_for(absence: Absence) -> str | None:
        if equal := free_ids[content(absence)]:
            return equal.pop(0)
        return make_id() if make_id else None

    filled = [absence if absence["id"] else {**absence, "id": id_for(absence)} for absence in document["absences"]]
    return {**document, "absences": filled}


def content(absence: Absence) -> tuple[Any, ...]:
    """Return what an absence says, whatever its id."""
    return tuple(absence[name] for name in ("practitioner", "resource", "from", "to", "reason"))
