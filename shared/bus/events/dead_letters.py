"""What could not be handled, as people see it, and where the bus inside the process keeps it.

RabbitMQ keeps dead letters in queues; the embedded bus forgets its queues with its process, so its dead letters are
rows of a small SQLite file in the data folder, which commands of another process read and mark.
"""

import json
import sqlite3
from collections.abc import Collection, Iterable, Iterator, Mapping
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

    def waiting(self, queues: Collection[str], wanted: Collection[str] | None = None) -> list[DeadLetter]:
        """Return the dead letters of work queues, or those `wanted` of them by id; by queue, oldest first."""
        ...

    def replay(self, queues: Collection[str], wanted: Collection[str] | None = None) -> Iterable[DeadLetter]:
        """Give them, or those `wanted`, back to their work queues with all attempts before them; yield each then.

        It has to be followed to its end: what nobody asks for may not be done.
        """
        ...

    def drop(self, queues: Collection[str], wanted: Collection[str] | None = None) -> list[DeadLetter]:
        """Delete them, or those `wanted`, for good; return those that were deleted."""
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

    def waiting(self, queues: Collection[str], wanted: Collection[str] | None = None) -> list[DeadLetter]:
        """Return the dead letters of work queues, or those `wanted` of them by id; by queue, oldest first."""
        with self._connection() as connection:
            return [letter for _row, letter in _chosen(connection, queues, wanted)]

    def replay(self, queues: Collection[str], wanted: Collection[str] | None = None) -> list[DeadLetter]:
        """Mark them for the process that has the bus, which looks every few seconds; return them."""
        return self._change("UPDATE dead_letters SET replay = 1", queues, wanted)

    def drop(self, queues: Collection[str], wanted: Collection[str] | None = None) -> list[DeadLetter]:
        """Delete them for good; return them."""
        return self._change("DELETE FROM dead_letters", queues, wanted)

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

    def _change(self, statement: str, queues: Collection[str], wanted: Collection[str] | None) -> list[DeadLetter]:
        with self._connection() as connection:
            return [
                letter
                for row, letter in _chosen(connection, queues, wanted)
                if connection.execute(f"{statement} WHERE id = ? AND replay = 0", (row,)).rowcount
            ]

    @contextmanager
    def _connection(self) -> Iterator[sqlite3.Connection]:
        with closing(sqlite3.connect(self._path, timeout=5)) as connection, connection:
            yield connection


def _chosen(
    connection: sqlite3.Connection, queues: Collection[str], wanted: Collection[str] | None
) -> list[tuple[int, DeadLetter]]:
    rows = connection.execute(
        "SELECT id, message_id, queue, body, headers FROM dead_letters WHERE replay = 0 ORDER BY queue, id"
    ).fetchall()
    letters = (
        (row, dead_letter(message_id or f"row-{row}", queue, body, json.loads(headers)))
        for row, message_id, queue, body, headers in rows
        if queue in queues
    )
    return [(row, letter) for row, letter in letters if wanted is None or letter.id in wanted]


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
