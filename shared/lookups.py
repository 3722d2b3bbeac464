"""What is found by keyed hashes, and how a row's is worked out again from what is sealed in it (PRODUCT A3, ADR 59).

A service says in its `lookups` which columns hold such hashes; `shared.storage.keys.rehashing` counts and replaces
them.
"""

import hashlib
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from shared.sealed import Sealer


class Openers(NamedTuple):
    """What opens the sealed texts of rows: persons, codes and messages, and identity numbers."""

    people: Sealer
    numbers: Sealer


Hashes = Callable[[str], Sequence[str]]
"""What a row may be found by under a key: the one that would be written now comes first."""


@dataclass(frozen=True)
class Lookup:
    """A column by whose keyed hashes rows are found.

    `hashes(row, openers)` returns what a row may be found by, None where there is nothing to find it by; `row` holds
    its primary key, the column and the `sources` by their names, those of a row that it refers to as `table.column`.
    With `mended` a hash that no key explains becomes what is known now. Rows of `copied_to` (table, column) are found
    by the same hashes. Where a row of `held_by` (table, column there, column here) belongs to one, others change it
    only with that in hand.
    """

    table: str
    column: str
    sources: tuple[str, ...]
    hashes: Callable[[Mapping[str, Any], Openers], Hashes | None]
    mended: bool = True
    copied_to: tuple[str, str] | None = None
    held_by: tuple[str, str, str] | None = None


def named(keys: Iterable[str]) -> dict[str, str]:
    """Return keys of lookups by names of their own, in their order.

    The name is of eight digits of a digest, by which nobody comes nearer to a key of 32 characters.
    """
    return {f"lookup-{hashlib.sha256(b'name of ' + key.encode()).hexdigest()[:8]}": key for key in keys}
