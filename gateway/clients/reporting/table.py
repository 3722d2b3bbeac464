"""The report on online booking as a CSV (PRODUCT A2)."""

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from werkzeug.wrappers import Response

from gateway.http.answers import attached
from shared.texts.csv_text import CSV, csv_text

COLUMNS = ("visits", "bookings", "moves", "cancellations", "missed", "refused", "web_share", "lead_time_hours")
_TOTAL = "total"

Row = Mapping[str, Any]


def refused(row: Row) -> int:
    """Return how often patients went without a booking, for whatever reason."""
    return sum(row["refusals"].values())


def as_file(
    report: Mapping[str, Any], name: str, named: Callable[[str], str] = str, say: Callable[[str], str] = str
) -> Response:
    """Return a report as a file to keep: its rows, the total, and as many columns more as there are reasons.

    `named` tells what the key of a type or practitioner is called, `say` how columns are headed, by their names.
    """
    return attached(Response(csv_text(_lines(report, named, say)), mimetype=CSV), f"{name}.csv")


def _lines(
    report: Mapping[str, Any], named: Callable[[str], str], say: Callable[[str], str]
) -> Iterator[tuple[str, ...]]:
    codes = sorted(report["total"]["refusals"])
    yield tuple(map(say, (report["by"], *COLUMNS, *codes)))
    for row in report["rows"]:
        yield (named(row["key"]), *_cells(row, codes))
    yield (say(_TOTAL), *_cells(report["total"], codes))


def _cells(row: Row, codes: list[str]) -> Iterator[str]:
    told = {**row, "refused": refused(row)}
    yield from (_number(told[name]) for name in COLUMNS)
    yield from (_number(row["refusals"].get(code, 0)) for code in codes)


def _number(value: float | None) -> str:
    """Return a number with a decimal comma, as the semicolons between cells say: Excel makes a date of 13.2 there."""
    return "" if value is None else str(value).replace(".", ",")
