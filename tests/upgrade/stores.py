"""The databases of an installation, as files keep them: looked into, written to, dumped and restored by plain SQL."""

import json
import subprocess
from collections.abc import Iterable, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from uuid import uuid4

import psycopg2
from sqlalchemy import Connection, text
from sqlalchemy.engine import make_url

from shared.settings import SERVICES
from tests.system.databases import open_database
from tests.system.installation import Installation
from tests.upgrade.wire import Message

Row = dict[str, Any]


@dataclass(frozen=True)
class Stores:
    """The databases of all services, by their addresses."""

    urls: Mapping[str, str]

    @classmethod
    def of(cls, installation: Installation) -> "Stores":
        """Return the databases of a running installation."""
        alone = cls.in_folder(Path(installation.environment["DATA_DIR"])).urls
        given = {service: installation.environment.get(f"{service.upper()}_DATABASE_URL") for service in SERVICES}
        return cls({service: given[service] or alone[service] for service in SERVICES})

    @classmethod
    def in_folder(cls, folder: Path) -> "Stores":
        """Return the SQLite databases of a data folder."""
        return cls({service: f"sqlite:///{folder / service}.sqlite3" for service in SERVICES})

    def open(self, service: str) -> AbstractContextManager[Connection]:
        """Open a service's database for one transaction."""
        return open_database(self.urls[service])

    def unpublished(self) -> list[Row]:
        """Return the events that wait in the outboxes: `{service, event, type, subject}`."""
        return [
            {"service": service, "event": row.event_id, "type": row.type, "subject": _json(row.body).get("subject")}
            for service in SERVICES
            for row in self.rows(service, "SELECT event_id, type, body FROM outbox WHERE published_at IS NULL")
        ]

    def announced(self, service: str, type: str) -> list[Row]:
        """Return the bodies of a service's events of a type, the oldest first."""
        rows = self.rows(service, "SELECT body FROM outbox WHERE type = :type ORDER BY position", type=type)
        return [_json(row.body) for row in rows]

    def published(self, examples: Iterable[Message]) -> list[Message]:
        """Return what was published, as messages: with properties such as those that `examples` have."""
        as_sent = next(iter(examples))["properties"]
        return [
            {
                "exchange": f"{service}.events",
                "routing_key": row.type,
                "properties": {
                    **as_sent,
                    "headers": {"nameko.correlation_id": _json(row.body)["correlation_id"]},
                    "message_id": row.event_id,
                    "type": row.type,
                },
                "body": _json(row.body),
            }
            for service in SERVICES
            for row in self.rows(service, "SELECT event_id, type, body FROM outbox ORDER BY position")
            if "id" in _json(row.body)
        ]

    def rows(self, service: str, query: str, **values: Any) -> Sequence[Any]:
        """Return what a query finds."""
        with self.open(service) as store:
            return store.execute(text(query), values).all()

    def announce(self, service: str, type: str, body: Row) -> str:
        """Write an event into a service's outbox, which publishes it; return the id under which it goes out."""
        id, now = uuid4().hex, datetime.now(UTC)
        if "id" in body:
            body = {**body, "id": id}
        with self.open(service) as store:
            is_sqlite = store.dialect.name == "sqlite"
            written = ":body" if is_sqlite else "CAST(:body AS jsonb)"
            insert = f"INSERT INTO outbox (event_id, type, body, created_at) VALUES (:id, :type, {written}, :now)"
            moment = now.strftime("%Y-%m-%d %H:%M:%S.%f") if is_sqlite else now
            store.execute(text(insert), {"id": id, "type": type, "body": json.dumps(body), "now": moment})
        return id

    def let_be_recent(self) -> None:
        """Let what was published and taken in have been so a moment ago, as where an upgrade follows at once.

        What is older than two weeks is forgotten, by the clock; what a test sees must not depend on the date.
        """
        for service in self.urls:
            with self.open(service) as store:
                is_sqlite = store.dialect.name == "sqlite"
                now = "strftime('%Y-%m-%d %H:%M:%f000', 'now')" if is_sqlite else "now()"
                store.execute(text(f"UPDATE outbox SET published_at = {now} WHERE published_at IS NOT NULL"))
                store.execute(text(f"UPDATE inbox SET received_at = {now}"))


def dump(url: str) -> str:
    """Return a PostgreSQL database as SQL that any client can run."""
    plain = make_url(url).set(drivername="postgresql").render_as_string(hide_password=False)
    options = ["--no-owner", "--no-privileges", "--no-comments", "--inserts", "--rows-per-insert=100"]
    said = subprocess.run(["pg_dump", *options, plain], capture_output=True, text=True, check=True).stdout
    kept = [line for line in said.splitlines() if not line.startswith(("\\", "--")) and line.strip()]
    return "\n".join(kept) + "\n"


def restore(url: str, sql: str) -> None:
    """Fill an empty PostgreSQL database by a dump."""
    connection = psycopg2.connect(make_url(url).set(drivername="postgresql").render_as_string(hide_password=False))
    try:
        with connection, connection.cursor() as cursor:
            cursor.execute(sql)
    finally:
        connection.close()


def _json(stored: Any) -> Row:
    """Return what is stored as JSON, as text on SQLite."""
    read: Row = json.loads(stored) if isinstance(stored, str) else stored
    return read
