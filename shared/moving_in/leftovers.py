"""Lines that were not taken over, as a CSV to be mended and sent again (C14)."""

import csv
import io
from collections.abc import Iterable, Sequence

_FORMULAS = ("=", "+", "-", "@", "\t", "\r")
"""What a spreadsheet takes for the beginning of a formula; an apostrophe before it shows it as it is."""


def leftovers(columns: Sequence[str], why: str, rows: Iterable[tuple[Sequence[str], str]]) -> str:
    """Return a CSV of the columns and one more that says why, and is called so.

    It begins with the mark by which spreadsheets know UTF-8; apostrophes before what could be a formula are taken off
    again when it is read.
    """
    text = io.StringIO(newline="")
    writer = csv.writer(text, delimiter=";")
    writer.writerow([_safe(name) for name in (*columns, why)])
    for cells, reason in rows:
        writer.writerow([_safe(cell) for cell in (*cells, reason)])
    return f"\ufeff{text.getvalue()}"


def _safe(cell: str) -> str:
    return f"'{cell}" if cell.startswith(_FORMULAS) else cell
