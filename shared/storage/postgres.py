"""Connections to PostgreSQL that say no more than they must, and are given up when nothing comes back (DESIGN rule 5).

The server ends what takes too long, waits too long for a lock, or stands idle in a transaction. A server that says
nothing at all can end nothing: its kernel still acknowledges what is sent to a frozen process, so that keepalives find
only dead machines and dead ways. So green threads, which wait through a callback of ours, count the time themselves.

An idle connection is not asked whether it lives: its socket tells (`shared/storage/idle.py`).

What is asked again and again the server keeps by name, in each session (ADR 31): it is told in the message that first
asks it, and where such a message fails, so that nobody knows how far it came, all are told anew.

Of what the server says of an error its first line is kept, which names what is wrong: below stand values of rows, and
the statement with its own (DESIGN rule 9).
"""

from collections.abc import Mapping
from typing import Any, NamedTuple

import psycopg2
from eventlet import Timeout
from eventlet.support.psycopg2_patcher import eventlet_wait_callback
from psycopg2 import extensions
from sqlalchemy import Engine, create_engine, event
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import InvalidatePoolError, InvalidRequestError

from shared.storage.idle import has_ended
from shared.storage.limits import Limits

_PROBES = 3
_GRACE = 1.0
"""Seconds after its limit in which the server tells of a statement that it has ended itself."""
_LAST_LOOK = 0.5
_BEGIN = b"BEGIN; "
_FORGET = b"DEALLOCATE ALL; "
_FAILED = extensions.TRANSACTION_STATUS_INERROR


def postgres_engine(url: str, limits: Limits | None) -> Engine:
    """Return an engine whose waiting ends; without `limits` only that for a connection does, as migrations want it."""
    address, known = make_url(url), limits or Limits()
    if extensions.get_wait_callback() is not None:  # green threads; others wait inside libpq
        extensions.set_wait_callback(_wait_within_patience)
    engine = create_engine(
        url,
        pool_size=known.connections,
        max_overflow=0,
        pool_timeout=known.pool,
        pool_use_lifo=True,  # few are busy, and keep what they were told
        use_native_hstore=False,  # nobody has such columns, and each new connection would ask for them
        hide_parameters=True,
        connect_args=_arguments(address, known, limits),
    )
    in_use = None if limits is None else limits.statement + _GRACE
    event.listen(engine, "connect", lambda connection, _: _send_no_begin(connection), insert=True)
    event.listen(engine, "checkout", lambda connection, *_: _take(connection, in_use))
    return engine


class Named(NamedTuple):
    """A statement that a session of the server keeps by a name."""

    name: str
    telling: bytes
    """What lets the server keep it."""
    asking: str
    """What asks it, with marks for its values."""


