"""What it costs to hold histories against their chain and their checkpoints, however many entries are stored (A1).

    python -m bench.histories [--bookings 40000]

A PostgreSQL of the run's own holds bookings of one clinic with five entries each, covered by checkpoints of 500 as
they are written; then `verify_history` is asked page after page, as `frontdesk audit verify` asks it, once over a tenth
and once over all. Statements, milliseconds and memory of this process, which is the service without the bus.
"""

import resource
import statistics
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import Any

import click
from rich.console import Console
from rich.table import Table
from sqlalchemy import text

from services.booking.handlers.bookings.checkpointing import checkpoint
from services.booking.handlers.bookings.verifying import verify_history
from services.booking.model.history import Head
from services.booking.store import BookingStore
from shared.bus.events.unit_of_work import UnitOfWork
from shared.incoming.unread import Unread
from shared.storage.database import Database
from shared.storage.migrations import upgrade
from tests.builders.booking.bookings import a_booking
from tests.builders.booking.world import CLINIC, NOW, STAFF, World
from tests.integration.statements import statements
from tests.servers.postgres import FreshDatabases
from tests.servers.sources import POSTGRES, new_server

ENTRIES, AT_ONCE = 5, 500
_KIB_OF_A_MIB = 1024


class NoAnchors:
    """Patient, which has been told of no checkpoint."""

    def history_anchors(self, clinic: str) -> dict[str, Any]:
        """Return that."""
        return {"anchors": []}


@dataclass(frozen=True)
class Page:
    """One answer: what it looked at, milliseconds, and statements."""

    bookings: int
    checkpoints: int
    milliseconds: float
    statements: int


def fill(world: World, work: UnitOfWork[BookingStore], numbers: range) -> None:
    """Write bookings with their histories, and checkpoints over them."""
    chain = world.desk(STAFF).chain
    for first in range(numbers.start, numbers.stop, AT_ONCE):
        made, entries = [], []
        for number in range(first, min(first + AT_ONCE, numbers.stop)):
            head = Head(f"R{number:09}", 0, "")
            for version in range(1, ENTRIES + 1):
                entry = chain.entry(
                    head, clinic=CLINIC, at=NOW, type="BookingMoved", actor={"kind": "patient", "id": None},
                    source="192.0.2.1", changes={"minutes": [version, version + 1]}, version=version,
                    written={"comment": "later, please"},
                )  # fmt: skip
                entries.append(entry)
                head = entry.head
            made.append(replace(a_booking(reference=head.booking), history_length=head.length, history_head=head.hash))
        with work() as store:
            store.add_bookings(made)
            store.add_history(*entries)
        checkpoint(world.desk())
    while checkpoint(world.desk()):
        pass


def _cursor_of(sent: Mapping[str, Any]) -> str | None:
    cursor: str | None = sent["cursor"]
    return cursor


def pages(world: World) -> Iterator[Page]:
    """Verify page by page; fail where anything is broken."""
    cursor: str | None = None
    while True:
        with statements(world.database) as sent:
            begun = time.perf_counter()
            told = verify_history(world.desk(STAFF), NoAnchors(), CLINIC, Unread({"cursor": cursor}, _cursor_of))
            took = (time.perf_counter() - begun) * 1000
        if told["broken"]:
            raise click.ClickException(f"not as it was written: {told['broken'][:3]}")
        yield Page(told["checked"], told["checkpoints"], took, len(sent))
        cursor = told["next"]
        if cursor is None:
            return


@contextmanager
def database() -> Iterator[Database]:
    """Yield booking's database on a PostgreSQL of the run's own."""
    server = new_server(POSTGRES)
    try:
        address = FreshDatabases(server.address).new()
        upgrade("booking", address)
        yield Database(address)
    finally:
        server.close()


def memory() -> float:
    """Return the most memory that this process has had, in MiB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / _KIB_OF_A_MIB


@click.command()
@click.option("--bookings", default=40_000, show_default=True, help=f"How many, of {ENTRIES} entries each.")
def main(bookings: int) -> None:
    """Measure, and print a table."""
    table = Table("entries", "pages", "statements a page", "ms a page, median", "longest", "s in all", "MiB at most")
    with database() as opened:
        world, work, there = World(opened), UnitOfWork(opened, BookingStore), 0
        for stored in (bookings // 10, bookings):
            fill(world, work, range(there, stored))
            there = stored
            with opened.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
                connection.execute(text("ANALYZE"))
            found = list(pages(world))
            assert sum(page.bookings for page in found) == stored
            took = [page.milliseconds for page in found]
            table.add_row(
                f"{stored * ENTRIES:,}", str(len(found)), str(max(page.statements for page in found)),
                f"{statistics.median(took):.0f}", f"{max(took):.0f}", f"{sum(took) / 1000:.1f}", f"{memory():.0f}",
            )  # fmt: skip
    Console().print(table)


if __name__ == "__main__":
    main()
