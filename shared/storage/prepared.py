"""Statements that are made ready once (ADR 31): what is said again and again says only its values.

    _ONE = Prepared(select(notes.c.at, notes.c.body).where(notes.c.id == bindparam("wanted")))
    _SOME = Prepared(select(notes.c.id).where(among(notes.c.id, "wanted")))  # shared/storage/lists.py
    _END = Prepared(update(notes).where(notes.c.id == bindparam("wanted")).values(at=bindparam("now")))

    _ONE.row(connection, wanted=1)  # (at, body), or None
    _SOME.rows(connection, wanted=[1, 2])  # [(1,), (2,)]
    _END.count(connection, wanted=1, now=now)  # 1
    _END.write(connection, wanted=2, now=now)  # nobody waits for it

They lie at a module's level. SQLAlchemy writes their text, and knows how values are told and results read; it has no
part in what is said each time. Rows of many columns go by `PreparedRows` and `PreparedChanges`. PostgreSQL parses and
plans them once per connection: what an index is picked by (`state = 'held'`) stands in the statement itself.
"""

from collections.abc import Callable, Mapping, Sequence
from contextlib import closing
from hashlib import blake2b
from typing import Any, NamedTuple

from sqlalchemy import Connection, Dialect, Executable
from sqlalchemy.exc import InvalidRequestError
from sqlalchemy.types import NullType, TypeEngine

from shared.storage.database import driving, is_for_reading
from shared.storage.postgres import Named

Fit = Callable[[Any], Any]
Row = tuple[Any, ...]


class Ready(NamedTuple):
    """A statement in the words of one kind of database."""

    text: str
    """With the driver's marks for values."""
    order: Sequence[str] | None
    """The values by their marks, where these have no names."""
    given: Mapping[str, Any]
    """The values that the statement has of itself; None where one may be named."""
    fits: Mapping[str, Fit | None]
    """What makes the values fit that may be named."""
    reads: Sequence[tuple[int, Fit]]
    """What is made of results, by column."""
    is_writing: bool
    named: Named | None
    """As what PostgreSQL keeps it."""

    def fitted(self, values: Mapping[str, Any]) -> dict[str, Any]:
        """Return all values as the driver takes them, by name; raise KeyError for one that the statement has not."""
        fitted = {**self.given}
        for name, value in values.items():
            fit = self.fits[name]
            fitted[name] = value if fit is None else fit(value)
        return fitted


class Prepared:
    """A statement with named values. What its database refuses is raised as SQLAlchemy raises it."""

    def __init__(self, statement: Executable) -> None:
        self._statement = statement
        self._ready: dict[str, Ready] = {}

    def rows(self, connection: Connection, **values: Any) -> list[Row]:
        """Return the rows that it finds, or says to return of what it writes; by position."""
        ready, fitted = self.said(connection, values)
        with closing(_asked(connection, ready, fitted)) as cursor:
            found: list[Row] = cursor.fetchall()
        return [_read(row, ready.reads) for row in found] if ready.reads else found

    def rows_of_each(self, connection: Connection, many: Sequence[Mapping[str, Any]]) -> list[Row]:
        """Return the rows that come of many values, one after the other; for SQLite, where none is a way."""
        if not many:
            return []
        ready, fitted = self.said(connection, many[0])
        found: list[Row] = []
        for each in (fitted, *(ready.fitted(values) for values in many[1:])):
            with closing(_asked(connection, ready, each)) as cursor:
                found += cursor.fetchall()
        return [_read(row, ready.reads) for row in found] if ready.reads else found

    def row(self, connection: Connection, **values: Any) -> Row | None:
        """Return the first row, or None."""
        return next(iter(self.rows(connection, **values)), None)

    def count(self, connection: Connection, **values: Any) -> int:
        """Write, and return how many rows that was."""
        with closing(_asked(connection, *self.said(connection, values))) as cursor:
            written: int = cursor.rowcount
        return written

    def write(self, connection: Connection, **values: Any) -> None:
        """Write, and let nobody wait for it: PostgreSQL gets it in one message with what the transaction says next.

        What it is refused for is told there, or where the transaction ends. SQLite lies in the process: it writes now.
        """
        ready, fitted = self.said(connection, values)
        if ready.named is None:
            _asked(connection, ready, fitted).close()
        else:
            session: Any = connection.connection.dbapi_connection
            session.say_with_the_next(ready.named, fitted)

    def said(self, connection: Connection, values: Mapping[str, Any]) -> tuple[Ready, dict[str, Any]]:
        """Return what goes to the connection's database: the statement, and its values.

        Raises InvalidRequestError where a connection for reading would write.
        """
        ready = self._ready.get(connection.dialect.name)
        if ready is None:
            ready = self._ready[connection.dialect.name] = _made(self._statement, connection)
        if ready.is_writing and is_for_reading(connection):
            raise InvalidRequestError("This connection is for reading.")
        if not connection.in_transaction():
            connection.begin()
        return ready, ready.fitted(values)


