"""How long a slot search takes: 10 practitioners, half of their time taken, over 1, 31 and 90 days.

    python -m bench.search

The whole search from plan and occupancy to levels and slots; the clinic document is read once and kept, as the service
does. Medians, since machines that run this are noisy: compare ratios rather than rates.
"""

import random
import statistics
import time
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from functools import partial
from typing import Any

from rich.console import Console
from rich.table import Table

from services.availability.document import check
from services.availability.model.occupancy import Busy
from services.availability.search.offered import day_levels, offered
from shared.clinic.occupancy import practitioner_key
from shared.clinic.plan.reading import clinic_plan
from shared.clinic.plan.values import ClinicPlan
from shared.clinic.starts.asked import AskedDates

MODES = ("fixed", "flexible", "spaced")
PRACTITIONERS = [f"p{number}" for number in range(10)]
FIRST = date(2026, 3, 2)  # summer time begins within the 90 days
NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
REPEATS = 30


def a_clinic() -> ClinicPlan:
    """Return a clinic with ten practitioners who work from 08:00 to 17:00 with a lunch break, every weekday."""
    hours = [{"kind": "exam", "from": "08:00", "to": "12:00"}, {"kind": "exam", "from": "13:00", "to": "17:00"}]
    checked = check(
        {
            "clinic": "bench",
            "name": "Bench",
            "time_zone": "Europe/Stockholm",
            "country": "SE",
            "booking": {"active": True},
            "practitioners": [{"key": key, "name": key} for key in PRACTITIONERS],
            "block_kinds": [{"key": "exam", "name": "Exam", "online": True}],
            "types": [{"key": mode, "name": mode, "length": "30m", "slots": {"mode": mode}} for mode in MODES],
            "templates": [{"key": "normal", "week": dict.fromkeys(("mon", "tue", "wed", "thu", "fri"), hours)}],
            "plans": [{"practitioner": None, "template": "normal", "from": "2026-01-01"}],
        }
    )
    assert not checked.problems, checked.problems
    return clinic_plan(checked.document)


def half_taken(days: int) -> list[Busy]:
    """Return occupancy of half of all half hours, the same on each run."""
    dice = random.Random(1)
    morning = datetime(FIRST.year, FIRST.month, FIRST.day, 7, tzinfo=UTC)
    return [
        Busy(practitioner_key(key), start, start + timedelta(minutes=30))
        for key in PRACTITIONERS
        for day in range(days)
        for start in (morning + timedelta(days=day, minutes=30 * step) for step in range(18))
        if dice.random() < 0.5
    ]


def milliseconds(work: Callable[[], Any]) -> float:
    """Return the median time that `work` takes."""
    work()
    times = []
    for _ in range(REPEATS):
        begun = time.perf_counter()
        work()
        times.append(time.perf_counter() - begun)
    return statistics.median(times) * 1000


def main() -> None:
    """Measure and print."""
    plan = a_clinic()
    table = Table(title="Slot search, 10 practitioners, any of them: median ms")
    for heading in ("mode", "days", "bookings", "levels per day", "slots"):
        table.add_column(heading, justify="left" if heading == "mode" else "right")
    for mode in MODES:
        for days in (1, 31, 90):
            busy, last = half_taken(days), FIRST + timedelta(days=days - 1)
            asked = (plan, AskedDates(type=mode, first=FIRST, last=last), busy, NOW)
            levels, slots = milliseconds(partial(day_levels, *asked)), milliseconds(partial(offered, *asked))
            table.add_row(mode, str(days), str(len(busy)), f"{levels:.2f}", f"{slots:.2f}")
    Console().print(table)


if __name__ == "__main__":
    main()
