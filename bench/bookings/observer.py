"""Looks into the four databases of an installation without being counted: with a role and connections of its own.

PostgreSQL keeps the time of every commit meanwhile, so that nobody has to ask again and again when an effect came.
"""

from collections.abc import Iterator, Mapping
from contextlib import ExitStack, closing, contextmanager
from typing import Any

import psycopg2
from sqlalchemy.engine import URL, make_url

from bench.processor import spent
from shared.settings import SERVICES
from tests.servers.server import Server

_SERVER = "postgres"
_SETTINGS = {"shared_preload_libraries": "'pg_stat_statements'", "track_commit_timestamp": "on"}


def prepare(server: Server) -> None:
    """Let a PostgreSQL count statements and keep times of commits, for a role `observer`; it is started again."""
    with closing(_connected(make_url(server.address))) as connection, connection.cursor() as cursor:
        for name, value in _SETTINGS.items():
            cursor.execute(f"ALTER SYSTEM SET {name} = {value}")
    server.restart()
    with closing(_connected(make_url(server.address))) as connection, connection.cursor() as cursor:
        cursor.execute("CREATE EXTENSION pg_stat_statements")
        cursor.execute("CREATE ROLE observer SUPERUSER LOGIN")


class Observer:
    """One connection to each service's database, and one to the server's own."""

    def __init__(self, connections: Mapping[str, Any]) -> None:
        self._connections = connections
        self._asked = 0

    def rows(self, service: str, query: str, **values: Any) -> list[Any]:
        """Return what a query finds in a service's database."""
        self._asked += service != _SERVER
        with self._connections[service].cursor() as cursor:
            cursor.execute(query, values)
            found: list[Any] = cursor.fetchall()
            return found

    def execute(self, service: str, statement: str, **values: Any) -> None:
        """Execute a statement in a service's database."""
        self._asked += service != _SERVER
        with self._connections[service].cursor() as cursor:
            cursor.execute(statement, values or None)

    def transactions(self) -> int:
        """Return how many transactions others have ended in the four databases."""
        found = self.rows(
            _SERVER,
            "SELECT sum(xact_commit + xact_rollback) FROM pg_stat_database WHERE datname = ANY(%(names)s)",
            names=self._names(),
        )
        return int(found[0][0]) - self._asked

    def statements(self) -> dict[str, tuple[int, float]]:
        """Return how often each statement of the services was executed, and its milliseconds, by its text."""
        found = self.rows(
            _SERVER,
            "SELECT query, sum(calls), sum(total_exec_time) FROM pg_stat_statements AS s"
            " JOIN pg_database AS d ON d.oid = s.dbid WHERE d.datname = ANY(%(names)s)"
            " AND s.userid <> 'observer'::regrole GROUP BY query",
            names=self._names(),
        )
        return {query: (int(calls), float(milliseconds)) for query, calls, milliseconds in found}

    def processor_seconds(self) -> float:
        """Return how much processor time PostgreSQL has spent on this."""
        return sum(spent(connection.info.backend_pid) for connection in self._connections.values())

    def _names(self) -> list[str]:
        return [connection.info.dbname for name, connection in self._connections.items() if name != _SERVER]


@contextmanager
def observing(environment: Mapping[str, str]) -> Iterator[Observer]:
    """Give a look into the databases of an installation."""
    with ExitStack() as stack:
        server = make_url(environment["BOOKING_DATABASE_URL"]).set(database="postgres")
        addresses = {_SERVER: server} | {
            service: make_url(environment[f"{service.upper()}_DATABASE_URL"]) for service in SERVICES
        }
        yield Observer(
            {
                service: stack.enter_context(closing(_connected(address, username="observer")))
                for service, address in addresses.items()
            }
        )


def _connected(address: URL, **changes: Any) -> Any:
    url = address.set(drivername="postgresql", **changes)
    connection = psycopg2.connect(url.render_as_string(hide_password=False))
    connection.autocommit = True
    return connection
