"""What goes to a service's database, and by what it finds what it is asked for."""

from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any
from unittest.mock import patch

from sqlalchemy import Connection, event, text

from shared.storage.database import Database
from shared.storage.postgres import SessionCursor
from shared.storage.prepared import Prepared

Statement = tuple[str, Any]
"""A statement and its parameters, as the driver gets them."""


@contextmanager
def statements(database: Database) -> Iterator[list[Statement]]:
    """Note the statements that the block sends, without what begins and ends transactions.

    One that PostgreSQL gets for each of many rows is as many; SQLite gets it once, and goes through them by itself.
    """
    sent: list[Statement] = []

    def note(_connection: Any, _cursor: Any, statement: str, parameters: Any, *_: Any) -> None:
        if not statement.startswith(("PRAGMA", "BEGIN")):
            row_by_row = isinstance(parameters, list) and not database.is_sqlite
            sent.extend((statement, each) for each in (parameters if row_by_row else [parameters]))

    said = Prepared.said

    def note_prepared(prepared: Prepared, connection: Connection, values: Mapping[str, Any]) -> Any:
        ready, fitted = said(prepared, connection, values)
        if connection.engine.pool is database.engine.pool:
            sent.append((ready.text, fitted if ready.order is None else tuple(fitted[name] for name in ready.order)))
        return ready, fitted

    event.listen(database.engine, "before_cursor_execute", note)
    try:
        with patch.object(Prepared, "said", note_prepared):
            yield sent
    finally:
        event.remove(database.engine, "before_cursor_execute", note)


@contextmanager
def messages_to_postgresql() -> Iterator[list[str]]:
    """Note every message that the block sends to PostgreSQL servers, what begins and ends transactions among it.

    One message, one way there and back, may hold several statements.
    """
    sent: list[str] = []
    execute, execute_row_by_row = SessionCursor.send, SessionCursor.executemany

    def send(cursor: SessionCursor, query: Any, parameters: Any = None) -> None:
        sent.append(cursor.mogrify(query, parameters).decode())
        execute(cursor, query, parameters)

    def send_row_by_row(cursor: SessionCursor, query: Any, parameters: Any) -> None:
        sent.extend(cursor.mogrify(query, each).decode() for each in parameters)
        execute_row_by_row(cursor, query, parameters)

    with patch.object(SessionCursor, "send", send), patch.object(SessionCursor, "executemany", send_row_by_row):
        yield sent


def plans(database: Database, sent: Iterable[Statement], *, postgresql: str = "EXPLAIN") -> list[str]:
    """Return how the database reads for each statement; `postgresql` is how that one is asked."""
    explain = "EXPLAIN QUERY PLAN" if database.is_sqlite else postgresql
    with database.transaction() as connection:
        return [
            "\n".join(str(row) for row in connection.exec_driver_sql(f"{explain} {statement}", parameters))
            for statement, parameters in sent
        ]


def look_at_rows(database: Database) -> None:
    """Let the database count what it holds, as it does by itself sooner or later, and plan by that."""
    with database.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(text("ANALYZE"))
