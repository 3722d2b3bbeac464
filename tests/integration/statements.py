"""What goes to a service's database, and by what it finds what it is asked for."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import Any

from sqlalchemy import event, text

from shared.storage.database import Database

Statement = tuple[str, Any]
"""A statement and its parameters, as the driver gets them."""


@contextmanager
def statements(database: Database) -> Iterator[list[Statement]]:
    """Note the statements that the block sends, without what begins and ends transactions."""
    sent: list[Statement] = []

    def note(_connection: Any, _cursor: Any, statement: str, parameters: Any, *_: Any) -> None:
        if not statement.startswith(("PRAGMA", "BEGIN")):
            sent.append((statement, parameters))

    event.listen(database.engine, "before_cursor_execute", note)
    try:
        yield sent
    finally:
        event.remove(database.engine, "before_cursor_execute", note)


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
