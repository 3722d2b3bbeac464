"""What becomes of bookings while things break: every fault under load, and all books compared after each.

    python -m bench.faults [--write] [part of a fault's name …]

Two processes of everything on servers of the run's own. `FAULTS_BOOKINGS` (10,000) are what all faults try together,
each its even share. `--write` puts each row into the table of bench/RESULTS.md, as soon as it is there, in place of an
older one of that name: what was broken off can go on with the other names. Ends with 1 where a promise broke.
"""

import os
import re
import sys
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from datetime import UTC, datetime
from pathlib import Path

from tests.faults.load import Load
from tests.faults.outcome import HEADING, Outcome
from tests.faults.pairs import Pairs, pairs
from tests.faults.scenarios import SCENARIOS, Scenario
from tests.servers.sources import POSTGRES_TO_HURT, RABBITMQ_TO_HURT, REDIS, new_server

REPORT = Path(__file__).parent / "RESULTS.md"
BOOKINGS = 10_000
RATE = 8.0
"""Undertakings a second: bookings are about half of them."""

EFFECTS_SECONDS = 300.0
"""How long what follows a fault is waited for."""

_WHOLE = re.compile(r"<!-- faults -->.*?<!-- /faults -->", re.DOTALL)
_TABLE = re.compile(r"<!-- faults -->.*?\n\n(.*?)<!-- /faults -->", re.DOTALL)


@contextmanager
def house() -> Iterator[Pairs]:
    """Yield a fresh installation of pairs on servers of its own."""
    with ExitStack() as stack:
        servers = [new_server(kind) for kind in (RABBITMQ_TO_HURT, POSTGRES_TO_HURT, REDIS)]
        for server in servers:
            stack.callback(server.close)
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="frontdesk-faults-")))
        yield stack.enter_context(pairs(folder, *servers))


def outcomes(scenarios: Sequence[Scenario], bookings: int) -> Iterator[Outcome]:
    """Yield what came of each fault; after one from which the installation does not recover the next gets a new one."""
    left = list(enumerate(scenarios, start=1))
    while left:
        with house() as installation:
            while left:
                number, scenario = left.pop(0)
                load = Load(installation.urls, f"faults-{number}", rate=RATE, seed=number)
                outcome = Outcome.of(installation, load, scenario, bookings, EFFECTS_SECONDS)
                yield outcome
                if not outcome.is_well:
                    break


def entered(report: str, row: str, said: str) -> str:
    """Return the report with a row in place of an older one of that fault, all in the order of the faults."""
    rows = {_name_of(line): line for line in _TABLE.findall(report)[0].splitlines()[len(HEADING) :] if line}
    rows[_name_of(row)] = row
    known = [rows[each.name] for each in SCENARIOS if each.name in rows]
    part = "\n".join(["<!-- faults -->", said, "", *HEADING, *known, "<!-- /faults -->"])
    return _WHOLE.sub(lambda _: part, report)


def write(row: str, bookings: int) -> None:
    """Put a row into the report, with the day and the load of the machine."""
    said = (
        f"{datetime.now(UTC):%Y-%m-%d}, `python -m bench.faults --write`, {bookings:,} bookings or more each, "
        f"{os.cpu_count()} cores, load {os.getloadavg()[0]:.1f} at the row written last."
    )
    REPORT.write_text(entered(REPORT.read_text(encoding="utf-8"), row, said), encoding="utf-8")


def _name_of(row: str) -> str:
    return row.split("|")[1].strip()


def main() -> int:
    """Run, print, and write where it is asked for; return the exit code."""
    names = [argument for argument in sys.argv[1:] if argument != "--write"]
    wanted = [each for each in SCENARIOS if not names or any(name in each.name for name in names)]
    if not wanted:
        print(f"No fault is called {' or '.join(names)}; there are: {', '.join(each.name for each in SCENARIOS)}.")
        return 2
    bookings = max(1, int(os.environ.get("FAULTS_BOOKINGS", BOOKINGS)) // len(SCENARIOS))
    print("\n".join(HEADING), flush=True)
    broken = 0
    for outcome in outcomes(wanted, bookings):
        print(outcome.row(), flush=True)
        for what, sentences in outcome.faults.items():
            broken += 1
            print(f"  {what}: {'; '.join(sentences[:3])}", flush=True)
        if "--write" in sys.argv:
            write(outcome.row(), bookings)
    return 1 if broken else 0


if __name__ == "__main__":
    sys.exit(main())
