"""Lists as values of a statement, and many rows by one: the same text whatever their length (ADR 31).

    _SOME = Prepared(select(notes.c.id).where(among(notes.c.id, "wanted")))
    _ADD = PreparedRows(notes, ("id", "at"), lambda insert: insert.on_conflict_do_nothing().returning(notes.c.id))
    _SET = PreparedChanges(notes, "id", ("at",))  # where more than the id must be right: `completed` and `more`

    _SOME.rows(connection, wanted=[1, 2])  # [(1,), (2,)]
    _ADD.rows(connection, [{"id": 4, "at": now}, {"id": 5, "at": now}])  # [(4,), (5,)]
    _SET.write(connection, [{"id": 4, "at": later}])

PostgreSQL gets rows as one value, JSON, which costs a third of telling each of their columns.
"""

from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime
from typing import Any

import orjson
from sqlalchemy import (
    ARRAY,
    Boolean,
    ColumnElement,
    Connection,
    Dialect,
    String,
    Table,
    Text,
    bindparam,
    column,
    func,
    select,
    true,
    update,
)
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.functions import FunctionElement
from sqlalchemy.types import TypeDecorator, TypeEngine, UserDefinedType

from shared.storage.database import insert_by
from shared.storage.prepared import Fit, Prepared, Row

Rows = Sequence[Mapping[str, Any]]


class _ListOf(TypeDecorator[Any]):
    """A list of values of one type: an array on PostgreSQL, JSON on SQLite."""

    impl = Text
    cache_ok = True

    def __init__(self, item: TypeEngine[Any]) -> None:
        super().__init__()
        self.item = item

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        """Return what the database has for it: texts of any length, since what is cast to a shorter one is cut."""
        if dialect.name == "sqlite":
            return Text()
        return ARRAY(Text() if isinstance(self.item, String) else self.item)

    def process_bind_param(self, value: Sequence[Any] | None, dialect: Dialect) -> Any:
        """Return the list as the database's driver takes it."""
        if value is None or dialect.name != "sqlite":
            return value
        fit = self.item.dialect_impl(dialect).bind_processor(dialect)
        return orjson.dumps([fit(item) if fit else item for item in value]).decode()


class _Among(FunctionElement[bool]):
    inherit_cache = True
    type = Boolean()

    def self_group(self, against: Any = None) -> Any:
        """Stand in a WHERE as it is, without the comparison by which SQLite would not see an index."""
        return self


def among(column: ColumnElement[Any], name: str) -> ColumnElement[bool]:
    """Return the condition that a column is one of the values in the list told under `name`."""
    return _Among(column, bindparam(name, type_=_ListOf(column.type)))


@compiles(_Among, "postgresql")
def _among_on_postgresql(element: Any, compiler: Any, **options: Any) -> str:
    column, values = (compiler.process(each, **options) for each in element.clauses)
    return f"{column} = ANY ({values})"


@compiles(_Among, "sqlite")
def _among_on_sqlite(element: Any, compiler: Any, **options: Any) -> str:
    column, values = (compiler.process(each, **options) for each in element.clauses)
    return f"{column} IN (SELECT value FROM json_each({values}))"


class _Told(UserDefinedType[Rows]):
    """Rows as PostgreSQL is told them."""

    cache_ok = True

    def get_col_spec(self, **_options: Any) -> str:
        """Return the type's name."""
        return "JSON"

    def bind_processor(self, dialect: Dialect) -> Fit:
        """Return what writes them."""
        return lambda rows: orjson.dumps(rows, _moment, orjson.OPT_PASSTHROUGH_DATETIME).decode()


def _moment(value: Any) -> str:
    """Write a date or moment; raise TypeError for what JSON has not, ValueError for a moment of no known zone."""
    if not isinstance(value, date):
        raise TypeError
    if isinstance(value, datetime) and value.tzinfo is None:
        raise ValueError(f"a moment without time zone: {value}")
    return value.isoformat()


