"""What one page edits of the document: some of its keys, or one item of a list."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any, Protocol, TypeVar

from gateway.console.frame.short_names import short_name
from gateway.console.frame.typed import Typed
from gateway.console.set_up.form.around import Around
from gateway.console.set_up.form.field import Texts
from gateway.console.set_up.form.inside import Section
from gateway.console.set_up.form.made import field_of

NEW = "-new"
"""What an item that is to be is called in addresses: no key begins so."""
PLACE = "-place"
"""The field that says where in its list an item stands."""


class Sheet(Protocol):
    """A form over the document in force."""

    @property
    def fields(self) -> Section: ...

    @property
    def around(self) -> Around:
        """The document in force, and the reader's words."""
        ...

    @property
    def present(self) -> Any:
        """What it edits, as the document says it."""
        ...

    def changed(self, typed: Typed) -> tuple[dict[str, Any], str]:
        """Return the document as it would be, and the path in it of what is edited."""
        ...


SheetT = TypeVar("SheetT", bound=Sheet)


@dataclass(frozen=True)
class KeysSheet:
    """Some keys of the document."""

    told: Mapping[str, Any]
    keys: Sequence[str]
    around: Around

    @cached_property
    def fields(self) -> Section:
        """The fields of these keys, in this order."""
        by_name = {key["name"]: key for key in self.told["keys"]}
        told = {"kind": "section", "default": {}, "keys": [by_name[name] for name in self.keys if name in by_name]}
        section = field_of("", "", told, self.around)
        assert isinstance(section, Section)
        return section

    @property
    def present(self) -> Mapping[str, Any]:
        """The document."""
        return {name: self.around.document.get(name) for name in self.fields.fields}

    def changed(self, typed: Typed) -> tuple[dict[str, Any], str]:
        """Return the document with what was typed."""
        return {**self.around.document, **self.fields.read(typed, self.present)}, ""


@dataclass(frozen=True)
class ItemSheet:
    """An item of a list, by its key or its number from 1; or one that is to be."""

    told: Mapping[str, Any]
    key: str
    name: str
    around: Around

    @property
    def items(self) -> list[dict[str, Any]]:
        """The whole list."""
        return list(self.around.document[self.key])

    @property
    def is_new(self) -> bool:
        """Whether it is to be."""
        return self.name == NEW

    @cached_property
    def index(self) -> int | None:
        """Where it stands; None where there is no such item."""
        if self.is_new:
            return len(self.items)
        return next((index for index, item in enumerate(self.items) if name_of(item, index) == self.name), None)

    @property
    def is_ordered(self) -> bool:
        """Whether it is for people to say where it stands."""
        return bool(self._list["ordered"])

    @cached_property
    def fields(self) -> Section:
        """The fields of an item; what it is called by others is settled when it is made, last if its name will do."""
        keys = [each for each in map(self._key, self._list["item"]["keys"]) if each["name"] != "key" or self.is_new]
        keys.sort(key=lambda key: key["name"] == "key" and not key["required"])
        told = {"kind": "section", "default": {}, "keys": keys}
        section = field_of("", self.key, told, self.around)
        assert isinstance(section, Section)
        return section

    @property
    def present(self) -> dict[str, Any]:
        """The item, {} where it is to be."""
        return {} if self.is_new or self.index is None else self.items[self.index]

    def written(self) -> Texts:
        """Return what stands in the form before anybody types."""
        return {**self.fields.written(self.present), PLACE: [str(self.index or 0)]}

    def changed(self, typed: Typed) -> tuple[dict[str, Any], str]:
        """Return the document with the item as it was typed, at the place that was chosen."""
        item = self.fields.read(typed, self.present)
        others = [each for index, each in enumerate(self.items) if index != self.index]
        if self.is_new and "key" in self.fields.fields and not item.get("key"):
            item["key"] = _key_for(_called(item), {each["key"] for each in others}, self.key)
        chosen = typed[PLACE]
        place = min(int(chosen), len(others)) if chosen.isdecimal() and len(chosen) < 6 else self.index or 0
        return {**self.around.document, self.key: [*others[:place], item, *others[place:]]}, f"{self.key}[{place}]"

    def removed(self) -> dict[str, Any]:
        """Return the document without the item."""
        return {**self.around.document, self.key: [each for each in self.items if each is not self.present]}

    @property
    def _list(self) -> Mapping[str, Any]:
        return next(key for key in self.told["keys"] if key["name"] == self.key)

    def _key(self, told: Mapping[str, Any]) -> Mapping[str, Any]:
        """Return what is told of a key; an item that has a name need not be given a key as well."""
        names = {each["name"] for each in self._list["item"]["keys"]}
        return {**told, "required": False} if told["name"] == "key" and names & {"name", "label"} else told


def over(sheet: SheetT, document: Mapping[str, Any]) -> SheetT:
    """Return the same form over another document."""
    around: Around = sheet.around
    return replace(sheet, around=replace(around, document=document))  # type: ignore[type-var]  # all are dataclasses


def name_of(item: Mapping[str, Any], index: int) -> str:
    """Return what an item is called in addresses."""
    return item.get("key") or str(index + 1)


def _called(item: Mapping[str, Any]) -> str:
    name = item.get("name") or item.get("label") or ""
    return name if isinstance(name, str) else next(iter(name.values()), "")


def _key_for(name: str, taken: set[str], section: str) -> str | None:
    """Return a key made from a name that nothing has yet; from what the list is called, where the name gives none.

    None where there is no name either: then that is to be told.
    """
    return short_name(name, section.replace("_", "-").removesuffix("s"), taken) if name else None
