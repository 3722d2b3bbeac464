"""What was measured, as tables for people to read: a row for each figure, a column for each way to book."""

from collections.abc import Callable, Iterable, Sequence

from rich.console import Console
from rich.table import Table

from bench.bookings.counters import PARTS
from bench.bookings.effects import EFFECTS
from bench.bookings.floors import Floor
from bench.bookings.measuring import Line


def pair(values: tuple[float, float]) -> str:
    """Return two values as they are written."""
    return " / ".join(f"{value:,.0f}" for value in values)


def _of(part: str) -> Callable[[Line], str]:
    return lambda line: f"{line.processor[part]:.1f}"


def _lag(effect: str) -> Callable[[Line], str]:
    return lambda line: pair(line.lags[effect])


def _counted(what: str, digits: int = 1) -> Callable[[Line], str]:
    return lambda line: f"{line.counts[what]:.{digits}f}"


FIGURES: dict[str, Callable[[Line], str]] = {
    "stored before": lambda line: f"{line.stored:,}",
    "processes of each service": lambda line: f"{line.each}",
    "bookings that stand": lambda line: f"{line.bookings:,}",
    "not answered with success": lambda line: f"{line.refused:,}",
    "answered, a second": lambda line: f"{line.answered:.1f}",
    "with everything done, a second": lambda line: f"{line.completed:.1f}",
    "answer, ms, p50 and p99": lambda line: pair(line.answer),
    **{f"{effect} after the answer, ms, p50 and p99": _lag(effect) for effect in EFFECTS},
    "lag of messages, last third to first": lambda line: f"{line.growth:.1f}",
    "**CPU ms with everything done**": lambda line: f"**{line.milliseconds:.1f}**",
    **{f"of which {part}": _of(part) for part in PARTS},
    "CPU ms of all in a second at rest": lambda line: f"{line.rest:.0f}",
    "SQL statements": _counted("statements", 0),
    "transactions": _counted("transactions"),
    "messages published": _counted("published"),
    "messages delivered": _counted("delivered"),
}
"""How each figure is called and written. Costs are per booking that stands."""


def rows(lines: Sequence[Line]) -> list[list[str]]:
    """Return a row for each figure: its name, then its value in each line."""
    return [[name, *(written(line) for line in lines)] for name, written in FIGURES.items()]


def floor_row(floor: Floor) -> list[str]:
    """Return the cells of a floor: what, rate, milliseconds of processor time, of which who spends them."""
    shares = ", ".join(f"{who} {milliseconds:.2f}" for who, milliseconds in floor.processor.items())
    return [floor.what, f"{floor.rate:,.0f}", f"{floor.milliseconds:.2f}", shares]


def show(console: Console, lines: Sequence[Line], floors: Sequence[Floor], load: float) -> None:
    """Print."""
    _print(console, ["", *(line.what for line in lines)], rows(lines))
    if floors:
        _print(console, ["beside it, in the same run", "a second", "CPU ms each", "of which"], map(floor_row, floors))
    console.print(f"load of the machine before: {load:.1f}")


def _print(console: Console, headings: Sequence[str], cells: Iterable[Sequence[str]]) -> None:
    table = Table()
    for number, heading in enumerate(headings):
        table.add_column(heading, justify="right" if number else "left")
    for row in cells:
        table.add_row(*(cell.strip("*") for cell in row))
    console.print(table)
