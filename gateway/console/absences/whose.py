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
    for key, name in here.people:
        yield f"practitioner:{key}", name
    if here.practitioner is None:
        for key, name in here.names.pairs("resources"):
            yield f"resource:{key}", name
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
    return here.names.practitioner(key) if kind == "practitioner" else here.names.resource(key)
