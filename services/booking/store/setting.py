"""One statement that sets columns of many rows, each to values of its own."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from sqlalchemy import Connection, Table, TextClause, Update, bindparam, text, update


@dataclass(frozen=True)
class SetEach:
    """Sets `columns` of the rows of a table by their `key`."""

    table: Table
    key: str
    columns: Sequence[str]

    @cached_property
    def on_postgresql(self) -> TextClause:
        """The statement that takes a list per column."""
        names = (self.key, *self.columns)
        lists = ", ".join(f"CAST(:{name} AS {self.table.c[name].type.compile()}[])" for name in names)
        sets = ", ".join(f"{name} = each.{name}" for name in self.columns)
        return text(
            f"UPDATE {self.table.name} SET {sets} FROM unnest({lists}) AS each ({', '.join(names)})"
            f" WHERE {self.table.name}.{self.key} = each.{self.key}"
        )

    @cached_property
    def on_sqlite(self) -> Update:
        """The statement that SQLite runs for each row: it is no way off."""
        key = self.table.c[self.key] == bindparam(f"this_{self.key}")
        return update(self.table).where(key).values({name: bindparam(f"new_{name}") for name in self.columns})


def set_each(connection: Connection, which: SetEach, rows: Iterable[tuple[Any, ...]]) -> None:
    """Set the columns, by rows of the key and the values."""
    found = list(rows)
    if not found:
        return
    if connection.dialect.name == "sqlite":
        names = (f"this_{which.key}", *(f"new_{name}" for name in which.columns))
        connection.execute(which.on_sqlite, [dict(zip(names, row, strict=True)) for row in found])
    else:
        names = (which.key, *which.columns)
        lists = zip(*found, strict=True)
        connection.execute(which.on_postgresql, {name: list(values) for name, values in zip(names, lists, strict=True)})
