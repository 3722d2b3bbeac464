"""Which events were acted on: one may come twice, and is to have its effect once."""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from typing import Protocol

KEPT_SECONDS = 30 * 86400.0
"""How long ids are kept; an event that comes again does so within minutes, or when a queue was not read for days."""


class Notes(Protocol):
    """Where ids are noted. With a database of your own, write `once` over its transaction."""

    def once(self, event_id: str) -> AbstractContextManager[bool]:
        """Note the id, and tell whether it is new; undo the note where what stands inside raises."""


class SqliteNotes:
    """Ids in a file. What is written through `database` inside `once` is kept together with the note, or not at all."""

    def __init__(self, path: str) -> None:
        self.database = sqlite3.connect(path, isolation_level=None)
        self.database.execute("CREATE TABLE IF NOT EXISTS heard (id TEXT PRIMARY KEY, at REAL NOT NULL) WITHOUT ROWID")
        self.database.execute("DELETE FROM heard WHERE at < ?", (time.time() - KEPT_SECONDS,))

    @contextmanager
    def once(self, event_id: str) -> Iterator[bool]:
        """Note the id and all that is written meanwhile in one transaction."""
        self.database.execute("BEGIN IMMEDIATE")
        try:
            noted = self.database.execute("INSERT OR IGNORE INTO heard VALUES (?, ?)", (event_id, time.time()))
            yield noted.rowcount == 1
        except BaseException:
            self.database.execute("ROLLBACK")
            raise
        self.database.execute("COMMIT")
