"""What could not be handled, as people see it, and where the bus inside the process keeps it.

RabbitMQ keeps dead letters in queues; the embedded bus forgets its queues with its process, so its dead letters are
rows of a small SQLite file in the data folder, which commands of another process read and mark.
"""

import json
import sqlite3
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Protocol

from shared.bus.wires.message import FIRST_ERROR, LAST_ERROR, TRACEBACK, attempts_of
from shared.storage.private_files import keep_private

FILE_NAME = "dead_letters.sqlite3"

_SCHEMA = """
CREATE TABLE IF NOT EXISTS dead_letters (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    message_id TEXT NOT NULL,
    queue TEXT NOT NULL,
    body BLOB NOT NULL,
    headers TEXT NOT NULL,
    properties TEXT NOT NULL,
    dead_at TEXT NOT NULL,
    replay INTEGER NOT NULL DEFAULT 0
)
"""


@dataclass(frozen=True)
class DeadLetter:
    """One event that was set aside. `id` is the event's, `queue` the work queue that it came from."""

    id: str
    queue: str
    body: str
    attempts: int
    first_error: str
    last_error: str
    traceback: str


class DeadLetters(Protocol):
    """The operations on dead letters, the same for both buses."""

    def waiting(self, queue: str) -> list[DeadLetter]:
        """Return the dead letters of a work queue, oldest first."""
        ...

    def find(self, queue: str, letter: str) -> DeadLetter | None:
        """Return one dead letter."""
        ...

    def replay(self, queue: str, letter: str) -> bool:
        """Give it back to its work queue with all attempts before it; False where it is not there."""
        ...

    def drop(self, queue: str, letter: str) -> bool:
        """Delete it for good; False where it is not there."""
        ...


@dataclass(frozen=True)
class StoredLetter:
    """A row as the embedded bus needs it to publish the message again."""

    row: int
    queue: str
    body: bytes
    headers: Mapping[str, Any]
    properties: Mapping[str, Any]


class DeadLetterFile:
    """Dead letters in a SQLite file; implements `DeadLetters`. A replay is done by the process that has the bus."""

    def __init__(self, folder: Path) -> None:
        self._path = folder / FILE_NAME
        keep_private(self._path)
        with self._connection() as connection:
            connection.execute(_SCHEMA)

    def add(self, queue: str, body: bytes, headers: Mapping[str, Any], properties: Mapping[str, Any]) -> None:
        """Keep a message that was set aside from work queue `queue`."""
        message_id = str(properties.get("message_id") or "")
        row = (message_id, queue, body, json.dumps(headers), json.dumps(properties), datetime.now(UTC).isoformat())
        with self._connection() as connection:
            connection.execute(
                "INSERT INTO dead_letters (message_id, queue, body, headers, properties, dead_at)"
                " VALUES (?, ?, ?, ?, ?, ?)",
                row,
            )

    def waiting(self, queue: str) -> list[DeadLetter]:
        """Return the dead letters of a work queue, oldest first."""
        with self._connection() as connection:
            rows = connection.execute(
                "SELECT id, message_id, queue, body, headers FROM dead_letters"
                " WHERE queue = ? AND replay = 0 ORDER BY id",
                (queue,),
            ).fetchall()
        return [
            dead_letter(message_id or f"row-{row}", queue, body, json.loads(headers))
            for row, message_id, queue, body, headers in rows
        ]

    def find(self, queue: str, letter: str) -> DeadLetter | None:
        """Return one dead letter."""
        return next((found for found in self.waiting(queue) if found.id == letter), None)

    def replay(self, queue: str, letter: str) -> bool:
        """Mark it for the process that has the bus, which looks every few seconds."""
        return self._change("UPDATE dead_letters SET replay = 1", queue, letter)

    def drop(self, queue: str, letter: str) -> bool:
        """Delete it for good."""
        return self._change("DELETE FROM dead_letters", queue, letter)

    def to_replay(self) -> list[StoredLetter]:
        """Return what somebody marked for replay."""
        with self._connection() as connection:
            rows = connection.execute(
                "SELECT id, queue, body, headers, properties FROM dead_letters WHERE replay = 1 ORDER BY id"
            ).fetchall()
        return [StoredLetter(row[0], row[1], row[2], json.loads(row[3]), json.loads(row[4])) for row in rows]

    def forget(self, row: int) -> None:
        """Delete a row that was published again."""
        with self._connection() as connection:
            connection.execute("DELETE FROM dead_letters WHERE id = ?", (row,))

    def _change(self, statement: str, queue: str, letter: str) -> bool:
        where = " WHERE queue = ? AND replay = 0 AND coalesce(nullif(message_id, ''), 'row-' || id) = ?"
        with self._connection() as connection:
            return connection.execute(statement + where, (queue, letter)).rowcount > 0

    @contextmanager
    def _connection(self) -> Iterator[sqlite3.Connection]:
        with closing(sqlite3.connect(self._path, timeout=5)) as connection, connection:
            yield connection


def dead_letter(id: str, queue: str, body: bytes | str, headers: Mapping[str, Any]) -> DeadLetter:
    """Return the dead letter that a message in a dead-letter queue is."""
    return DeadLetter(
        id=id,
        queue=queue,
        body=body if isinstance(body, str) else body.decode(errors="replace"),
        attempts=attempts_of(headers),
        first_error=str(headers.get(FIRST_ERROR, "")),
        last_error=str(headers.get(LAST_ERROR, "")),
        traceback=str(headers.get(TRACEBACK, "")),
    )
