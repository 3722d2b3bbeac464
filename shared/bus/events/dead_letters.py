"""What could not be handled, as people see it, and where the bus inside the process keeps it.

RabbitMQ keeps dead letters in queues; the embedded bus forgets its queues with its process, so its dead letters are
rows of a small SQLite file in the data folder, which commands of another process read and mark. What waits for
somebody else it notes there too, every few seconds, for the same commands.
"""

import json
import sqlite3
from collections.abc import Collection, Iterable, Iterator, Mapping
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, Protocol

from shared.bus.events.held_up import HeldUp, headers_when_parked, held_up
from shared.bus.wires.message import FIRST_ERROR, LAST_ERROR, TRACEBACK, attempts_of
from shared.storage.private_files import keep_private

FILE_NAME = "dead_letters.sqlite3"

KEPT = timedelta(days=30)
"""So long they lie here: within a month whoever asks to be erased is to be so (GDPR 12 (3), PRODUCT A3, ADR 53)."""

EXPIRATION = str(round(KEPT.total_seconds() * 1000))
"""The same as the broker is told it, in milliseconds."""

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
);
CREATE TABLE IF NOT EXISTS held_up (
    message_id TEXT NOT NULL,
    queue TEXT NOT NULL,
    since TEXT NOT NULL,
    reason TEXT NOT NULL,
    park INTEGER NOT NULL DEFAULT 0,
    PRIMARY KEY (message_id, queue)
);
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
    """The operations on dead letters, and on what may become one, the same for both buses."""

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

    def held_up(self, queues: Collection[str]) -> list[HeldUp]:
        """Return what waits for somebody else in work queues, by queue, oldest first; not what is just being tried."""
        ...

    def park(self, queues: Collection[str], wanted: Collection[str] | None = None) -> Iterable[HeldUp]:
        """Make dead letters of what waits, or of those `wanted` by id; yield each then. Follow it to its end."""
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
            connection.executescript(_SCHEMA)

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
        """Return what somebody marked for replay; what has lain here for too long goes."""
        with self._connection() as connection:
            connection.execute("DELETE FROM dead_letters WHERE dead_at < ?", ((datetime.now(UTC) - KEPT).isoformat(),))
            rows = connection.execute(
                "SELECT id, queue, body, headers, properties FROM dead_letters WHERE replay = 1 ORDER BY id"
            ).fetchall()
        return [StoredLetter(row[0], row[1], row[2], json.loads(row[3]), json.loads(row[4])) for row in rows]

    def forget(self, row: int) -> None:
        """Delete a row that was published again."""
        with self._connection() as connection:
            connection.execute("DELETE FROM dead_letters WHERE id = ?", (row,))

    def held_up(self, queues: Collection[str]) -> list[HeldUp]:
        """Return what waited for somebody else in work queues a few seconds ago, by queue, oldest first."""
        with self._connection() as connection:
            return _held_up(connection, queues)

    def park(self, queues: Collection[str], wanted: Collection[str] | None = None) -> list[HeldUp]:
        """Mark what waits for the process that has the bus, which looks every few seconds; return it."""
        with self._connection() as connection:
            chosen = [each for each in _held_up(connection, queues) if wanted is None or each.id in wanted]
            marked = "UPDATE held_up SET park = 1 WHERE message_id = ? AND queue = ?"
            connection.executemany(marked, [(each.id, each.queue) for each in chosen])
        return chosen

    def note_delayed(self, messages: Iterable[tuple[str, str, Mapping[str, Any]]]) -> None:
        """Keep which of them wait for somebody else (id, work queue, headers), in place of which did before."""
        waiting = filter(None, (held_up(*message) for message in messages))
        rows = [(each.id, each.queue, each.since.isoformat(), each.reason) for each in waiting]
        with self._connection() as connection:
            connection.execute("DELETE FROM held_up WHERE park = 0")
            connection.executemany(
                "INSERT OR IGNORE INTO held_up (message_id, queue, since, reason) VALUES (?, ?, ?, ?)", rows
            )

    def add_parked(self, queue: str, body: bytes, headers: Mapping[str, Any], properties: Mapping[str, Any]) -> None:
        """Keep a message that was set aside by hand while it waited."""
        waited = held_up(str(properties.get("message_id") or ""), queue, headers)
        self.add(queue, body, headers if waited is None else headers_when_parked(waited, headers), properties)

    def take_to_park(self) -> set[tuple[str, str]]:
        """Return id and queue of what somebody marked to be parked, each once."""
        with self._connection() as connection:
            marked = set(connection.execute("SELECT message_id, queue FROM held_up WHERE park = 1").fetchall())
            if marked:
                connection.execute("DELETE FROM held_up WHERE park = 1")
        return marked

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


def _held_up(connection: sqlite3.Connection, queues: Collection[str]) -> list[HeldUp]:
    rows = connection.execute(
        "SELECT message_id, queue, since, reason FROM held_up WHERE park = 0 ORDER BY queue, since, message_id"
    ).fetchall()
    return [HeldUp(id, queue, datetime.fromisoformat(since), why) for id, queue, since, why in rows if queue in queues]


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