class Session(extensions.connection):
    """A connection that is in no transaction but between `begin` and `commit` or `rollback`.

    BEGIN goes with the first statement; SQLAlchemy alone would let the driver send it by itself before. So goes what
    nobody needs the result of with what comes next: the server takes several statements in one message, in order.
    """

    patience: float | None = None
    """Seconds for which an answer is waited for; None: for ever."""
    unsent = b""
    """What goes with the next statement, before it."""
    was_taken = False
    """Whether the pool has given it to somebody before."""
    forgets = False
    """Whether the server must forget what it keeps by name, before anything else."""

    def __init__(self, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        self._kept: set[str] = set()
        self._telling: set[str] = set()

    def begin(self) -> None:
        """Let the statements from now on be one transaction."""
        self.unsent = _BEGIN

    def ask(self, statement: Named, values: Mapping[str, Any]) -> "SessionCursor":
        """Return the answer to a statement that is kept by name."""
        cursor: SessionCursor = self.cursor()  # type: ignore[assignment]  # its factory's
        cursor.execute(self._said(cursor, statement, values))
        return cursor

    def say_with_the_next(self, statement: Named, values: Mapping[str, Any]) -> None:
        """Let a statement go with the next one, or by `send_unsent`; raise InvalidRequestError in no transaction."""
        if not self.unsent and self.get_transaction_status() == extensions.TRANSACTION_STATUS_IDLE:
            raise InvalidRequestError("This connection is for reading.")
        with self.cursor() as cursor:
            self.unsent += self._said(cursor, statement, values) + b"; "

    def _said(self, cursor: extensions.cursor, statement: Named, values: Mapping[str, Any]) -> bytes:
        said = cursor.mogrify(statement.asking, values)
        if statement.name in self._kept or statement.name in self._telling:
            return said
        self._telling.add(statement.name)
        return statement.telling + said

    def note_sent(self) -> None:
        """Take what was told for kept: the server has answered."""
        if self._telling:
            self._kept |= self._telling
            self._telling.clear()

    def note_failed(self, trouble: psycopg2.Error) -> None:
        """Begin anew with what is kept, where that may be at fault, or may not have been told."""
        if self._telling or isinstance(trouble, (psycopg2.OperationalError, psycopg2.NotSupportedError)):
            self._kept.clear()
            self._telling.clear()
            self.forgets = True

    def send_unsent(self) -> None:
        """Say what was to go with the next statement, where that is anything."""
        if self.unsent not in (b"", _BEGIN):
            with self.cursor() as cursor:
                cursor.execute("")

    def begin_snapshot(self) -> None:
        """Let the statements from now on see one state, and write nothing; the driver begins, as streams need it."""
        self.autocommit = False
        self.set_session(isolation_level="REPEATABLE READ", readonly=True)

    def commit(self) -> None:
        """End the transaction, if anything has begun it, with what was to go with the next statement."""
        if self.unsent == _BEGIN:
            self.unsent = b""
        self._end("COMMIT", super().commit)

    def rollback(self) -> None:
        """Take the transaction back, if anything has begun it."""
        self.unsent = b""
        self._telling.clear()
        self._end("ROLLBACK", super().rollback)

    def _end(self, word: str, as_the_driver_does: Any) -> None:
        """Raise InternalError where the server takes back what it was to commit: to it that is no error."""
        if not self.autocommit:
            as_the_driver_does()
            self.set_session(isolation_level="default", readonly="default")  # before autocommit is on: then it asks
            self.autocommit = True
        elif self.unsent or self.get_transaction_status() != extensions.TRANSACTION_STATUS_IDLE:
            with self.cursor() as cursor:
                cursor.execute(word)
                if cursor.statusmessage != word:
                    raise psycopg2.InternalError("the transaction was taken back: one of its statements had failed")


class SessionCursor(extensions.cursor):
    """A cursor that sends what its connection has kept."""

    connection: Session

    def execute(self, query: Any, parameters: Any = None) -> None:
        """Execute a statement, after what was kept for it."""
        session = self.connection
        must_forget = session.forgets and self.name is None and session.get_transaction_status() != _FAILED
        before = (_FORGET if must_forget else b"") + session.unsent
        if before:
            query, parameters = before + (self.mogrify(query, parameters) if query else b""), None  # or raises, unsent
            session.unsent = b""
        if must_forget:
            session.forgets = False
        try:
            self.send(query, parameters)
        except psycopg2.Error as trouble:
            session.note_failed(trouble)
            _keep_first_line(trouble)
            raise
        session.note_sent()

    def send(self, query: Any, parameters: Any = None) -> None:
        """Ask the server, and wait for its answer."""
        super().execute(query, parameters)

    def executemany(self, query: Any, parameters: Any) -> None:
        """Execute a statement once for each of its parameters."""
        if self.connection.unsent:
            self.execute("")
        try:
            super().executemany(query, parameters)
        except psycopg2.Error as trouble:
            _keep_first_line(trouble)
            raise


def _keep_first_line(trouble: psycopg2.Error) -> None:
    trouble.args = tuple(str(trouble).splitlines()[:1])


def _send_no_begin(connection: Session) -> None:
    connection.autocommit = True


def _take(connection: Session, seconds: float | None) -> None:
    """Let a connection of the pool wait so long; raise InvalidatePoolError where it has ended, as then have others.

    One just made is not asked: what ends it at once its first statement tells, as of a database that is away.
    """
    connection.patience = seconds
    if not connection.was_taken:
        connection.was_taken = True
        return
    if has_ended(connection):
        raise InvalidatePoolError


def _arguments(url: URL, known: Limits, limits: Limits | None) -> dict[str, Any]:
    """Return what libpq and the server's session are told, but for what the address itself says."""
    probing = max(1, known.silence // (_PROBES + 1))
    settings = {
        "tcp_keepalives_idle": probing,
        "tcp_keepalives_interval": probing,
        "tcp_keepalives_count": _PROBES,
        "tcp_user_timeout": known.silence * 1000,
        "timezone": "UTC",
    }
    if limits is not None:
        settings |= {
            "statement_timeout": limits.statement * 1000,
            "lock_timeout": limits.lock * 1000,
            "idle_in_transaction_session_timeout": limits.idle * 1000,
        }
    options = [f"-c {name}={value}" for name, value in settings.items()]
    given = {
        "connect_timeout": known.connect,
        "keepalives_idle": probing,
        "keepalives_interval": probing,
        "keepalives_count": _PROBES,
        "tcp_user_timeout": known.silence * 1000,
    }
    return {
        **{name: value for name, value in given.items() if name not in url.query},
        "options": " ".join([*options, *_as_tuple(url.query.get("options", ()))]),  # the later ones hold
        "connection_factory": type("PatientSession", (Session,), {"patience": known.connect}),
        "cursor_factory": SessionCursor,
    }


def _as_tuple(value: str | tuple[str, ...]) -> tuple[str, ...]:
    return (value,) if isinstance(value, str) else value


def _wait_within_patience(connection: Any) -> None:
    """Wait for what a connection has asked, as eventlet's own callback does; raise OperationalError at its limit.

    Psycopg closes a connection whose callback raises, so that nobody meets a late answer. Whether the answer has come
    is looked at once more: a process that was itself held up finds the time over and the answer there.
    """
    patience = getattr(connection, "patience", None)  # None never ends
    for seconds in (patience, _LAST_LOOK):
        with Timeout(seconds, False):  # which ends the waiting alone
            eventlet_wait_callback(connection)
            return
    raise psycopg2.OperationalError(f"no answer within {patience:g} s")
