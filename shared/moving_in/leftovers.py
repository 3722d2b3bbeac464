"""Lines that were not taken over, as a CSV to be mended and sent again (C14)."""

from collections.abc import Iterable, Sequence

from shared.texts.csv_text import csv_text


def leftovers(columns: Sequence[str], why: str, rows: Iterable[tuple[Sequence[str], str]]) -> str:
    """Return a CSV of the columns and one more that says why, and is called so.

    Apostrophes before what could be a formula are taken off again when it is read.
    """
    return csv_text([(*columns, why), *((*cells, reason) for cells, reason in rows)])
