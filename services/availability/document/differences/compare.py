"""What changed between two documents in normal form: readable paths, items named by their key (C3)."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Change:
    """One difference: `types[exam].length` was `before` and is `after`; null is nothing at all."""

    path: str
    before: Any
    after: Any

    def to_json(self) -> dict[str, Any]:
        """Return the change as `check_document` and `apply_document` answer it."""
        return {"path": self.path, "before": self.before, "after": self.after}


def _key(item: Mapping[str, Any]) -> str:
    return str(item["key"])


def _words(*names: str) -> Callable[[Mapping[str, Any]], str]:
    return lambda item: " ".join(str(item[name]) for name in names if item[name] is not None)


NAMED_BY: Mapping[str, Callable[[Mapping[str, Any]], str]] = {
    "fields": _key,
    "practitioners": _key,
    "resources": _key,
    "block_kinds": _key,
    "types": _key,
    "templates": _key,
    "plans": _words("practitioner", "template", "from", "weeks"),
    "days": _words("practitioner", "date"),
    "absences": _words("practitioner", "resource", "from", "to"),
    "reminders": _words("before", "channel"),
}
"""Lists whose items are followed one by one; other lists change as a whole."""

_SHOWN_IN_ORDER = ("fields", "practitioners", "resources", "types")
"""Where it says something that a new item stands before others."""

NOTHING: tuple[Any, ...] = (None, [], {})


def compare(before: Mapping[str, Any] | None, after: Mapping[str, Any]) -> list[Change]:
    """Return every difference, none where the two are equal; without `before` everything in `after` is new."""
    return [change for name in after for change in _differences(name, (before or {}).get(name), after[name])]


def is_same(one: Any, other: Any) -> bool:
    """Tell whether two values say the same: 1 and true are two things."""
    return bool(one == other) and type(one) is type(other)


def _differences(path: str, before: Any, after: Any) -> Iterator[Change]:
    if is_same(before, after):
        return
    if isinstance(before, Mapping) and isinstance(after, Mapping):
        for name in {**before, **after}:
            if name not in before and after[name] in NOTHING:
                continue  # a key that the document's version did not know yet
            yield from _differences(f"{path}.{name}", before.get(name), after.get(name))
    elif path in NAMED_BY and isinstance(after, list):
        yield from _item_differences(path, before or [], after)
    else:
        yield Change(path, before, after)


def _item_differences(path: str, before: list[Any], after: list[Any]) -> Iterator[Change]:
    old, new = by_name(path, before), by_name(path, after)
    for name in {**old, **new}:
        yield from _differences(f"{path}[{name}]", old.get(name), new.get(name))
    kept_before, kept_after = [name for name in old if name in new], [name for name in new if name in old]
    is_between = path in _SHOWN_IN_ORDER and list(new)[: len(kept_after)] != kept_after
    if kept_before != kept_after or (is_between and kept_after):
        yield Change(path, list(old), list(new))


def by_name(path: str, items: list[Any]) -> dict[str, Any]:
    """Return the items by name; of several with one name the later ones are counted."""
    found: dict[str, Any] = {}
    for item in items:
        name, count = NAMED_BY[path](item), 2
        while name in found:
            name, count = f"{NAMED_BY[path](item)} #{count}", count + 1
        found[name] = item
    return found
