"""Statements whose results nobody needs: on PostgreSQL they go in one message with the transaction's next."""

from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

from sqlalchemy import Connection, Dialect, Executable


class Prepared(NamedTuple):
    """A statement in the words of one kind of database, and what makes its values fit, by name."""

    text: str
    given: Mapping[str, Any]
    fitting: Mapping[str, Callable[[Any], Any]]


class Unanswered:
    """A statement with named values that is made ready once, and whose result nobody needs.

    What it is refused for is told where the transaction says the next thing, or ends.
    """

    def __init__(self, statement: Executable) -> None:
        self._statement = statement
        self._prepared: Prepared | None = None

    def write(self, connection: Connection, **values: Any) -> None:
        """Write with these values; at once where the database is SQLite, which lies in the process."""
        if connection.dialect.name == "sqlite":
            connection.execute(self._statement, values)
            return
        if self._prepared is None:
            self._prepared = self._made(connection.dialect)
        text, given, fitting = self._prepared
        fitted = {name: fitting[name](value) if name in fitting else value for name, value in values.items()}
        session: Any = connection.connection.dbapi_connection
        session.say_with_the_next(text, {**given, **fitted})

    def _made(self, dialect: Dialect) -> Prepared:
        compiled = self._statement.compile(dialect=dialect)  # type: ignore[attr-defined]
        fitting = {}
        for name, bind in compiled.binds.items():
            if fit := bind.type.dialect_impl(dialect).bind_processor(dialect):
                fitting[name] = fit
        return Prepared(str(compiled), compiled.construct_params(_check=False), fitting)


def send_unsent(connection: Connection) -> None:
    """Let the database have what was left to go with the next statement."""
    if connection.dialect.name != "sqlite":
        session: Any = connection.connection.dbapi_connection
        if session.has_unsent:
            connection.exec_driver_sql("SELECT 1")
