"""Connections at hand: what SQLAlchemy makes around each one that its pool hands out is made once, not every time."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from sqlalchemy import Connection, Engine

WHAT_FOR = "frontdesk_what_for"
"""The option of a connection that says what it was taken for."""


class Connections:
    """The open ones of a database, taken last in, first out. The engine's pool says how many there may be."""

    def __init__(self, engine: Engine, has_ended: Callable[[Any], bool]) -> None:
        """`has_ended` tells of a driver's connection whether the server has ended it."""
        self._engine = engine
        self._has_ended = has_ended
        self._idle: list[Connection] = []
        self.waiting = 0
        """How many ask the pool just now."""

    @contextmanager
    def taken(self, what_for: str) -> Iterator[Connection]:
        """Yield a connection in no transaction; what was not committed in the end is taken back.

        Raises SQLAlchemy's TimeoutError where none is given back in time.
        """
        connection = self._alive() or self._new()
        try:
            if connection.get_execution_options().get(WHAT_FOR) != what_for:
                connection.execution_options(**{WHAT_FOR: what_for})
            yield connection
        finally:
            self._give_back(connection)

    def close(self) -> None:
        """Close those that nobody uses."""
        while self._idle:
            self._idle.pop().close()

    def _alive(self) -> Connection | None:
        """Return one that is at hand; those that the server has ended are closed."""
        while self._idle:
            connection = self._idle.pop()
            if not self._has_ended(connection.connection.dbapi_connection):
                return connection
            connection.invalidate()
            connection.close()
        return None

    def _new(self) -> Connection:
        self.waiting += 1
        try:
            return self._engine.connect()
        finally:
            self.waiting -= 1

    def _give_back(self, connection: Connection) -> None:
        """Keep a connection at hand, or leave it to the pool, where somebody may wait for it."""
        try:
            connection.rollback()
        except BaseException:
            connection.invalidate()
            connection.close()
            raise
        is_whole = not connection.invalidated and self._is_clean(connection)
        if self.waiting or not is_whole:  # who came while it was cleaned waits too
            connection.close()
        else:
            self._idle.append(connection)

    def _is_clean(self, connection: Connection) -> bool:
        """Take back what a commit that failed has left: SQLAlchemy leaves that to the pool. Tell whether it is gone."""
        try:
            self._engine.dialect.do_rollback(connection.connection.dbapi_connection)  # type: ignore[arg-type]
        except self._engine.dialect.loaded_dbapi.Error:
            connection.invalidate()
            return False
        return True
