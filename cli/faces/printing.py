"""What commands print: tables as wide as the terminal, or as they are where nobody looks; JSON for programs."""

import json
import sys
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import click
from rich.cells import cell_len
from rich.console import Console
from rich.table import Table
from rich.text import Text

Row = Mapping[str, Any]

_WITHOUT_END = 100_000
"""Characters of a line that no terminal breaks."""
_GAP = 2
_READABLE = 16
"""Characters: a column that is narrower nobody reads."""
_HARMLESS = "\n\N{NO-BREAK SPACE}\N{NARROW NO-BREAK SPACE}\N{ZERO WIDTH NON-JOINER}\N{ZERO WIDTH JOINER}"
"""Python calls them unprintable: spaces that no line is broken at, as in `45 min`, and what joins Persian letters."""
_LEFT_OUT = dict.fromkeys(
    map(
        ord,
        "\N{LEFT-TO-RIGHT ISOLATE}\N{RIGHT-TO-LEFT ISOLATE}\N{FIRST STRONG ISOLATE}\N{POP DIRECTIONAL ISOLATE}"
        "\N{LEFT-TO-RIGHT MARK}\N{RIGHT-TO-LEFT MARK}",
    )
)
"""They keep numbers within Persian in order, have no width, and would turn what stands beside them in a table."""


@dataclass(frozen=True)
class Column:
    """One column: its heading, and what of a row stands in it; what is `spare` goes first where there is no room."""

    heading: str
    of: Callable[[Row], Any]
    spare: bool = False


def column(heading: str, *names: str, spare: bool = False) -> Column:
    """Return the column of what a row has under a name, or under names one within the other."""

    def of(row: Row) -> Any:
        value: Any = row
        for name in names or (heading,):
            value = None if value is None else value.get(name)
        return value

    return Column(heading, of, spare)


def moments(heading: str, name: str) -> Column:
    """Return the column of a moment, by the clinic's clock."""
    return Column(heading, lambda row: moment(row.get(name)))


def show_json(answer: Any) -> None:
    """Print an answer as one JSON document."""
    click.echo(json.dumps(answer, ensure_ascii=False, indent=2))


def show_rows(columns: Sequence[Column], rows: Sequence[Row], *, nothing: str, more: bool = False) -> None:
    """Print a table, or in a sentence that there is nothing; on standard error that there is more than is shown.

    Where a terminal is too narrow for a table, even one whose last column is broken over lines, each row is printed by
    itself, a line for each of its columns: nothing is cut off, and no name that people copy is broken.
    """
    if not rows:
        click.echo(nothing)
        return
    width = _width()
    for shown in (columns, [each for each in columns if not each.spare]):
        cells = [[said(each.of(row)) for each in shown] for row in rows]
        if _has_room([[each.heading for each in shown], *cells], width):
            _show_table(shown, cells)
            break
    else:
        for number, row in enumerate(rows):
            if number:
                click.echo()
            show_fields((each.heading, each.of(row)) for each in columns)
    if more:
        click.echo(f"There is more than these {len(rows)}: --all shows everything.", err=True)


def _has_room(table: Sequence[Sequence[str]], width: int) -> bool:
    """Tell whether a table fits, its last column perhaps over several lines."""
    *firm, last = (max(map(_cell_width, cells)) for cells in zip(*table, strict=True))
    left = width - sum(firm) - len(firm) * _GAP
    return left >= min(last, _READABLE)


def _cell_width(cell: str) -> int:
    return max(map(cell_len, cell.splitlines() or [""]))


def _show_table(columns: Sequence[Column], cells: Sequence[Sequence[str]]) -> None:
    table = Table(box=None, pad_edge=False, header_style="bold" if sys.stdout.isatty() else "")
    for each in columns:
        table.add_column(Text(each.heading), no_wrap=each is not columns[-1], overflow="fold")
    for row in cells:
        table.add_row(*map(Text, row))
    _print(table)


def show_fields(fields: Iterable[tuple[str, Any]]) -> None:
    """Print what a thing is, a line for each that is said of it; what is None is left out."""
    table = Table.grid(padding=(0, 2))
    table.add_column(no_wrap=True, style="bold" if sys.stdout.isatty() else "")
    table.add_column(overflow="fold")
    for name, value in fields:
        if value is not None and value not in ([], {}):
            table.add_row(Text(name), Text(said(value)))
    _print(table)


def moment(written: str | None) -> str | None:
    """Return a moment that a service tells, by the clinic's clock, as people read it: `Tue 2026-12-01 14:00`."""
    return None if written is None else f"{datetime.fromisoformat(written):%a %Y-%m-%d %H:%M}"


def said(value: Any) -> str:
    """Return a value as it is printed: nothing in it can speak to the terminal."""
    if value is None:
        return "-"
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, (list, tuple)):
        return ", ".join(map(said, value)) or "-"
    if isinstance(value, Mapping):
        return ", ".join(f"{name}: {said(each)}" for name, each in value.items())
    text = (value.isoformat() if isinstance(value, date) else str(value)).translate(_LEFT_OUT)
    return "".join(each if each.isprintable() or each in _HARMLESS else "\N{REPLACEMENT CHARACTER}" for each in text)


def _print(table: Table) -> None:
    """Print a table within the terminal's width; where it goes elsewhere, each row is a line."""
    console = Console(width=_width())
    with console.capture() as captured:
        console.print(table)
    click.echo("\n".join(line.rstrip() for line in captured.get().splitlines()))


def _width() -> int:
    """Return how many characters a line may have."""
    return Console().width if sys.stdout.isatty() else _WITHOUT_END
