"""Keys that other parts of the document name."""

from collections.abc import Iterable, Mapping
from typing import Any

from services.availability.document.problems import did_you_mean, listed, shown
from services.availability.document.shape import Reading


class Keys:
    """The keys of one list. While one of them is itself broken nobody can say which are missing."""

    def __init__(self, items: Iterable[Mapping[str, Any]], called: str) -> None:
        found = [item["key"] for item in items]
        self.known = [key for key in found if key is not None]
        self._complete = len(self.known) == len(found)
        self._called = called

    def check(self, key: str | None, path: str, reading: Reading) -> None:
        """Report `key` where no item has it; null names nothing."""
        if key is None or key in self.known or not self._complete or reading.is_full:
            return
        has = f" Known: {listed(self.known[:20])}." if self.known else f" The document has no {self._called} at all."
        close = did_you_mean(key, self.known)
        reading.report(path, f"There is no {self._called} {shown(key)}; write a key that exists.{close or has}")

    def check_all(self, keys: Iterable[str | None] | None, path: str, reading: Reading) -> None:
        """Report each of a list of keys that no item has."""
        for index, key in enumerate(keys or ()):
            self.check(key, f"{path}[{index}]", reading)
