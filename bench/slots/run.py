"""Measure searches over HTTP beside the floors of the same run, and print ratios.

    python -m bench.slots.run [--quick] [--write]

Rates on a machine that does other things too say little; ratios to the floors, taken in turns within the same
seconds, and the gateway's processor time per request say more. `--quick` leaves the million out and measures shortly;
`--write` keeps the figures in bench/slots/results.json, from which `python -m bench.slots.report` writes the report.
"""

import json
import os
import platform
import statistics
import sys
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import UTC, date, datetime
from itertools import islice
from pathlib import Path

import click
from rich.console import Console
from rich.table import Table

from bench.house import House, deployed, embedded
from bench.load import generate, percentile
from bench.slots import clinic, freshness
from bench.slots import mixed as mixing
from bench.slots.bookings import store
from bench.slots.service import cold_month

CONNECTIONS = 8
RESULTS = Path(__file__).parent / "results.json"
_HELLO, _HEALTH = "bare WSGI hello", "/healthz"


@dataclass(frozen=True)
class Effort:
    """How much is measured."""

    seconds: float
    rounds: int
    cold: int
    rows: tuple[int, ...]
    bookings: int


QUICK = Effort(seconds=0.5, rounds=3, cold=100, rows=(0, 10_000), bookings=50)
FULL = Effort(seconds=1.2, rounds=5, cold=300, rows=(0, 10_000, 1_000_000), bookings=250)


@dataclass(frozen=True)
class Line:
    """One thing measured: medians over the rounds; `share` is the rate compared with /healthz in the same round."""

    mode: str
    bookings: int
    what: str
    rate: float
    share: float
    p50: float
    p99: float
    processor_us: float


def measured(house: House, port: int, process: str, seconds: float, addresses: list[str]) -> Mapping[str, float]:
    """Return rate, percentiles and the process's microseconds of processor time per request."""
    before = house.processor_seconds(process)
    done = generate(
        "bench.slots.clinic:searches",
        port,
        CONNECTIONS,
        seconds=seconds,
        core=1,
        addresses=addresses,
        again=seconds > 0,
    )
    used = house.processor_seconds(process) - before
    if not all(each.came for each in done):
        raise SystemExit(f"some of {addresses[0]} … were not answered by 200")
    times = [1000 * (each.ended - each.begun) for each in done]
    return {
        "rate": len(done) / (max(each.ended for each in done) - done[0].begun),
        "p50": percentile(times, 0.5),
        "p99": percentile(times, 0.99),
        "processor_us": 1e6 * used / len(done),
    }


def lines(house: House, mode: str, bookings: int, effort: Effort, today: date) -> list[Line]:
    """Measure the floors and warm searches in turns, alone and while others book the same days, then cold ones."""
    monday = clinic.a_monday(today)
    warm = {
        _HEALTH: [_HEALTH],
        "warm day": [clinic.address("slots", "t0", monday, 1)],
        "warm month": [clinic.address("days", "t0", monday, 31)],
        "warm next": [clinic.first_times("t0", monday)],
    }
    mixed = f", {mixing.BOOKINGS_A_SECOND} bookings/s"
    house.forget_searches()
    rounds = []
    for _ in range(effort.rounds):
        one = {_HELLO: measured(house, house.port + 1, "hello", effort.seconds, ["/"])}
        for what, addresses in warm.items():
            one[what] = measured(house, house.port, "gateway", effort.seconds, addresses)
            with mixing.booking(house.port, "t0", monday, 1 if what == "warm day" else 5):
                one[what + mixed] = measured(house, house.port, "gateway", effort.seconds, addresses)
        rounds.append(one)
    cold = {
        "cold day": list(islice(clinic.weekdays("slots", today), effort.cold)),
        "cold month": list(islice(clinic.months("days", today), effort.cold)),
        "cold next": list(islice(clinic.fortnights(today), effort.cold)),
    }
    found = [_line(mode, bookings, what, rounds) for what in rounds[0]]
    last = {what: measured(house, house.port, "gateway", 0, addresses) for what, addresses in cold.items()}
    health = measured(house, house.port, "gateway", effort.seconds, [_HEALTH])
    return found + [_line(mode, bookings, what, [{**last, _HEALTH: health}]) for what in cold]


def _line(mode: str, bookings: int, what: str, rounds: list[dict[str, Mapping[str, float]]]) -> Line:
    def median(name: str) -> float:
        return statistics.median(one[what][name] for one in rounds)

    share = statistics.median(one[what]["rate"] / one[_HEALTH]["rate"] for one in rounds)
    return Line(mode, bookings, what, median("rate"), share, median("p50"), median("p99"), median("processor_us"))


def show(console: Console, found: list[Line], facts: Mapping[str, float]) -> None:
    """Print."""
    table = Table(title=f"Searches over HTTP, {CONNECTIONS} connections, medians")
    for heading in ("mode", "bookings", "what", "requests/s", "of /healthz", "p50 ms", "p99 ms", "gateway CPU µs"):
        table.add_column(heading, justify="left" if heading in {"mode", "what"} else "right")
    for line in found:
        table.add_row(
            line.mode, f"{line.bookings:,}", line.what, f"{line.rate:.0f}", f"{100 * line.share:.0f} %",
            f"{line.p50:.1f}", f"{line.p99:.1f}", f"{line.processor_us:.0f}",
        )  # fmt: skip
    console.print(table)
    for fact, value in facts.items():
        console.print(f"{fact}: {value:,.1f}")


def _machine() -> str:
    """Return what the figures were measured on, as far as it matters; the load is that of others as well."""
    system = platform.freedesktop_os_release().get("PRETTY_NAME", platform.system())
    return f"{os.cpu_count()} cores, {system}, Python {platform.python_version()}, load {os.getloadavg()[2]:.1f}"


@click.command()
@click.option("--quick", is_flag=True, help="Measure shortly, without the million.")
@click.option("--write", is_flag=True, help=f"Keep the figures in {RESULTS.name}.")
def main(*, quick: bool, write: bool) -> None:
    """Measure searches for free times over HTTP."""
    effort = QUICK if quick else FULL
    console = Console(stderr=True)
    today = datetime.now(UTC).date()
    found: list[Line] = []
    facts: dict[str, float] = {}
    with deployed(clinic.document()) as house:
        for bookings in effort.rows:
            console.print(f"real parts, {bookings:,} bookings …")
            store(house.environment["AVAILABILITY_DATABASE_URL"], bookings)
            found += lines(house, "real parts", bookings, effort, today)
            facts[f"cold month in the service with {bookings:,} bookings, median ms"] = cold_month(house.environment)
        house.stop("availability")
        house.start("availability", "cli.main", "serve", "availability")
        facts[f"start of availability with {effort.rows[-1]:,} bookings, until all is ready, s"] = house.wait_ready()
        house.share_cores()
        late = sorted(freshness.milliseconds(house.port, effort.bookings, today))
        for share in (50, 99):
            facts[f"booking to truth over {len(late)} bookings, p{share} ms"] = late[len(late) * share // 100]
    console.print("embedded …")
    with embedded(clinic.document()) as house:
        found += lines(house, "embedded", 0, effort, today)
    show(Console(width=120), found, facts)
    if write:
        kept = {
            "date": f"{today}",
            "command": f"python -m bench.slots.run {' '.join(sys.argv[1:])}".strip(),
            "machine": _machine(),
            "lines": [asdict(line) for line in found],
            "facts": facts,
        }
        RESULTS.write_text(json.dumps(kept, indent=1) + "\n")


if __name__ == "__main__":
    main()