def _asked(connection: Connection, ready: Ready, fitted: Mapping[str, Any]) -> Any:
    """Return the driver's cursor with the answer."""
    with driving(connection, ready.text) as driver:
        if ready.named is not None:
            return driver.ask(ready.named, fitted)
        return driver.execute(ready.text, [fitted[name] for name in ready.order or ()])


def _read(row: Row, reads: Sequence[tuple[int, Fit]]) -> Row:
    read = list(row)
    for column, fit in reads:
        read[column] = fit(read[column])
    return tuple(read)


def _made(statement: Any, connection: Connection) -> Ready:
    dialect = connection.dialect
    compiled = statement.compile(dialect=dialect)
    if compiled.post_compile_params:
        raise ValueError("a list of values goes by `among`, which is the same text however long it is")
    types = {name: bind.type.dialect_impl(dialect) for bind, name in compiled.bind_names.items()}
    fits = {name: type.bind_processor(dialect) for name, type in types.items()}
    values = compiled.construct_params(_check=False)
    given = {
        name: fit(values[name]) if fit and values[name] is not None else values[name] for name, fit in fits.items()
    }
    return Ready(
        text=str(compiled),
        order=compiled.positiontup,
        given=given,
        fits={name: fit for name, fit in fits.items() if values[name] is None},
        reads=_reads(statement, dialect),
        is_writing=compiled.isinsert or compiled.isupdate or compiled.isdelete,
        named=None if dialect.name == "sqlite" else _named(str(compiled), given, types, connection),
    )


def _reads(statement: Any, dialect: Dialect) -> list[tuple[int, Fit]]:
    impls = [column.type.dialect_impl(dialect) for column in getattr(statement, "exported_columns", ())]
    return [(at, fit) for at, impl in enumerate(impls) if (fit := impl.result_processor(dialect, None))]


def _named(text: str, given: Mapping[str, Any], types: Mapping[str, TypeEngine[Any]], connection: Connection) -> Named:
    """Return how PostgreSQL is told a statement, and asked for it: it knows values by their places."""
    open_ = [value for value in given if given[value] is None]
    with closing(connection.connection.cursor()) as cursor:
        places: dict[str, str] = {
            value: cursor.mogrify("%s", (fixed,)).decode() for value, fixed in given.items() if fixed is not None
        }
    places |= {value: f"${place}" for place, value in enumerate(open_, 1)}
    kinds = {value: _kind(types[value], connection.dialect) for value in open_}
    marks = [f"%({value})s{f'::{kind}' if kind.endswith('[]') else ''}" for value, kind in kinds.items()]
    listed, asked = (f"({', '.join(each)})" if open_ else "" for each in (kinds.values(), marks))
    told = f"{listed} AS {text % places}"
    # by what it says: whoever is lent a session that others use, as no proxy may do, asks nothing else by it
    name = f"frontdesk_{blake2b(told.encode(), digest_size=8).hexdigest()}"
    return Named(name, f"PREPARE {name}{told}; ".encode(), f"EXECUTE {name}{asked}")


def _kind(type: TypeEngine[Any], dialect: Dialect) -> str:
    return "unknown" if isinstance(type, NullType) else dialect.type_compiler_instance.process(type)


def send_unsent(connection: Connection) -> None:
    """Let the database have what was left to go with the next statement."""
    if connection.dialect.name != "sqlite":
        with driving(connection, "") as session:
            session.send_unsent()
