"""One engine per service database, PostgreSQL or SQLite, behind the same three calls.

Under eventlet psycopg2 yields by itself; SQLite stops the whole process while it waits for its write lock, so
writers of one process queue at a green lock instead. Nothing that yields (RPC, HTTP, sleep) belongs inside a
transaction (DESIGN rule 6).
"""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from datetime import UTC, datetime
from pathlib import Path
from threading import Lock
from typing import Any

from sqlalchemy import (
    JSON,
    BigInteger,
    Connection,
    DateTime,
    Dialect,
    Engine,
    MetaData,
    Table,
    bindparam,
    create_engine,
    event,
    text,
)
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.dialects.postgresql import insert as insert_postgresql
from sqlalchemy.dialects.sqlite import insert as insert_sqlite
from sqlalchemy.engine import make_url
from sqlalchemy.exc import DBAPIError, InvalidRequestError, OperationalError, SQLAlchemyError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from sqlalchemy.types import TypeDecorator

from shared.storage.connections import WHAT_FOR, Connections
from shared.storage.idle import has_ended
from shared.storage.limits import Limits
from shared.storage.postgres import postgres_engine
from shared.storage.private_files import keep_private

_SQLITE_TROUBLE = {
    sqlite3.SQLITE_BUSY,
    sqlite3.SQLITE_LOCKED,
    sqlite3.SQLITE_FULL,
    sqlite3.SQLITE_IOERR,
    sqlite3.SQLITE_CANTOPEN,
}

_USUAL = Limits()
_WRITES, _READS = "writes", "reads"

Json = JSON().with_variant(JSONB(), "postgresql")
"""A column of plain JSON values: `jsonb` on PostgreSQL, text on SQLite."""

NAMES = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}


def new_metadata() -> MetaData:
    """Return a MetaData whose constraints get the same names on every database."""
    return MetaData(naming_convention=NAMES)


class UtcDateTime(TypeDecorator[datetime]):
    """An aware UTC moment: `timestamptz` on PostgreSQL, naive UTC text on SQLite; always read back aware."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Refuse naive moments and store UTC."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError(f"a moment without time zone: {value}")
        value = value.astimezone(UTC)
        return value.replace(tzinfo=None) if dialect.name == "sqlite" else value

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Return the stored moment as aware UTC."""
        if value is None:
            return None
        if value.tzinfo is UTC:
            return value
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


class Database:
    """A service's own database.

    `limits` are PostgreSQL's, None where statements and locks may take as long as they take; `patience` is how many
    seconds SQLite waits for another process that writes.
    """

    def __init__(self, url: str, limits: Limits | None = _USUAL, patience: float = 5) -> None:
        self.url = url
        self.engine = _engine(url, limits, patience)
        self._connections = Connections(self.engine, _never if self.is_sqlite else has_ended)
        self._writing: Lock | None = Lock() if self.is_sqlite else None
        event.listen(self.engine, "before_cursor_execute", _refuse_to_write)

    @property
    def is_sqlite(self) -> bool:
        """Whether this is the embedded kind."""
        return self.engine.dialect.name == "sqlite"

    @contextmanager
    def transaction(self) -> Iterator[Connection]:
        """Open a transaction that commits when the block ends and rolls back when it raises."""
        with self._writing or nullcontext(), self._connections.taken(_WRITES) as connection, connection.begin():
            if self.is_sqlite:
                _begin_sqlite(connection, "BEGIN IMMEDIATE")
            else:
                _session(connection).begin()
            yield connection

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """Open a connection that cannot write; each of its statements sees the state of its own moment.

        So one statement costs one way to the server. What several must see of one moment goes by `snapshot`.
        """
        with self._connections.taken(_READS) as connection:
            yield connection

    @contextmanager
    def snapshot(self) -> Iterator[Connection]:
        """Open a connection that cannot write, and whose statements all see one state."""
        with self._connections.taken(_READS) as connection:
            connection.begin()
            if self.is_sqlite:
                _begin_sqlite(connection, "BEGIN")
            else:
                _session(connection).begin_snapshot()
            yield connection

    def close(self) -> None:
        """Close all connections that nobody uses."""
        self._connections.close()
        self.engine.dispose()


