"""Two transactions of which one waits for the other."""

import time
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Any

from sqlalchemy import text

from shared.bus.events.unit_of_work import ServiceStore
from shared.storage.database import Database

LIMIT = 20.0
"""Seconds."""


def while_waiting(database: Database, store: ServiceStore, wait: Callable[[], Any]) -> Future[Any]:
    """Return what `wait` comes to in a thread, once it waits for a lock that the transaction of `store` has."""
    mine = store.connection.execute(text("SELECT pg_backend_pid()")).scalar_one()
    blocked = text("SELECT count(*) FROM pg_stat_activity WHERE :mine = ANY(pg_blocking_pids(pid))")
    threads = ThreadPoolExecutor(1)
    waiting = threads.submit(wait)
    threads.shutdown(wait=False)
    end = time.monotonic() + LIMIT
    with database.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as watcher:
        while not watcher.execute(blocked, {"mine": mine}).scalar_one():
            assert time.monotonic() < end, "nobody waits"
    return waiting
