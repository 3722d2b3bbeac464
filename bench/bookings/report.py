"""Writes what was measured into bench/RESULTS.md."""

import os
import platform
import re
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from pathlib import Path

from bench.bookings.floors import Floor
from bench.bookings.measuring import Line
from bench.bookings.showing import floor_row, rows

REPORT = Path(__file__).parents[1] / "RESULTS.md"
_PART = re.compile(r"<!-- bookings -->.*<!-- /bookings -->", re.DOTALL)
_ABREAST = 6
"""So many ways to book stand side by side in one table."""


def write(lines: Sequence[Line], floors: Sequence[Floor], command: str, load: float) -> None:
    """Put the figures in place of older ones; `load` is that of the machine before."""
    said = (
        f"{datetime.now(UTC):%Y-%m-%d}, `{command}`, {os.cpu_count()} cores, Python {platform.python_version()}, "
        f"load {load:.1f} before and {os.getloadavg()[0]:.1f} after."
    )
    whole = part(lines, floors, said)
    REPORT.write_text(_PART.sub(lambda _: whole, REPORT.read_text(encoding="utf-8")), encoding="utf-8")


def part(lines: Sequence[Line], floors: Sequence[Floor], said: str) -> str:
    """Return the report's part about bookings as Markdown."""
    found = ["<!-- bookings -->", said, ""]
    for first in range(0, len(lines), _ABREAST):
        some = lines[first : first + _ABREAST]
        found += [*_table(["", *(line.what for line in some)], rows(some)), ""]
    found += _table(["beside it, in the same run", "a second", "CPU ms each", "of which"], map(floor_row, floors))
    return "\n".join([*found, "<!-- /bookings -->"])


def _table(headings: Sequence[str], cells: Iterable[Sequence[str]]) -> list[str]:
    """Return the lines of a table whose first column says what the others hold."""
    shape = ["---", *("---:" for _ in headings[1:])]
    return [f"| {' | '.join(row)} |" for row in (headings, shape, *cells)]
