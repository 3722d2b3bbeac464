"""Tables as CSV that spreadsheet programs open as they are, and in which no cell is a formula."""

import csv
import io
from collections.abc import Iterable, Sequence

CSV = "text/csv"
"""What the file is said to hold."""

BYTE_ORDER_MARK = "\ufeff"
"""By which Excel knows UTF-8; other programs read it as the first sign of the first column's name."""

_FORMULAS = ("=", "+", "-", "@", "\t", "\r")
"""What a spreadsheet takes for the beginning of a formula; an apostrophe before it shows it as it is."""


def csv_text(rows: Iterable[Sequence[str]], *, marked: bool = True) -> str:
    """Return rows, the names of the columns first, as CSV (RFC 4180); `marked`: for Excel, by the mark of UTF-8.

    Semicolons part the cells: where a comma stands in decimal numbers, as in all countries that Frontdesk is used in,
    Excel puts a line with commas into one cell.
    """
    text = io.StringIO(newline="")
    csv.writer(text, delimiter=";").writerows([_safe(cell) for cell in row] for row in rows)
    return f"{BYTE_ORDER_MARK if marked else ''}{text.getvalue()}"


def _safe(cell: str) -> str:
    return f"'{cell}" if cell.startswith(_FORMULAS) else cell
