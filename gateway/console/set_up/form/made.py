"""Fields made from what availability tells of the document's shape: one kind of value has one field."""

from collections.abc import Mapping
from typing import Any

from gateway.console.set_up.form.around import Around
from gateway.console.set_up.form.field import Field, Leaf, Told
from gateway.console.set_up.form.inside import ByLanguage, Map, Rows, Section
from gateway.console.set_up.form.single import (
    Amount,
    Choice,
    Flag,
    Number,
    OneOrSeveral,
    Switched,
    Text,
    Ticked,
)
from gateway.console.set_up.form.times import Clock, Day, Length, Lines, Moment

_COUNTRY_LETTERS = 2
_LEAVES: Mapping[str, type[Leaf]] = {
    "flag": Flag, "whole": Number, "choice": Choice, "money": Amount,
    "elapsed": Length, "days": Length, "elapsed_or_days": Length,
    "time": Clock, "end": Clock, "day": Day, "moment": Moment,
    "texts": ByLanguage, "worded": ByLanguage, "either": OneOrSeveral,
}  # fmt: skip
"""By the kind of a value; of any other kind it is typed as it stands in the document."""


def field_of(name: str, path: str, told: Told, around: Around) -> Field:
    """Return the field of a value that is called `name` in its form, and by the words of its `path`."""
    made = _CONTAINERS.get(told["kind"])
    return made(name, path, told, around) if made else _leaf(told)(name, path, told, around)


def _leaf(told: Told) -> type[Leaf]:
    is_chosen = "of" in told or (told["kind"] == "code" and told["letters"] == _COUNTRY_LETTERS)
    return Choice if is_chosen else Switched if "usual" in told else _LEAVES.get(told["kind"], Text)


def _section(name: str, path: str, told: Told, around: Around) -> Section:
    return Section(name, path, told, around, _inside(name, path, told["keys"], around))


def _map(name: str, path: str, told: Told, around: Around) -> Map:
    key = told["key"]
    names = [each for each, _ in around.named(key["of"])] if "of" in key else key["choices"]
    keys = [{**told["value"], "name": each} for each in names]
    return Map(name, path, told, around, _inside(name, path, keys, around))


def _list(name: str, path: str, told: Told, around: Around) -> Field:
    item = told["item"]
    is_chosen = "of" in item or item["kind"] == "choice"
    if is_chosen and not told["ordered"]:
        return Ticked(name, path, told, around)
    if is_chosen or item["kind"] in ("section", "worded", "either"):
        return Rows(name, path, told, around, lambda row: field_of(row, path, item, around))
    return Lines(name, path, told, around)


def _inside(name: str, path: str, keys: Any, around: Around) -> dict[str, Field]:
    return {key["name"]: field_of(_below(name, key["name"]), _below(path, key["name"]), key, around) for key in keys}


def _below(name: str, key: str) -> str:
    return f"{name}.{key}" if name else key


_CONTAINERS = {"section": _section, "map": _map, "list": _list}
