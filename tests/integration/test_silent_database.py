"""What a process does whose PostgreSQL says nothing more, holds locks, or is asked for too much (DESIGN rule 5)."""

import json
import os
import socket
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import psycopg2
import pytest
from psycopg2.errors import LockNotAvailable, QueryCanceled
from psycopg2.extensions import POLL_OK, POLL_READ
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as PoolTimeout

from shared.bus.events.unit_of_work import UnitOfWork
from shared.contracts.errors import Unavailable
from shared.storage.database import Database, is_away
from shared.storage.limits import Limits
from shared.storage.postgres import _wait_within_patience
from tests.contract.bus.services import Store
from tests.servers.postgres import FreshDatabases
from tests.servers.server import Server

ROOT = Path(__file__).parents[2]
PATIENT = Limits(connections=2, connect=30, pool=30, lock=30, statement=30, idle=30, silence=4)
"""What no test waits for, however slow the machine: each shortens the one limit that it shows."""

PROGRAM = """
import eventlet; eventlet.monkey_patch()
import json, sys
from sqlalchemy import text
from shared.bus.events.unit_of_work import UnitOfWork
from shared.contracts.errors import Refusal
from shared.storage.database import Database
from shared.storage.limits import Limits
from tests.contract.bus.services import Store

work = UnitOfWork(Database(sys.argv[1], Limits(connect=1, statement=1)), Store)
ticks = 0

def tick():
    global ticks
    while True:
        ticks += 1
        eventlet.sleep(0.05)

def tell(what):
    print(json.dumps(what), flush=True)

def ask(meanwhile=lambda: None):
    before = ticks
    try:
        with work() as store:
            store.connection.execute(text("SELECT 1"))
            meanwhile()
            store.connection.execute(text("SELECT 2"))
    except Refusal as refusal:
        return [refusal.code, ticks - before]
    return ["done", 0]

def healthy():
    while ask() != ["done", 0]:
        pass
    tell("done")

def ordered(said):
    tell(said)
    sys.stdin.readline()

def in_the_midst(said):
    told = []

    def tell_once():
        told.append(said)
        ordered(said)

    while not told:
        answer = ask(tell_once)
    return answer

eventlet.spawn(tick)
eventlet.sleep(0)
healthy()
ordered("a connection lies idle")
tell(ask())
tell(ask())
ordered("both were tried")
healthy()
tell(in_the_midst("a transaction is open"))
ordered("that was tried")
healthy()
"""
"""Asks of an idle connection, of a new one and in the midst of a transaction, each time that it may go on."""


class Asking:
    """The process that runs the program above."""

    def __init__(self, process: "subprocess.Popen[str]") -> None:
        self._process = process

    def says(self) -> Any:
        """Return what it says next."""
        assert self._process.stdout is not None
        return json.loads(self._process.stdout.readline())

    def goes_on(self) -> None:
        """Let it go on after it has said where it stands."""
        assert self._process.stdin is not None
        self._process.stdin.write("\n")
        self._process.stdin.flush()


