"""Keys that other parts of the document name."""

from collections.abc import Iterable, Mapping
from typing import Any

from services.availability.document.problems import did_you_mean, listed, shown
from services.availability.document.shape import Reading

_CALLED = {
    "practitioners": "practitioner",
    "resources": "resource",
    "block_kinds": "block kind",
    "types": "type",
    "templates": "template",
}


class Keys:
    """The keys of one list. While it, or a key in it, is itself broken nobody can say which are missing."""

    def __init__(self, document: Mapping[str, Any], section: str, reading: Reading) -> None:
        found = [item["key"] for item in document[section]]
        self.known = [key for key in found if key is not None]
        self.complete = len(self.known) == len(found) and not reading.is_broken(section)
        self._called = _CALLED[section]
        self._reading = reading

    def check(self, key: str | None, path: str) -> None:
        """Report `key` where no item has it; null names nothing."""
        if key is None or key in self.known or not self.complete or self._reading.is_full:
            return
        has = f" Known: {listed(self.known[:20])}." if self.known else f" The document has no {self._called} at all."
        close = did_you_mean(key, self.known)
        self._reading.report(path, f"There is no {self._called} {shown(key)}; write a key that exists.{close or has}")

    def check_all(self, keys: Iterable[str | None], path: str) -> None:
        """Report each of a list of keys that no item has."""
        for index, key in enumerate(keys):
            self.check(key, f"{path}[{index}]")


class References:
    """The keys of every list that others name."""

    def __init__(self, document: Mapping[str, Any], reading: Reading) -> None:
        self.practitioners = Keys(document, "practitioners", reading)
        self.resources = Keys(document, "resources", reading)
        self.block_kinds = Keys(document, "block_kinds", reading)
        self.types = Keys(document, "types", reading)
        self.templates = Keys(document, "templates", reading)
