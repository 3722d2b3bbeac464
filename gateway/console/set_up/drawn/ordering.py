"""The order of practitioners, types and whatever else stands in an order: moved up and down, as one list (S13)."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from gateway.console.frame.typed import Typed
from gateway.console.set_up.form.around import Around, Pairs
from gateway.console.set_up.form.field import Drawn, Field, Texts
from gateway.console.set_up.form.inside import Section
from gateway.console.set_up.rows import row_of
from shared.clinic.document import KEY

_NAME = "order"
_STEPS = {"up": -1, "down": 1}


class Order(Field):
    """The names of a list's items, in their order."""

    def written(self, value: Any) -> Texts:
        """Return the names as they stand."""
        return {_NAME: [item["key"] for item in value or ()]}

    def read(self, typed: Typed, present: Any) -> Any:
        """Return the items in the order of the names; what these do not name stands behind."""
        items = {item["key"]: item for item in present}
        names = dict.fromkeys([*(name for name in typed.all(_NAME) if name in items), *items])
        return [items[name] for name in names]

    def told_of(self, typed: Typed) -> list[str]:
        """Return what the items are called, in the order that was chosen."""
        return [name for _, name in self._named(typed)]

    def drawn(self, typed: Typed) -> Drawn:
        """Return the items as they would stand."""
        return self.draw("order", hint="", choices=self._named(typed))

    def _named(self, typed: Typed) -> Pairs:
        items = self.read(typed, self.around.document[self.path])
        return [(each["key"], row_of(each, self.path, self.around)[0]) for each in items]


@dataclass(frozen=True)
class OrderSheet:
    """The form of a list's order."""

    told: Mapping[str, Any]
    key: str
    around: Around

    @cached_property
    def fields(self) -> Section:
        """The one field."""
        told = {"kind": "section", "default": {}}
        order = Order(_NAME, self.key, {"default": []}, self.around)
        return Section("", "", told, self.around, {self.key: order})

    @property
    def present(self) -> dict[str, Any]:
        """The list."""
        return {self.key: self.around.document[self.key]}

    def changed(self, typed: Typed) -> tuple[dict[str, Any], str]:
        """Return the document with the list in its new order."""
        return {**self.around.document, **self.fields.read(typed, self.present)}, ""


def is_ordered(told: Mapping[str, Any], key: str) -> bool:
    """Tell whether it is for people to say in which order a list stands, whose items are called by keys."""
    found = next((each for each in told["keys"] if each["name"] == key), None)
    keys = {each["name"] for each in found["item"].get("keys", ())} if found else set()
    return bool(found and found["ordered"] and "key" in keys)


def moved(typed: Typed) -> Typed:
    """Return what was typed with the item moved that was pressed: `up:anna`, `down:anna`."""
    step, _, name = typed["do"].partition(":")
    names = list(typed.all(_NAME))
    if step not in _STEPS or not KEY.fullmatch(name) or name not in names:
        return typed
    at = names.index(name)
    names.insert(max(0, at + _STEPS[step]), names.pop(at))
    return Typed.written({**typed.lists, _NAME: names})
