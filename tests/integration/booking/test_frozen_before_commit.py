"""A process that stands still between its last look at the time and its commit undoes no later answer (ADR 18)."""

from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from datetime import timedelta
from threading import Event
from typing import Any

import pytest
from sqlalchemy import text

from shared.bus.events.unit_of_work import UnitOfWork
from shared.bus.wires.budget import Budget
from shared.contracts.errors import ChangedMeanwhile, Unavailable
from shared.storage.database import Database
from tests.builders.booking.world import STAFF, START, World
from tests.contract.bus.house import eventually
from tests.integration.booking.calls import Calls

LIMIT = 60.0
LATER = START + timedelta(hours=2)
LATEST = START + timedelta(hours=4)


class Frost:
    """Stops the first transaction that has passed the last look, until it thaws."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.has_stopped, self.thaws = Event(), Event()
        look = UnitOfWork._require_that_somebody_waits

        def looked(work: UnitOfWork[Any]) -> None:
            look(work)
            if not self.has_stopped.is_set():
                self.has_stopped.set()
                assert self.thaws.wait(LIMIT)

        monkeypatch.setattr(UnitOfWork, "_require_that_somebody_waits", looked)


@pytest.fixture
def threads() -> Iterator[ThreadPoolExecutor]:
    """Return two callers."""
    with ThreadPoolExecutor(2) as threads:
        yield threads


def wait_for_a_lock(database: Database) -> int:
    """Return who blocks the one that waits for a lock, once there is one."""
    blocked = text("SELECT pg_blocking_pids(pid) FROM pg_stat_activity WHERE datname = current_database()")
    with database.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as watcher:
        blockers = eventually(lambda: [pid for (pids,) in watcher.execute(blocked) for pid in pids], LIMIT)
    return int(blockers[0])


@dataclass
class Standstill:
    """A move that stands still before its commit, and one that waits for its row; both know version 1."""

    calls: Calls
    reference: str
    frost: Frost
    given_up: Future[dict[str, Any]]
    second: Future[dict[str, Any]]
    frozen: int

    def start(self) -> str:
        """Return when the booking is."""
        found: str = self.calls.get(self.reference, STAFF)["start"]
        return found


@pytest.fixture
def standstill(postgres: Database, monkeypatch: pytest.MonkeyPatch, threads: ThreadPoolExecutor) -> Standstill:
    """Return two moves of one booking, of which the second waits for the first."""
    world = World(postgres)
    world.work = world.work.within(Budget.of(10 * LIMIT))
    calls = Calls(world)
    booked = calls.book(practitioner="anna")
    frost = Frost(monkeypatch)
    given_up = threads.submit(calls.move, booked["manage_token"], LATER, version=1)
    assert frost.has_stopped.wait(LIMIT)
    second = threads.submit(calls.move, booked["manage_token"], LATEST, version=1)
    return Standstill(calls, booked["reference"], frost, given_up, second, wait_for_a_lock(postgres))


def test_what_it_commits_after_all_was_answered_to_nobody_else(standstill: Standstill) -> None:
    """The second caller waits for the row, and is told that the booking is not the one in view."""
    standstill.frost.thaws.set()
    assert standstill.given_up.result(LIMIT)["version"] == 2
    with pytest.raises(ChangedMeanwhile):
        standstill.second.result(LIMIT)
    assert standstill.start() == standstill.given_up.result()["start"]


def test_what_its_database_took_back_meanwhile_stays_undone(standstill: Standstill, postgres: Database) -> None:
    """As its limit for transactions that stand idle does."""
    with postgres.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as killer:
        killer.execute(text("SELECT pg_terminate_backend(:frozen)"), {"frozen": standstill.frozen})
    assert standstill.second.result(LIMIT)["version"] == 2
    standstill.frost.thaws.set()
    with pytest.raises(Unavailable):
        standstill.given_up.result(LIMIT)
    assert standstill.start() == standstill.second.result()["start"]
