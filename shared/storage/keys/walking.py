"""Rows walked in the order of their primary keys, and changed by these, some hundred at a time."""

from collections.abc import Iterator, Sequence
from functools import cache
from typing import Any

from sqlalchemy import Column, Row, Select, Table, tuple_

from shared.storage.database import Database
from shared.storage.lists import PreparedChanges

AT_ONCE = 100
"""How many rows are looked at, and changed by one statement: so long others wait for one of them."""


def pages(database: Database, rows: Select[Any], key: Sequence[Column[Any]]) -> Iterator[Sequence[Row[Any]]]:
    """Yield all rows of a query page by page, each by a statement of its own; their `key` comes first in them."""
    last: Row[Any] | None = None
    while True:
        query = rows.order_by(*key).limit(AT_ONCE)
        if last is not None:
            query = query.where(tuple_(*key) > tuple_(*last[: len(key)]))
        with database.reading() as connection:
            page = connection.execute(query).all()
        if not page:
            return
        yield page
        last = page[-1]


@cache
def changes_of(table: Table, columns: tuple[str, ...]) -> PreparedChanges:
    """Return the statement that sets columns of many rows, each found by its primary key."""
    first, *others = list(table.primary_key)
    return PreparedChanges(
        table,
        str(first.name),
        columns,
        lambda change, row: change.where(*(column == row[column.name] for column in others)),
        {str(column.name): column.type for column in others},
    )
