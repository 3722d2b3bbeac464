"""A form that somebody filled in while others saved: what they did not touch is as the others left it (C3)."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from gateway.console.frame.typed import Typed
from gateway.console.set_up.form.field import Field, Texts
from gateway.console.set_up.form.inside import Section

MINE, TAKE = "-mine.", "-take."
"""What the names of inputs begin with that carry what was typed, and of those by which it is to hold: `mine`."""


class Clash(NamedTuple):
    """A field that both have changed: both values, and what was typed, to be carried along."""

    field: Field
    mine: Any
    theirs: Any
    typed: Texts


def merged(section: Section, base: Texts, mine: Texts, theirs: Texts) -> tuple[Texts, list[Clash]]:
    """Return the texts of the form with the changes of both, and where they clash: there those of the others stand."""
    found: Texts = {}
    clashes = []
    for field in _units(section):
        before, own, other = (_of(field, texts) for texts in (base, mine, theirs))
        is_touched = bool(own) and _said(own) != _said(before)
        if is_touched and _said(other) not in (_said(before), _said(own)):
            clashes.append(Clash(field, _value(field, own), _value(field, other), own))
        found |= own if is_touched and _said(other) == _said(before) else other
    return found, clashes


def chosen(section: Section, texts: Mapping[str, Sequence[str]]) -> Texts:
    """Return the texts of the form, with what was typed before where that is to hold."""
    found = {name: list(values) for name, values in texts.items()}
    for field in _units(section):
        if list(texts.get(f"{TAKE}{field.name}", ())) == ["mine"]:
            carried = {name.removeprefix(MINE): values for name, values in found.items() if name.startswith(MINE)}
            found = {name: values for name, values in found.items() if not _is_of(field, name)}
            found |= _of(field, carried)
    return found


def _units(section: Section) -> Iterator[Field]:
    """Return the fields of a form that are touched or not: of sections those inside, of rows all together."""
    for field in section.fields.values():
        if isinstance(field, Section):
            yield from _units(field)
        else:
            yield field


def _is_of(field: Field, name: str) -> bool:
    return name == field.name or name.startswith(f"{field.name}.")


def _of(field: Field, texts: Mapping[str, Sequence[str]]) -> Texts:
    return {name: list(values) for name, values in texts.items() if _is_of(field, name)}


def _said(texts: Mapping[str, Sequence[str]]) -> dict[str, list[str]]:
    """Return what texts say, without inputs that say nothing: those that hide behind boxes, and empty ones."""
    said = {name: [text for text in values if text] for name, values in texts.items()}
    return {name: values for name, values in said.items() if values}


def _value(field: Field, texts: Texts) -> Any:
    return field.told_of(Typed.written(texts))
