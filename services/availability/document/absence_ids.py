"""Absences keep their ids when a document comes without them (the document's absences are the list of the API)."""

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
    left = [absence for absence in present if absence["id"] not in named]
    filled = [absence if absence["id"] else _with_id(absence, left, make_id) for absence in document["absences"]]
    return {**document, "absences": filled}


def _with_id(absence: Absence, left: list[Absence], make_id: Callable[[], str] | None) -> Absence:
    for twin in left:
        if {**twin, "id": None} == absence:
            left.remove(twin)
            return twin
    return {**absence, "id": make_id() if make_id else None}