@contextmanager
def asking(address: str) -> Iterator[Asking]:
    """Run the program against the database at `address`."""
    process = subprocess.Popen(
        [sys.executable, "-W", "ignore", "-c", PROGRAM, address],
        cwd=ROOT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    try:
        yield Asking(process)
    finally:
        process.kill()
        process.communicate()


def test_a_frozen_postgresql_holds_no_worker_for_longer_than_its_limit_and_no_other_work_at_all(
    postgres_server: Server,
) -> None:
    databases = FreshDatabases(postgres_server.address)
    with asking(databases.new()) as program:
        assert program.says() == "done"
        assert program.says() == "a connection lies idle"
        postgres_server.pause()
        program.goes_on()
        for _ in ("the idle connection", "a new one"):
            code, ticks = program.says()
            assert code == "unavailable"
            assert ticks > 1, "nothing else ran meanwhile"
        assert program.says() == "both were tried"
        postgres_server.resume()
        program.goes_on()
        assert program.says() == "done"
        assert program.says() == "a transaction is open"
        postgres_server.pause()
        program.goes_on()
        assert program.says()[0] == "unavailable"
        assert program.says() == "that was tried"
        postgres_server.resume()
        program.goes_on()
        assert program.says() == "done"
    databases.drop_all()


@contextmanager
def limited(address: str, **limits: int) -> Iterator[UnitOfWork[Store]]:
    """Yield units of work over a database of which these limits are short."""
    database = Database(address, replace(PATIENT, **limits))
    try:
        yield UnitOfWork(database, Store)
    finally:
        database.close()


def cause(refused: pytest.ExceptionInfo[Unavailable]) -> object:
    """Return what psycopg2, or the pool, said."""
    trouble = refused.value.__cause__
    return getattr(trouble, "orig", trouble)


def test_who_waits_too_long_for_a_lock_is_told_so(postgres_url: str) -> None:
    locking = text("SELECT pg_advisory_xact_lock(1)")
    with limited(postgres_url) as holding, limited(postgres_url, lock=1) as work, holding() as other:
        other.connection.execute(locking)
        with pytest.raises(Unavailable) as refused, work() as store:
            store.connection.execute(locking)
    assert isinstance(cause(refused), LockNotAvailable)


def test_a_statement_that_takes_too_long_is_ended(postgres_url: str) -> None:
    with limited(postgres_url, statement=1) as work, pytest.raises(Unavailable) as refused, work() as store:
        store.connection.execute(text("SELECT pg_sleep(60)"))
    assert isinstance(cause(refused), QueryCanceled)


def test_a_transaction_that_stands_idle_gives_its_locks_up(postgres_url: str) -> None:
    """As that of a process does that was frozen, or cut off."""
    locking = text("SELECT pg_advisory_xact_lock(2)")

    def stand_idle(work: UnitOfWork[Store]) -> None:
        with work.database.transaction() as idle:
            idle.execute(locking)
            with limited(postgres_url) as waiting, waiting() as other:
                other.connection.execute(locking)
            idle.execute(text("SELECT 1"))

    with limited(postgres_url, idle=1) as work, pytest.raises(DBAPIError) as ended:
        stand_idle(work)
    assert is_away(ended.value)


def test_who_finds_no_free_connection_is_told_so(postgres_url: str) -> None:
    with (
        limited(postgres_url, pool=1) as work,
        work.reading(),
        work.reading(),
        pytest.raises(Unavailable) as told,
        work(),
    ):
        pass
    assert isinstance(cause(told), PoolTimeout)


class Answering:
    """A connection as psycopg2 gives it to who waits for it: what its looks find, and a socket on which none comes."""

    patience = 0.01

    def __init__(self, silent: socket.socket, *looks: int) -> None:
        self._silent = silent
        self._looks = iter(looks)

    def poll(self) -> int:
        """Return what is found now."""
        return next(self._looks)

    def fileno(self) -> int:
        """Return where nothing ever comes."""
        return self._silent.fileno()


def test_who_was_held_up_until_the_time_was_over_looks_once_more_for_the_answer() -> None:
    ours, theirs = socket.socketpair()
    with ours, theirs:
        _wait_within_patience(Answering(ours, POLL_READ, POLL_OK))
        with pytest.raises(psycopg2.OperationalError, match="no answer"):
            _wait_within_patience(Answering(ours, POLL_READ, POLL_READ))


def test_both_sides_find_out_that_the_other_is_gone(postgres_url: str) -> None:
    """A path that falls silent, as when a machine is lost or a network forgets the connection."""
    with limited(postgres_url) as work, work.database.reading() as connection:
        ours = socket.socket(fileno=os.dup(connection.connection.fileno()))  # type: ignore[attr-defined]
        with ours:
            assert ours.getsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE)
            assert ours.getsockopt(socket.IPPROTO_TCP, socket.TCP_KEEPIDLE) == 1
            assert ours.getsockopt(socket.IPPROTO_TCP, socket.TCP_USER_TIMEOUT) == 4000
        names = ("tcp_keepalives_idle", "tcp_keepalives_interval", "tcp_keepalives_count", "tcp_user_timeout")
        theirs = [connection.execute(text(f"SHOW {name}")).scalar_one() for name in names]
    assert theirs == ["1", "1", "3", "4000"]


def test_what_the_address_says_goes_before_the_settings(new_postgres_database: Callable[[], str]) -> None:
    address = new_postgres_database()
    saying = f"{address}?options=-c%20lock_timeout%3D7000&keepalives_idle=9"
    with limited(saying) as work, work.database.reading() as connection:
        assert connection.execute(text("SHOW lock_timeout")).scalar_one() == "7s"
        assert connection.execute(text("SHOW statement_timeout")).scalar_one() == "30s"


def test_migrations_take_the_time_that_they_take(postgres_url: str) -> None:
    database = Database(postgres_url, limits=None)
    with database.reading() as connection:
        names = ("statement_timeout", "lock_timeout", "idle_in_transaction_session_timeout")
        assert [connection.execute(text(f"SHOW {name}")).scalar_one() for name in names] == ["0", "0", "0"]
    database.close()
