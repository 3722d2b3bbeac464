"""Writes into docs/interfaces.md what each event holds, from the dataclasses of shared/contracts (`make contracts`).

The names of events go into `frontdesk_client`, too, which tells those that nobody publishes.

A type's and a field's meaning is the text under it in the code; what is sealed or nested is described once, at the end.
"""

import ast
import dataclasses
import inspect
import textwrap
import types
from collections.abc import Iterable, Iterator
from dataclasses import Field, dataclass
from datetime import date, datetime
from itertools import pairwise
from pathlib import Path
from types import ModuleType
from typing import Any, Literal, Union, get_args, get_origin, get_type_hints

from shared.contracts import availability, booking, notification, patient, staff
from shared.contracts.plain import Seals

ROOT = Path(__file__).resolve().parent.parent
PAGE = ROOT / "docs" / "interfaces.md"
TYPES_FOR_TOOLS = ROOT / "client" / "frontdesk_client" / "event_types.py"
MARK = "<!-- From here on made from shared/contracts by `make contracts`. -->\n"
CONTRACTS = (availability, booking, patient, notification, staff)

_PLAIN = {str: "text", int: "number", bool: "true or false", datetime: "moment", date: "date"}


@dataclass(frozen=True)
class Described:
    """A type in words, and the dataclasses that it leads to."""

    words: str
    kinds: tuple[type, ...] = ()


def written(page: str) -> str:
    """Return the page with all below its mark as the contracts say."""
    return page.partition(MARK)[0] + MARK + "\n" + "\n\n".join(_sections()) + "\n"


def written_types() -> str:
    """Return the module of `frontdesk_client` that names all events."""
    lines = ['"""What services publish. Made by `make contracts`."""', "", "EVENT_TYPES = {"]
    for contract in CONTRACTS:
        lines += [f'    "{contract.SERVICE}": (', *(f'        "{event}",' for event in contract.EVENTS), "    ),"]
    return "\n".join([*lines, "}"]) + "\n"


def all_kinds() -> list[type]:
    """Return every dataclass that events hold, or that stands in one, sealed or not."""
    return list(_in_order(state for contract in CONTRACTS for state in contract.EVENTS.values()))


def _sections() -> Iterator[str]:
    inside: list[type] = []
    for contract in CONTRACTS:
        yield f"### From {contract.SERVICE}"
        for state in dict.fromkeys(contract.EVENTS.values()):
            yield "\n".join(_events(contract, state))
            yield _described(state, dataclasses.fields(state))
            inside += _within(state)
    yield "### What stands in them"
    for kind in _in_order(inside):
        above = [base for base in kind.__bases__ if dataclasses.is_dataclass(base)]
        besides = "".join(f" All of `{base.__name__}`, and:" for base in above)
        own = [field for field in dataclasses.fields(kind) if field.name in kind.__annotations__]
        yield f"**`{kind.__name__}`**: {_described(kind, own, besides)}"


def _events(contract: ModuleType, state: type) -> Iterator[str]:
    """Yield the events that hold `state`, each with its meaning; raise KeyError where the code says none."""
    meanings = dict(_texts_under(ast.parse(inspect.getsource(contract))))
    names = {getattr(contract, name): name for name in meanings if name != "EVENTS"}
    for event, holds in contract.EVENTS.items():
        if holds is state:
            yield f"- `{event}`: {meanings[names[event]]}"


def _described(kind: type, fields: Iterable[Field[Any]], besides: str = "") -> str:
    rows = ["| field | is | |", "| --- | --- | --- |"]
    hints = get_type_hints(kind, include_extras=True)
    meanings = {name: text for each in reversed(kind.__mro__) for name, text in _meanings(each)}
    for field in fields:
        rows.append(f"| `{field.name}` | {_in_words(hints[field.name]).words} | {meanings.get(field.name, '')} |")
    return "\n".join([_joined(inspect.getdoc(kind) or "") + besides, "", *rows])


def _in_order(kinds: Iterable[type]) -> Iterator[type]:
    """Yield these dataclasses, what they stand on and what stands in them, each once."""
    waiting, seen = list(kinds), set()
    while waiting:
        kind = waiting.pop(0)
        if kind not in seen:
            seen.add(kind)
            yield kind
            waiting += [*filter(dataclasses.is_dataclass, kind.__bases__), *_within(kind)]


def _within(kind: type) -> list[type]:
    hints = get_type_hints(kind, include_extras=True)
    return [found for hint in hints.values() for found in _in_words(hint).kinds]


def _in_words(hint: Any) -> Described:
    origin, parts = get_origin(hint), get_args(hint)
    if origin in (Union, types.UnionType):
        inner = _in_words(next(each for each in parts if each is not type(None)))
        return Described(f"{inner.words} or null", inner.kinds)
    if origin is Literal:
        return Described(", ".join(f"`{word}`" for word in parts))
    if origin is tuple:
        inner = _in_words(parts[0])
        return Described(f"list of {inner.words}", inner.kinds)
    if seals := [each.inside for each in getattr(hint, "__metadata__", ()) if isinstance(each, Seals)]:
        return Described(f"sealed `{seals[0].__name__}`", tuple(seals))
    if dataclasses.is_dataclass(hint):
        kind: Any = hint
        return Described(f"`{kind.__name__}`", (kind,))
    return Described(_PLAIN.get(hint, "object"))


def _meanings(kind: type) -> Iterator[tuple[str, str]]:
    """Yield the fields that a dataclass itself declares, each with the text under it."""
    if dataclasses.is_dataclass(kind):
        tree = ast.parse(textwrap.dedent(inspect.getsource(kind)))
        yield from _texts_under(tree.body[0])


def _texts_under(tree: ast.AST) -> Iterator[tuple[str, str]]:
    """Yield the names that are assigned to or annotated in a body and have a text under them, each with that text."""
    body: list[ast.stmt] = getattr(tree, "body", [])
    for statement, below in pairwise(body):
        text = below.value.value if isinstance(below, ast.Expr) and isinstance(below.value, ast.Constant) else None
        if isinstance(statement, ast.Assign | ast.AnnAssign) and isinstance(text, str):
            target = statement.target if isinstance(statement, ast.AnnAssign) else statement.targets[0]
            yield ast.unparse(target), _joined(text)


def _joined(text: str) -> str:
    return " ".join(text.split())


if __name__ == "__main__":
    PAGE.write_text(written(PAGE.read_text(encoding="utf-8")), encoding="utf-8")
    TYPES_FOR_TOOLS.write_text(written_types(), encoding="utf-8")
