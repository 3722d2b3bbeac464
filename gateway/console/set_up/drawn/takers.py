"""Who takes which type of appointment, and for how long: all types and practitioners as one table (S12, S13)."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from gateway.console.frame.typed import Typed
from gateway.console.set_up.checking import Mistake
from gateway.console.set_up.form.around import Around
from gateway.console.set_up.form.inside import Section
from gateway.console.set_up.form.made import field_of

_KEYS = ("practitioners", "lengths")
_TYPE = re.compile(r"types\[(\d+)\]")


@dataclass(frozen=True)
class TakersSheet:
    """The form of the table: of each type, by its key, who takes it and whose lengths differ."""

    told: Mapping[str, Any]
    around: Around

    @cached_property
    def fields(self) -> Section:
        """A section for each type, in their order."""
        types = next(key for key in self.told["keys"] if key["name"] == "types")
        by_name = {key["name"]: key for key in types["item"]["keys"]}
        keys = [by_name[name] for name in _KEYS]
        told = {"kind": "section", "default": {}, "keys": keys}
        names = [row["key"] for row in self.around.document["types"]]
        rows = {name: field_of(f"types.{name}", "types", told, self.around) for name in names}
        return Section("types", "types", {"kind": "section", "default": {}}, self.around, rows)

    @property
    def present(self) -> dict[str, Any]:
        """The types by their keys."""
        return {row["key"]: row for row in self.around.document["types"]}

    def changed(self, typed: Typed) -> tuple[dict[str, Any], str]:
        """Return the document with the types as they are taken now."""
        types = self.fields.read(typed, self.present)
        return {**self.around.document, "types": [types[key] for key in self.present]}, ""

    def at_fields(self, mistakes: Sequence[Mistake]) -> list[Mistake]:
        """Return mistakes by the names of the fields: availability counts the types, the fields have their keys."""
        keys = list(self.present)
        return [
            each._replace(path=_TYPE.sub(lambda found: f"types.{keys[int(found[1])]}", each.path)) for each in mistakes
        ]
