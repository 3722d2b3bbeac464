"""What becomes of two changes of one document: what only one of them touched is as they say (C3)."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple

from services.availability.document.differences.compare import NAMED_BY, by_name, is_same


class Clash(NamedTuple):
    """What both have changed, each otherwise: what it was `before`, and what each says; null is nothing at all."""

    path: str
    before: Any
    mine: Any
    theirs: Any

    def to_json(self) -> dict[str, Any]:
        """Return the clash as `merge_document` answers it."""
        return self._asdict()


@dataclass(frozen=True)
class Merged:
    """A document with the changes of both, and where they clash: there it is as theirs."""

    document: dict[str, Any]
    clashes: tuple[Clash, ...]


def merge(base: Mapping[str, Any], mine: Mapping[str, Any], theirs: Mapping[str, Any]) -> Merged:
    """Return `theirs` with what `mine` has made another than `base`, all in normal form."""
    clashes: list[Clash] = []
    return Merged(_keys_merged("", base, mine, theirs, clashes), tuple(clashes))


def _merged(path: str, base: Any, mine: Any, theirs: Any, clashes: list[Clash]) -> Any:
    if is_same(mine, base) or is_same(mine, theirs):
        return theirs
    if is_same(theirs, base):
        return mine
    if all(isinstance(each, Mapping) for each in (base, mine, theirs)):
        return _keys_merged(f"{path}.", base, mine, theirs, clashes)
    if path in NAMED_BY and all(isinstance(each, list) for each in (mine, theirs)):
        return _items_merged(path, base or [], mine, theirs, clashes)
    clashes.append(Clash(path, base, mine, theirs))
    return theirs


def _keys_merged(
    prefix: str, base: Mapping[str, Any], mine: Mapping[str, Any], theirs: Mapping[str, Any], clashes: list[Clash]
) -> dict[str, Any]:
    """Return a mapping with every key that one of them has left or added."""
    found = {}
    for name in {**theirs, **mine}:
        value = _merged(f"{prefix}{name}", base.get(name), mine.get(name), theirs.get(name), clashes)
        if value is not None or name in theirs:
            found[name] = value
    gone = {name for name in base if name not in mine and found.get(name) is None}
    return {name: value for name, value in found.items() if name not in gone}


def _items_merged(
    path: str, base: list[Any], mine: list[Any], theirs: list[Any], clashes: list[Clash]
) -> list[dict[str, Any]]:
    """Return a list whose items are followed one by one, in the order of who has put them in another."""
    old, own, other = (by_name(path, items) for items in (base, mine, theirs))
    items = {
        name: _merged(f"{path}[{name}]", old.get(name), own.get(name), other.get(name), clashes)
        for name in {**other, **own}
    }
    left = {name for name, item in items.items() if item is not None}
    return [items[name] for name in _order(path, list(old), list(own), list(other), left, clashes)]


def _order(
    path: str, old: list[str], own: list[str], other: list[str], left: Iterable[str], clashes: list[Clash]
) -> list[str]:
    """Return the names that are left: as theirs stand, unless only mine stand otherwise than before."""
    common = [name for name in old if name in own and name in other]
    was, as_mine, as_theirs = (_of(names, common) for names in (old, own, other))
    if as_mine not in (was, as_theirs) and as_theirs != was:
        clashes.append(Clash(path, was, as_mine, as_theirs))
    first, second = (own, other) if as_theirs == was != as_mine else (other, own)
    order = _of(first, left)
    for index, name in enumerate(second):
        if name in left and name not in order:
            before = next((each for each in reversed(second[:index]) if each in order), None)
            order.insert(order.index(before) + 1 if before is not None else 0, name)
    return order


def _of(names: Iterable[str], some: Iterable[str]) -> list[str]:
    return [name for name in names if name in some]