class _OfRows:
    """What is said of rows: by one statement for all on PostgreSQL, by one for each on SQLite, where none is a way."""

    def __init__(self, of_all: Any, of_each: Any) -> None:
        self._all = Prepared(of_all)
        self._each = Prepared(of_each)

    def rows(self, connection: Connection, rows: Rows, **values: Any) -> list[Row]:
        """Write rows, in their order, and return what the statement says to return of them; `values` are of all."""
        if connection.dialect.name == "sqlite":
            return self._each.rows_of_each(connection, [{**row, **values} for row in rows])
        return self._all.rows(connection, **self._of_all(rows), **values) if rows else []

    def write(self, connection: Connection, rows: Rows, **values: Any) -> None:
        """Write rows, in their order, and let nobody wait for it (`Prepared.write`); `values` are of all."""
        if connection.dialect.name == "sqlite":
            self._each.rows_of_each(connection, [{**row, **values} for row in rows])
        elif rows:
            self._all.write(connection, **self._of_all(rows), **values)

    def _of_all(self, rows: Rows) -> dict[str, Any]:
        return {"rows": rows}


class PreparedRows(_OfRows):
    """An INSERT of rows."""

    def __init__(
        self, table: Table, columns: Sequence[str] = (), completed: Callable[[Any], Any] = lambda insert: insert
    ) -> None:
        """Insert `columns`, all where none are named; `completed` adds what follows: on conflict, returning."""
        names = list(columns) or list(table.c.keys())
        told = _told({name: table.c[name].type for name in names})
        super().__init__(
            completed(insert_by("postgresql", table).from_select(names, select(*(told.c[name] for name in names)))),
            completed(insert_by("sqlite", table).values({name: bindparam(name) for name in names})),
        )


class PreparedLook(_OfRows):
    """A SELECT of what meets any of some rows; on PostgreSQL it goes from each row by an index, however long the table.

    `found` makes the query of what meets one row, by the values of that row.
    """

    def __init__(
        self, types: Mapping[str, TypeEngine[Any]], found: Callable[[Mapping[str, ColumnElement[Any]], bool], Any]
    ) -> None:
        """Look by rows of `types`; `found` gets a row, and whether PostgreSQL is asked."""
        told = _told(types)
        # What PostgreSQL may not pull up it does not join by reading through the whole table.
        met = found(told.c, True).offset(0).lateral("met")
        super().__init__(
            select(met).select_from(told.join(met, true())),
            found({name: bindparam(name, type_=type) for name, type in types.items()}, False),
        )


class PreparedChanges(_OfRows):
    """An UPDATE that sets columns of rows, each found by its key, to values of its own."""

    def __init__(
        self,
        table: Table,
        key: str,
        columns: Sequence[str],
        completed: Callable[[Any, Mapping[str, ColumnElement[Any]]], Any] = lambda update, _: update,
        more: Mapping[str, TypeEngine[Any]] | None = None,
    ) -> None:
        """Set `columns`; `completed` adds to that by what is told of a row besides: `more`, by name and type."""
        types = {name: table.c[name].type for name in (key, *columns)} | dict(more or {})
        told = _told(types)
        each = {name: bindparam(name, type_=type) for name, type in types.items()}

        def made(row: Mapping[str, ColumnElement[Any]]) -> Any:
            changed = update(table).where(table.c[key] == row[key]).values({name: row[name] for name in columns})
            return completed(changed, row)

        # PostgreSQL takes what is told for a hundred rows, by which it would read through a table of thousands.
        super().__init__(made(told.c).where(among(table.c[key], "keys")), made(each))
        self._key = key

    def _of_all(self, rows: Rows) -> dict[str, Any]:
        return {"rows": rows, "keys": [row[self._key] for row in rows]}


def _told(types: Mapping[str, TypeEngine[Any]]) -> Any:
    """Return what PostgreSQL reads out of rows that were told."""
    columns = [column(name, type) for name, type in types.items()]
    read = func.json_to_recordset(bindparam("rows", type_=_Told())).table_valued(*columns, name="told")
    return read.render_derived(with_types=True)
