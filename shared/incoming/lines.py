"""Lines of a former system's files as they come from it, a batch at a time (PRODUCT C14)."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True)
class Line:
    """One line by its `number` in the file: its `fields`, and what is wrong with them by name."""

    number: int
    fields: Mapping[str, Any]
    errors: Mapping[str, list[str]] = field(default_factory=dict)


@dataclass(frozen=True)
class Batch:
    """Lines that are taken over together or not at all; of a `dry_run` it is only told what would come of them."""

    lines: list[Line]
    dry_run: bool