def is_for_reading(connection: Connection) -> bool:
    """Tell whether a connection is one of `reading` or `snapshot`."""
    return connection.get_execution_options().get(WHAT_FOR) == _READS


def is_alone(connection: Connection, name: bytes) -> bool:
    """Tell whether no other transaction is at what `name` (eight bytes) stands for; then none will be until the commit.

    On SQLite there is one writer at a time anyway.
    """
    if connection.dialect.name == "sqlite":
        return True
    lock = text("SELECT pg_try_advisory_xact_lock(:key)").bindparams(bindparam("key", type_=BigInteger))
    return bool(connection.scalar(lock, {"key": int.from_bytes(name, "big") >> 1}))


def insert_into(connection: Connection, table: Table) -> Any:
    """Return an INSERT that can say what to do on conflict, in the words of the connection's database."""
    return insert_by(connection.dialect.name, table)


def insert_by(dialect: str, table: Table) -> Any:
    """Return such an INSERT in the words of a dialect, for statements that are made once."""
    return (insert_sqlite if dialect == "sqlite" else insert_postgresql)(table)


def is_away(trouble: SQLAlchemyError) -> bool:
    """Tell whether `trouble` means that the database is out of reach or of room, not that a statement is wrong."""
    if isinstance(trouble, PoolTimeout):
        return True
    if not isinstance(trouble, DBAPIError):
        return False
    if isinstance(trouble.orig, sqlite3.Error):  # SQLite reports wrong SQL by the same class
        return getattr(trouble.orig, "sqlite_errorcode", None) in _SQLITE_TROUBLE
    return trouble.connection_invalidated or isinstance(trouble, OperationalError)


@contextmanager
def driving(connection: Connection, text: str) -> Iterator[Any]:
    """Yield the driver's own connection; what it raises becomes SQLAlchemy's, with the statement but not its values.

    A connection that has ended is given up, and so is one on which a thread was ended while it waited for an answer.
    """
    dialect, driver = connection.dialect, connection.connection.dbapi_connection
    errors = dialect.loaded_dbapi.Error
    try:
        yield driver
    except errors as error:
        is_gone = dialect.is_disconnect(error, driver, None)
        if is_gone:
            connection.invalidate(error)
        raise DBAPIError.instance(
            text, None, error, errors, hide_parameters=True, connection_invalidated=is_gone, dialect=dialect
        ) from error
    except BaseException as end:
        if not isinstance(end, Exception):
            connection.invalidate(end)
        raise


def _engine(url: str, limits: Limits | None, patience: float) -> Engine:
    """Return an engine whose errors keep the values of rows out of logs and dead letters (DESIGN rule 9)."""
    if make_url(url).get_backend_name() != "sqlite":
        return postgres_engine(url, limits)
    path = make_url(url).database
    if path:
        keep_private(Path(path))
    engine = create_engine(
        url,
        pool_size=(limits or _USUAL).connections,
        max_overflow=0,
        connect_args={"timeout": patience, "check_same_thread": False},
        hide_parameters=True,
    )
    event.listen(engine, "connect", _prepare_sqlite)
    return engine


def _prepare_sqlite(connection: Any, _record: Any) -> None:
    connection.isolation_level = None  # `Database` says when a transaction begins, not the driver
    for pragma in ("journal_mode=WAL", "synchronous=NORMAL", "foreign_keys=ON"):
        connection.execute(f"PRAGMA {pragma}")


def _begin_sqlite(connection: Connection, words: str) -> None:
    with driving(connection, words) as driver:
        driver.execute(words)


def _never(_file: Any) -> bool:
    return False


def _session(connection: Connection) -> Any:
    return connection.connection.dbapi_connection


def _refuse_to_write(
    connection: Connection, _cursor: Any, _statement: str, _values: Any, context: Any, _many: bool
) -> None:
    if is_for_reading(connection) and (context.isinsert or context.isupdate or context.isdelete):
        raise InvalidRequestError("This connection is for reading.")
