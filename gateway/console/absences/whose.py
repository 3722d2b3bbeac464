"""Whose an absence is: a practitioner's, a room's or device's, or the whole clinic's (PRODUCT S8)."""

from collections.abc import Iterator, Mapping
from typing import Any

from gateway.console.frame.here import Here
from gateway.http.wording import N_

CLINIC = "clinic"
_WHOLE_CLINIC = N_("The whole clinic")


def choices(here: Here) -> list[tuple[str, str]]:
    """Return for whom somebody may enter an absence, as (value, label): a therapist for themselves alone (C1)."""
    return list(_choices(here))


def _choices(here: Here) -> Iterator[tuple[str, str]]:
    own = here.practitioner
    for row in here.document["practitioners"]:
        if own in {None, row["key"]}:
            yield f"practitioner:{row['key']}", str(row["name"])
    if own is None:
        for row in here.document["resources"]:
            yield f"resource:{row['key']}", str(row["name"])
        yield CLINIC, here.say(_WHOLE_CLINIC)


def value_of(absence: Mapping[str, Any]) -> str:
    """Return the choice that an absence, or an address, stands for."""
    for kind in ("practitioner", "resource"):
        if absence.get(kind):
            return f"{kind}:{absence[kind]}"
    return CLINIC


def asked(value: str) -> dict[str, str]:
    """Return a choice as services take it."""
    kind, _, key = value.partition(":")
    return {kind: key} if kind in {"practitioner", "resource"} and key else {}


def said(here: Here, absence: Mapping[str, Any]) -> str:
    """Return whose an absence is; the key of somebody who has left."""
    kind, _, key = value_of(absence).partition(":")
    if not key:
        return here.say(_WHOLE_CLINIC)
    rows = here.document["practitioners" if kind == "practitioner" else "resources"]
    return next((str(row["name"]) for row in rows if row["key"] == key), key)
