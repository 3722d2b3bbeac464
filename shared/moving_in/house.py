"""What of a clinic a file is read by (C14)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

Names = Mapping[str, Sequence[str]]
"""What something is called, by its key: in each language, inside the clinic and by patients."""


@dataclass(frozen=True)
class House:
    """The clinic's country, by which telephones and dates are read, its scheme of numbers, and its own names."""

    country: str | None
    scheme: str
    today: date
    types: Names
    practitioners: Names

    def own(self, field: str) -> Names:
        """Return the names of the clinic's own that a field, `type` or `practitioner`, is one of."""
        return self.types if field == "type" else self.practitioners


def house_of(document: Mapping[str, Any], today: date) -> House:
    """Return what a clinic's document, in normal form, says of it."""
    types = {each["key"]: [*_texts(each["name"]), *_texts(each.get("alias"))] for each in document["types"]}
    people = {each["key"]: _texts(each["name"]) for each in document["practitioners"]}
    return House(document["country"], document["identity"], today, types, people)


def _texts(name: Any) -> list[str]:
    if isinstance(name, Mapping):
        return [str(text) for text in name.values() if text]
    return [str(name)] if name else []
