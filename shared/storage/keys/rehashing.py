"""Rows found by hashes of older keys: counted, and hashed anew by the newest (PRODUCT A3, ADR 59).

Rows are walked in the order of their primary keys, some hundred at a time, as those that are sealed anew are.
"""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from sqlalchemy import Column, Connection, MetaData, Row, Select, Table, delete, exists, insert, literal, select, tuple_

from shared.lookups import Hashes, Lookup, Openers
from shared.storage.database import Database
from shared.storage.keys.walking import changes_of, pages

NOBODYS = "a key that is not here"
"""By what rows were hashed that none of the keys explains."""


@dataclass(frozen=True)
class HashedTable:
    """A table with a column of keyed hashes; `keys` are by their names, the newest first."""

    lookup: Lookup
    metadata: MetaData
    keys: Mapping[str, str]
    openers: Openers

    @cached_property
    def table(self) -> Table:
        """The table."""
        return self.metadata.tables[self.lookup.table]

    @cached_property
    def key(self) -> list[Column[Any]]:
        """What its rows are walked by."""
        return list(self.table.primary_key)

    def pages(self, database: Database) -> Iterator[Sequence[Row[Any]]]:
        """Return all rows that have a hash, page by page."""
        return pages(database, self._rows(), self.key)

    def found(self, rows: Sequence[Row[Any]]) -> Counter[str]:
        """Return how many rows of a page are found by each key, by its name; `NOBODYS` are those of no such key."""
        return Counter(name for name, _ in map(self._explained, rows) if name is not None)

    def to_rehash(self, rows: Sequence[Row[Any]]) -> list[tuple[Any, ...]]:
        """Return the keys of the rows of a page that are not found by the newest key."""
        return [tuple(row[: len(self.key)]) for row in rows if self._explained(row)[1] is not None]

    def rehash(self, database: Database, keys: Sequence[tuple[Any, ...]]) -> Counter[str]:
        """Hash these rows anew in one transaction; return how many were, by the key of before.

        A row that somebody is changing is passed over, so that nobody waits and nothing of theirs is lost.
        """
        done: Counter[str] = Counter()
        with database.transaction() as connection:
            wanted = self._rows().where(tuple_(*self.key).in_(keys)).order_by(*self.key)
            rows = connection.execute(wanted.with_for_update(skip_locked=True, key_share=True, of=self.table)).all()
            changed, copied = [], dict[str, str]()
            for row in self._held(connection, rows):
                name, anew = self._explained(row)
                if name is not None and anew is not None:
                    done[name] += 1
                    copied[row[len(self.key)]] = anew
                    changed.append({**self._key_of(row), self.lookup.column: anew})
            if changed:
                self._copy(connection, copied)
                changes_of(self.table, (self.lookup.column,)).write(connection, changed)
                self._drop_copies(connection, copied)
        return done

    def _explained(self, row: Row[Any]) -> tuple[str | None, str | None]:
        """Return the name of the key that a row is found by, None where it says nothing, and its hash by the newest.

        That is None where it needs none: it is there, or cannot be worked out.
        """
        there, hashes = row[len(self.key)], self._hashes(row)
        newest = None if hashes is None else hashes(next(iter(self.keys.values())))
        if hashes is None or not newest:
            return None, None
        for name, key in self.keys.items():
            for hash, anew in zip(hashes(key), newest, strict=True):
                if hash == there:
                    return name, None if anew == there else anew
        return (NOBODYS, newest[0]) if self.lookup.mended and newest[0] else (None, None)

    def _hashes(self, row: Row[Any]) -> Hashes | None:
        names = (*(str(column.name) for column in self.key), self.lookup.column, *self.lookup.sources)
        return self.lookup.hashes(dict(zip(names, row, strict=True)), self.openers)

    def _held(self, connection: Connection, rows: Sequence[Row[Any]]) -> Sequence[Row[Any]]:
        """Return those of these rows that nobody changes meanwhile by what they belong to."""
        if self.lookup.held_by is None or not rows:
            return rows
        name, column, here = self.lookup.held_by
        holder = self.metadata.tables[name].c[column]
        of_rows = select(*self.key, self.table.c[here]).where(tuple_(*self.key).in_([self._key(row) for row in rows]))
        owners = {tuple(row[:-1]): row[-1] for row in connection.execute(of_rows)}
        there = select(holder).where(holder.in_(set(owners.values()) - {None}))
        all_holders = set(connection.scalars(there))
        held = set(connection.scalars(there.with_for_update(skip_locked=True)))
        return [row for row in rows if owners[self._key(row)] not in all_holders - held]

    def _copy(self, connection: Connection, hashes: Mapping[str, str]) -> None:
        """Let what is found by the former hashes be found by the new ones too."""
        if self.lookup.copied_to is None:
            return
        name, column = self.lookup.copied_to
        copy = self.metadata.tables[name]
        there = connection.execute(select(copy).where(copy.c[column].in_([*hashes, *hashes.values()]))).mappings().all()
        known = {row[column] for row in there}
        anew = {hashes[row[column]]: row for row in there if row[column] in hashes}
        rows = [{**row, column: hash} for hash, row in anew.items() if hash not in known]
        if rows:
            connection.execute(insert(copy), rows)

    def _drop_copies(self, connection: Connection, hashes: Mapping[str, str]) -> None:
        """Drop what was found by the former hashes where no row has them any more."""
        if self.lookup.copied_to is None:
            return
        name, column = self.lookup.copied_to
        copied, mine = self.metadata.tables[name].c[column], self.table.c[self.lookup.column]
        connection.execute(
            delete(self.metadata.tables[name]).where(
                copied.in_(list(hashes)), ~exists(literal(1)).where(mine == copied)
            )
        )

    def _rows(self) -> Select[Any]:
        mine = self.table.c[self.lookup.column]
        others = {name.partition(".")[0] for name in self.lookup.sources if "." in name}
        query = select(*self.key, mine, *map(self._source, self.lookup.sources)).where(mine.is_not(None), mine != "")
        start = self.table
        for name in sorted(others):
            start = start.outerjoin(self.metadata.tables[name], self._refers_to(name))  # type: ignore[assignment]
        return query.select_from(start)

    def _refers_to(self, name: str) -> Any:
        (found,) = [key for key in self.table.foreign_keys if key.column.table.name == name]
        return found.parent == found.column

    def _source(self, name: str) -> Column[Any]:
        table, _, column = name.rpartition(".")
        return (self.metadata.tables[table] if table else self.table).c[column]

    def _key(self, row: Row[Any]) -> tuple[Any, ...]:
        return tuple(row[: len(self.key)])

    def _key_of(self, row: Row[Any]) -> dict[str, Any]:
        return {str(column.name): value for column, value in zip(self.key, row, strict=False)}
