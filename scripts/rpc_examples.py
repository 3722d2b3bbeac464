"""Examples of calls and answers, as `tests/system/test_rpc_examples.py` has recorded them on a real installation."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

EXAMPLES = Path(__file__).with_name("rpc_examples.json")

_LONGEST = 80
_LONG = {"document", "shape"}
"""Fields whose value has a page of its own."""


def known_examples() -> dict[str, Any]:
    """Return the recorded call of each method, and what it came to."""
    found: dict[str, Any] = json.loads(EXAMPLES.read_text(encoding="utf-8"))
    return found


def pruned(value: Any, name: str = "") -> Any:
    """Return what is shown of a value: of lists the first, of long texts the beginning, of documents nothing."""
    if name in _LONG and isinstance(value, dict):
        return {}
    if isinstance(value, dict):
        return {key: pruned(each, key) for key, each in value.items()}
    if isinstance(value, (list, tuple)):
        many = value if name == "args" else value[:1]
        return [pruned(each) for each in many]
    if isinstance(value, str) and len(value) > _LONGEST:
        return f"{value[:_LONGEST]}…"
    return value


def difference(one: Any, other: Any, path: str = "") -> Iterator[str]:
    """Yield where two values differ in names or kinds; null and an empty list agree with what may stand there else."""
    if one is None or other is None:
        return
    if isinstance(one, dict) and isinstance(other, dict):
        for name in sorted(one.keys() ^ other.keys()):
            yield f"{path}.{name} is only in {'the answer' if name in one else 'the example'}".lstrip(".")
        for name in sorted(one.keys() & other.keys()):
            yield from difference(one[name], other[name], f"{path}.{name}")
    elif isinstance(one, list) and isinstance(other, list):
        for mine, theirs in zip(one[:1], other[:1], strict=False):
            yield from difference(mine, theirs, f"{path}[0]")
    elif _kind(one) is not _kind(other):
        yield f"{path} is {one!r}, and {other!r} in the example".lstrip(".")


def _kind(value: Any) -> type:
    return float if type(value) is int else type(value)
