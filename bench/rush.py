"""Booking opens: hundreds want forty times at the same moment, beside as many who ask for one bare call.

    python -m bench.rush [--at-once 64] [visitors …]

One process of each service, RabbitMQ, PostgreSQL and Redis of the run's own. Prints for each kind of answer how many
there were and how long they took, and the same for the floor: as many visitors at the same moment, each of whom asks
for what costs one call over the bus and one statement.
"""

import asyncio
import time
from collections import defaultdict
from datetime import UTC, datetime
from typing import Any

import click
from rich.console import Console
from rich.table import Table

from bench.house import House, deployed
from bench.load import percentile
from bench.slots import clinic
from tests.system.crowd import Heard, Visitor, rush

TIMES = 40


def floor(port: int, visitors: int) -> list[Heard]:
    """Return what as many visitors hear who ask for one call each, all at the same moment."""

    async def come() -> list[Heard]:
        crowd = [Visitor(port, clinic.NAME, "", {}) for _ in range(visitors)]
        await asyncio.gather(*(visitor.ask("floor", "GET", "/v1/clinics") for visitor in crowd))
        return [each for visitor in crowd for each in visitor.heard]

    return asyncio.run(come())


def a_clinic(name: str) -> dict[str, Any]:
    """Return the document of a clinic that has so many times on each working day."""
    hours = [{"kind": "exam", "from": "08:00", "to": "18:00"}]
    return clinic.document() | {
        "clinic": name,
        "practitioners": [{"key": key, "name": key} for key in clinic.PRACTITIONERS[: TIMES // 20]],
        "types": [{"key": "visit", "name": "Visit", "length": "30m"}],
        "templates": [{"key": "normal", "week": dict.fromkeys(("mon", "tue", "wed", "thu", "fri"), hours)}],
    }


def measured(house: House, visitors: int) -> Table:
    """Return what a crowd hears, and the floor of the same minute."""
    name = f"rush-{visitors}"
    house.apply_clinic(a_clinic(name))
    day = f"{clinic.a_monday(datetime.now(UTC).date())}"
    people = [{"first_name": "Test", "last_name": f"Person {n}", "birth_date": "1980-01-01"} for n in range(visitors)]
    before = floor(house.port, visitors)
    used = {process: house.processor_seconds(process) for process in house.processes}
    begun = time.perf_counter()
    crowd = rush(house.port, name, day, people)
    lasted = time.perf_counter() - begun
    spent = sum(house.processor_seconds(process) - at_first for process, at_first in used.items())
    booked = [visitor for visitor in crowd if visitor.booked]
    found: defaultdict[str, list[float]] = defaultdict(list)
    for each in [*before, *(heard for visitor in crowd for heard in visitor.heard)]:
        found[f"{each.what} {each.status} {each.code}"].append(each.seconds)
    title = f"{visitors} visitors, {len(booked)} of {TIMES} booked in {lasted:.1f} s, {spent:.1f} s of our processors"
    table = Table(title=title)
    for heading in ("answer", "how many", "p50 s", "p99 s", "slowest s"):
        table.add_column(heading, justify="left" if heading == "answer" else "right")
    for what, seconds in sorted(found.items()):
        figures = (percentile(seconds, share) for share in (0.5, 0.99, 1.0))
        table.add_row(what, f"{len(seconds)}", *(f"{each:.2f}" for each in figures))
    return table


@click.command()
@click.option("--at-once", default=64, help="How many are let in at once.")
@click.argument("visitors", nargs=-1, type=int)
def main(visitors: tuple[int, ...], at_once: int) -> None:
    """Measure rushes."""
    console = Console(width=120)
    with deployed(clinic.document(), TAKING_AT_ONCE=f"{at_once}") as house:
        house.share_cores()
        for each in visitors or (200, 1000):
            console.print(measured(house, each))


if __name__ == "__main__":
    main()
