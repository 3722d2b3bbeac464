"""Connections to PostgreSQL that are given up when nothing comes back (DESIGN rule 5).

The server ends what takes too long, waits too long for a lock, or stands idle in a transaction. A server that says
nothing at all can end nothing: its kernel still acknowledges what is sent to a frozen process, so that keepalives find
only dead machines and dead ways. So green threads, which wait through a callback of ours, count the time themselves.
"""

from typing import Any

import psycopg2
from eventlet import Timeout
from eventlet.support.psycopg2_patcher import eventlet_wait_callback
from psycopg2 import extensions
from sqlalchemy import Engine, create_engine, event
from sqlalchemy.engine import URL, make_url

from shared.storage.limits import Limits

_PROBES = 3
_GRACE = 1.0
"""Seconds after its limit in which the server tells of a statement that it has ended itself."""
_LAST_LOOK = 0.5


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
        pool_pre_ping=True,
        hide_parameters=True,
        connect_args=_arguments(address, known, limits),
    )
    in_use = None if limits is None else limits.statement + _GRACE
    event.listen(engine, "checkout", lambda connection, *_: _bear(connection, in_use))
    event.listen(engine, "checkin", lambda connection, _: _bear(connection, known.connect))
    return engine


def _arguments(url: URL, known: Limits, limits: Limits | None) -> dict[str, Any]:
    """Return what libpq and the server's session are told, but for what the address itself says."""
    probing = max(1, known.silence // (_PROBES + 1))
    settings = {
        "tcp_keepalives_idle": probing,
        "tcp_keepalives_interval": probing,
        "tcp_keepalives_count": _PROBES,
        "tcp_user_timeout": known.silence * 1000,
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
        "connection_factory": _connection_of(known.connect),
    }


def _connection_of(seconds: float) -> type[extensions.connection]:
    """Return a kind of connection that waits so long for its start."""
    return type("PatientConnection", (extensions.connection,), {"patience": seconds})


def _bear(connection: Any, seconds: float | None) -> None:
    if connection is not None:  # which was lost
        connection.patience = seconds


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
