"""What a file holds, as a table: named columns, and rows with the number of their line in the file (C14)."""

import csv
import io
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from shared.moving_in.unreadable import Unreadable

DELIMITERS = (";", ",", "\t", "|")
MOST_ROWS = 100_000
MOST_COLUMNS = 100
LONGEST_CELL = 10_000
"""How much of a table is taken; more is refused, and says so."""

_LOOKED_AT = 20
_LONGEST_LINE = 200_000
_EMPTY = "The file holds no lines. Choose the file that the former system has saved."
_ONLY_A_HEADER = "The file has a first line with the names of its columns, and nothing below it."
_TOO_MANY_ROWS = "The file has more than 100 000 lines. Divide it into several files."
_TOO_MANY_COLUMNS = "The file has more than 100 columns. Save only those that are to be taken over."
_TOO_LONG = "A line of the file is too long for a table. Choose the file that the former system has saved as CSV."


@dataclass(frozen=True)
class Row:
    """The cells of a line, as many as there are columns; `line` is its number in the file, the header's being 1."""

    line: int
    cells: tuple[str, ...]


@dataclass(frozen=True)
class Table:
    """A file as it was read; `delimiter` is "" where it was no CSV."""

    columns: tuple[str, ...]
    rows: Sequence[Row]
    delimiter: str = ""
    notes: tuple[str, ...] = ()
    """What was left out, as sentences."""

    def values(self, column: int, most: int = 200) -> list[str]:
        """Return the first values of a column that are not empty."""
        found = (row.cells[column] for row in self.rows if row.cells[column])
        return [value for value, _ in zip(found, range(most), strict=False)]


def table_of(text: str, delimiter: str | None = None) -> Table:
    """Read a CSV, by the `delimiter` that was chosen or the one that it seems to have.

    Rows that are empty are left out, short ones filled up; cells lose white space around them, and the apostrophe that
    spreadsheets put before what could be a formula. Raise Unreadable for what is no table, or more than is taken.
    """
    start = text[: _LONGEST_LINE * _LOOKED_AT]
    if not text.strip():
        raise Unreadable(_EMPTY)
    told, text = _told_delimiter(text)
    chosen = delimiter or told or _delimiter(start)
    rows = _rows(text, chosen, 1 if told is None else 2)
    header = next(rows, None)
    if header is None:
        raise Unreadable(_EMPTY)
    columns = _named(header.cells)
    filled = [Row(row.line, _fitted(row.cells, len(columns))) for row in rows]
    if not filled:
        raise Unreadable(_ONLY_A_HEADER)
    return Table(columns, filled, chosen)


def _rows(text: str, delimiter: str, first: int) -> Iterator[Row]:
    csv.field_size_limit(_LONGEST_LINE)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
    count, line = 0, first
    try:
        for cells in reader:
            if len(cells) > MOST_COLUMNS and any(cells[MOST_COLUMNS:]):
                raise Unreadable(_TOO_MANY_COLUMNS)
            stripped = tuple(map(_cell, cells[:MOST_COLUMNS]))
            if any(stripped):
                count += 1
                if count > MOST_ROWS + 1:
                    raise Unreadable(_TOO_MANY_ROWS)
                yield Row(line, stripped)
            line = first + reader.line_num
    except csv.Error:
        raise Unreadable(_TOO_LONG) from None


def _cell(text: str) -> str:
    stripped = text.strip().strip("\ufeff\u200e\u200f").strip()
    if len(stripped) > 1 and stripped[0] == "'" and stripped[1] in "=+-@0123456789":
        stripped = stripped[1:]
    if stripped.startswith('="') and stripped.endswith('"'):  # how Excel is told to leave a number's zeros alone
        stripped = stripped[2:-1]
    return stripped[:LONGEST_CELL]


def _told_delimiter(text: str) -> tuple[str | None, str]:
    """Return the delimiter that Excel's own first line `sep=;` tells, and the text below it."""
    first, _, rest = text.partition("\n")
    said = first.strip().strip('"')
    return (said[4], rest) if len(said) == 5 and said.lower().startswith("sep=") else (None, text)


def _delimiter(text: str) -> str:
    """Return what the first lines are divided by: into most columns, and most lines into as many."""

    def regularity(delimiter: str) -> tuple[float, int]:
        lines = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
        try:
            widths = [len(cells) for cells, _ in zip(lines, range(_LOOKED_AT), strict=False) if cells]
        except csv.Error:
            return (0.0, 0)
        if not widths or widths[0] == 1:
            return (0.0, 0)
        return (Counter(widths)[widths[0]] / len(widths), widths[0])

    return max(DELIMITERS, key=regularity)


def _named(header: Sequence[str]) -> tuple[str, ...]:
    """Return the columns' names, each once; one without a name is called by its number."""
    names: list[str] = []
    for place, name in enumerate(header, 1):
        called = name[:100] or str(place)
        names.append(called if called not in names else f"{called} ({place})")
    return tuple(names)


def _fitted(cells: tuple[str, ...], width: int) -> tuple[str, ...]:
    return (*cells[:width], *("",) * (width - len(cells)))
