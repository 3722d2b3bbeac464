"""Connections that are taken again and again."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Connection, Engine, create_engine, text
from sqlalchemy.exc import IntegrityError, OperationalError, TimeoutError

from shared.storage.connections import WHAT_FOR, Connections
from tests.servers.ports import wait_until

_PATIENCE = 60


@pytest.fixture
def engine(tmp_path: Path) -> Iterator[Engine]:
    """Return an engine of one connection, which may be had within a minute."""
    made = create_engine(
        f"sqlite:///{tmp_path}/one.sqlite3",
        pool_size=1,
        max_overflow=0,
        pool_timeout=_PATIENCE,
        connect_args={"check_same_thread": False},
    )
    yield made
    made.dispose()


def alive(_driver: Any) -> bool:
    """Tell that no connection has ended."""
    return False


def test_a_connection_is_taken_again(engine: Engine) -> None:
    connections = Connections(engine, alive)
    with connections.taken("reads") as first:
        assert first.get_execution_options()[WHAT_FOR] == "reads"
    with connections.taken("writes") as second:
        assert second is first
        assert second.get_execution_options()[WHAT_FOR] == "writes"


def test_what_was_not_committed_is_taken_back(engine: Engine) -> None:
    connections = Connections(engine, alive)
    with connections.taken("writes") as connection:
        connection.execute(text("CREATE TABLE notes (id integer)"))
        connection.commit()
        connection.execute(text("INSERT INTO notes VALUES (1)"))
    with connections.taken("reads") as connection:
        assert connection.execute(text("SELECT count(*) FROM notes")).scalar_one() == 0


def test_one_that_has_ended_is_made_anew(engine: Engine) -> None:
    ended: set[Any] = set()
    connections = Connections(engine, ended.__contains__)
    with connections.taken("reads") as connection:
        ended.add(driver_of(connection))
    with connections.taken("reads") as connection:
        assert driver_of(connection) not in ended


def test_one_that_failed_for_good_is_not_kept(engine: Engine) -> None:
    connections = Connections(engine, alive)
    with connections.taken("reads") as connection:
        broken = driver_of(connection)
        connection.invalidate()
    with connections.taken("reads") as connection:
        assert driver_of(connection) is not broken


def test_whoever_waits_gets_the_next_that_is_given_back(engine: Engine) -> None:
    connections = Connections(engine, alive)

    def driver() -> Any:
        with connections.taken("reads") as connection:
            return driver_of(connection)

    with ThreadPoolExecutor(1) as threads:
        with connections.taken("reads") as connection:
            mine, waits = driver_of(connection), threads.submit(driver)
            assert wait_until(lambda: bool(connections.waiting), _PATIENCE)
        assert waits.result(_PATIENCE) is mine
    assert driver() is mine


def test_whoever_comes_while_one_is_cleaned_gets_it(engine: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    """To take back what a failed commit has left is a way to the server, on which others get their turn."""
    connections = Connections(engine, alive)

    def come(*_: Any) -> None:
        connections.waiting += 1

    with connections.taken("reads"):
        monkeypatch.setattr(engine.dialect, "do_rollback", come)
    with engine.connect() as connection:  # within a minute, or raises TimeoutError
        assert driver_of(connection)


def test_whoever_waits_too_long_is_told(tmp_path: Path) -> None:
    hurried = create_engine(f"sqlite:///{tmp_path}/one.sqlite3", pool_size=1, max_overflow=0, pool_timeout=0)
    connections = Connections(hurried, alive)
    with connections.taken("reads"), pytest.raises(TimeoutError), connections.taken("reads"):
        pass
    assert not connections.waiting
    connections.close()
    hurried.dispose()


def test_one_that_cannot_take_back_is_given_up(engine: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    connections = Connections(engine, alive)

    def fail(*_: Any) -> None:
        raise OperationalError("ROLLBACK", None, Exception("gone"))

    def leave_uncommitted() -> Any:
        with connections.taken("writes") as connection:
            connection.execute(text("SELECT 1"))
            monkeypatch.setattr(engine.dialect, "do_rollback", fail)
            return driver_of(connection)

    with pytest.raises(OperationalError):
        leave_uncommitted()
    monkeypatch.undo()
    with connections.taken("writes") as connection:
        assert connection.execute(text("SELECT 1")).scalar_one() == 1


def test_one_whose_commit_failed_is_taken_again_with_nothing_left(engine: Engine) -> None:
    connections = Connections(engine, alive)
    failing = "CREATE TABLE notes (id integer PRIMARY KEY, of integer REFERENCES notes DEFERRABLE INITIALLY DEFERRED)"

    def write() -> None:
        with connections.taken("writes") as connection, connection.begin():
            connection.execute(text("INSERT INTO notes VALUES (1, 2)"))

    with connections.taken("writes") as connection:
        driver_of(connection).execute("PRAGMA foreign_keys = ON")
        connection.execute(text(failing))
        connection.commit()
    for _ in range(2):
        with pytest.raises(IntegrityError):
            write()
    with connections.taken("reads") as connection:
        assert connection.execute(text("SELECT count(*) FROM notes")).scalar_one() == 0


def driver_of(connection: Connection) -> Any:
    """Return the driver's own connection."""
    return connection.connection.dbapi_connection
