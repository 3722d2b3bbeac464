"""What modules import, read from their text."""

import ast
from collections.abc import Iterator
from functools import cache
from pathlib import Path

ROOT = Path(__file__).parents[3]


@cache
def imports(module: str, source: str) -> tuple[str, ...]:
    """Return the full dotted name of everything that `source`, the text of `module`, imports anywhere."""
    return tuple(_imports(module, source))


def _imports(module: str, source: str) -> Iterator[str]:
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            yield from (name.name for name in node.names)
        elif isinstance(node, ast.ImportFrom):
            above = module.split(".")[: -node.level] if node.level else []
            origin = ".".join([*above, *filter(None, [node.module])])
            yield from (f"{origin}.{name.name}" for name in node.names)


def within(name: str, packages: tuple[str, ...]) -> bool:
    """Tell whether the dotted `name` is one of `packages` or lies inside one."""
    return any(name == package or name.startswith(f"{package}.") for package in packages)


@cache
def modules_of(floor: str) -> tuple[tuple[str, str], ...]:
    """Return the dotted name and the text of each module of a floor."""
    return tuple(
        (".".join(path.relative_to(ROOT).with_suffix("").parts), path.read_text(encoding="utf-8"))
        for path in sorted((ROOT / floor).rglob("*.py"))
    )
