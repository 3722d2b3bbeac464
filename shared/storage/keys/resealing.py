"""What rows hold sealed with older keys: found, counted, and sealed anew with the newest (PRODUCT A3).

A column that holds sealed texts says so where its table is described, by `info=BY_EVENT_KEYS` or `BY_IDENTITY_KEYS`:
alone, or anywhere within JSON. Rows are walked in the order of their primary keys, some hundred at a time.
"""

import json
import re
from collections import Counter
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import JSON, Column, MetaData, Row, Table, Text, cast, select, tuple_

from shared.sealed import Sealer, Unsealable
from shared.storage.database import Database
from shared.storage.keys.walking import changes_of, pages

SEALED_BY = "sealed_by"
BY_EVENT_KEYS = {SEALED_BY: "EVENT_KEYS"}
BY_IDENTITY_KEYS = {SEALED_BY: "IDENTITY_KEYS"}
"""What a column's `info` says of it: the setting that holds the keys of what is sealed there."""

COVERED_IF = "covered_if"
"""A table's `info` names the column without whose value something covers the row as it stands: it stays so."""

_SEALED = re.compile(r'(?:^|(?<="))(sealed:)?([^".:,\\\n]+)\.([\w-]{38,}={0,2})(?=$|")', re.ASCII)


@dataclass
class Found:
    """What rows hold: how many texts by the name of their key, and those that have to stay as they are.

    `covered` are texts that are part of what something covers, by their key; `damaged` those that no key opens.
    """

    sealed: Counter[str] = field(default_factory=Counter)
    covered: Counter[str] = field(default_factory=Counter)
    damaged: int = 0

    def add(self, other: "Found") -> None:
        """Add what others hold."""
        self.sealed += other.sealed
        self.covered += other.covered
        self.damaged += other.damaged


@dataclass(frozen=True)
class SealedTable:
    """A table with columns that hold texts sealed by the keys of one setting."""

    table: Table
    columns: tuple[Column[Any], ...]

    @property
    def key(self) -> list[Column[Any]]:
        """What its rows are walked by."""
        return list(self.table.primary_key)

    def pages(self, database: Database) -> Iterator[Sequence[Row[Any]]]:
        """Return all rows page by page: their keys, and after them what they hold as text."""
        return pages(database, self._rows(), self.key)

    def found(self, rows: Sequence[Row[Any]], names: Collection[str]) -> Found:
        """Return what rows of a page hold, sealed by the keys with these names."""
        found = Found()
        for row in rows:
            into = found.sealed if self._may_change(row) else found.covered
            for text in row[len(self.key) + 1 :]:
                into.update(name for _, name, _ in _SEALED.findall(text or "") if name in names)
        return found

    def to_reseal(self, rows: Sequence[Row[Any]], names: Collection[str]) -> list[tuple[Any, ...]]:
        """Return the keys of the rows of a page that hold what is sealed by keys with these names, and may change."""
        return [tuple(row[: len(self.key)]) for row in rows if self.found([row], names).sealed]

    def reseal(self, database: Database, keys: Sequence[tuple[Any, ...]], names: Collection[str], by: Sealer) -> Found:
        """Seal anew what these rows hold by keys with these names, in one transaction; return what was.

        A row that somebody is changing is passed over, so that nobody waits and nothing of theirs is lost.
        """
        done = Found()
        with database.transaction() as connection:
            wanted = self._rows().where(tuple_(*self.key).in_(keys)).order_by(*self.key)
            rows = connection.execute(wanted.with_for_update(skip_locked=True, key_share=True)).all()
            changed = [self._resealed(row, names, by, done) for row in rows]
            if changed:
                changes_of(self.table, tuple(str(column.name) for column in self.columns)).write(connection, changed)
        return done

    def _resealed(self, row: Row[Any], names: Collection[str], by: Sealer, done: Found) -> dict[str, Any]:
        """Return a row's key and what its columns become, and note in `done` what it was."""

        def anew(found: re.Match[str]) -> str:
            before, name, body = found.groups(default="")
            if name not in names:
                return found[0]
            try:
                value = by.open(f"{name}.{body}")
            except Unsealable:
                done.damaged += 1
                return found[0]
            done.sealed[name] += 1
            return f"{before}{by.seal(value)}"

        texts = dict(zip(self.columns, row[len(self.key) + 1 :], strict=True))
        changed = {column: text and _SEALED.sub(anew, text) for column, text in texts.items()}
        return {str(column.name): value for column, value in zip(self.key, row, strict=False)} | {
            str(column.name): json.loads(text) if text is not None and isinstance(column.type, JSON) else text
            for column, text in changed.items()
        }

    def _rows(self) -> Any:
        covered_if = self.table.info.get(COVERED_IF)
        may_change = self.key[0] if covered_if is None else self.table.c[covered_if]
        return select(*self.key, may_change.is_not(None), *(cast(column, Text) for column in self.columns))

    def _may_change(self, row: Row[Any]) -> bool:
        return bool(row[len(self.key)])


def sealed_tables(metadata: MetaData, setting: str) -> list[SealedTable]:
    """Return the tables that hold what is sealed by the keys of a setting, such as `EVENT_KEYS`."""
    tables = []
    for table in metadata.sorted_tables:
        columns = tuple(column for column in table.columns if column.info.get(SEALED_BY) == setting)
        if columns:
            tables.append(SealedTable(table, columns))
    return tables


def names_in(text: str) -> Counter[str]:
    """Return how many texts seem to be sealed in one, a message's body or a value of Redis, by their keys' names."""
    return Counter(name for _, name, _ in _SEALED.findall(text))
