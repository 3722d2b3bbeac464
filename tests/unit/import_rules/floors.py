"""How rooms stand on each other, as their imports tell."""

from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache, cached_property

import pytest

from tests.unit.import_rules.source import imports, modules_of, within

MOST_FLOORS = 6
MOST_MODULES = 16
"""In a folder of the product. Modules of tests stand side by side: nobody has to know one to read another."""
MOST_LINES = 400


@dataclass(frozen=True)
class FloorPlan:
    """The modules below one package, `gateway` or `services.booking`."""

    package: str

    @cached_property
    def sources(self) -> dict[str, str]:
        """The text of each module by its dotted name, a package's own by that of the package."""
        found = modules_of(self.package.replace(".", "/"))
        return {module.removesuffix(".__init__"): source for module, source in found}

    @cached_property
    def folders(self) -> dict[str, str]:
        """The folder of each module, whose own file ends in `.__init__` here."""
        return {module: module.rpartition(".")[0] for module, _ in modules_of(self.package.replace(".", "/"))}

    def used_by(self, module: str) -> set[str]:
        """Return the modules of the package that a module imports."""
        return {
            max((known for known in self.sources if within(name, (known,))), key=len)
            for name in imports(module, self.sources[module])
            if within(name, (self.package,))
        } - {module}

    def modules(self) -> dict[str, set[str]]:
        """Return each module with those that it uses."""
        return {module: self.used_by(module) for module in self.sources}

    def rooms(self, depth: int) -> dict[str, set[str]]:
        """Return each folder at most `depth` below the package, and each module beside them, with those it uses."""
        room = self._room(depth)
        rooms: dict[str, set[str]] = {room(module): set() for module in self.sources}
        for module in self.sources:
            rooms[room(module)] |= {room(each) for each in self.used_by(module)} - {room(module)}
        return rooms

    def _room(self, depth: int) -> Callable[[str], str]:
        parts = self.package.count(".") + 1 + depth

        def room(module: str) -> str:
            folder = module if f"{module}.__init__" in self.folders else self.folders[module]
            return module if folder == self.package else ".".join(folder.split(".")[:parts])

        return room

    def crowded(self) -> dict[str, int]:
        """Return the folders of too many modules, and how many. Migrations only grow, read one by one."""
        found = Counter(folder for folder in self.folders.values() if not folder.endswith(".migrations.versions"))
        return {folder: count for folder, count in found.items() if count > MOST_MODULES}

    def long(self) -> dict[str, int]:
        """Return the modules of too many lines, and how many."""
        lines = {module: source.count("\n") for module, source in self.sources.items()}
        return {module: count for module, count in lines.items() if count > MOST_LINES}


def height(rooms: Mapping[str, set[str]]) -> int:
    """Return how many floors rooms stand on, each over those that it uses; fail where they stand in a circle."""

    @cache
    def floor(room: str) -> int:
        return 1 + max(map(floor, rooms[room]), default=0)

    try:
        return max(map(floor, rooms))
    except RecursionError:
        pytest.fail("some rooms use each other in a circle")
