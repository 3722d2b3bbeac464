"""Columns of a plot, placed by attributes alone: no style is written into a page (CSP), and print keeps them."""

from collections.abc import Sequence
from dataclasses import dataclass

WIDTH, HEIGHT = 1000, 100
"""Of a plot in its own units; the page stretches it."""
_FILLED = 0.72
"""So much of its place a column fills."""
_ROUND = (1, 2, 5, 10)


@dataclass(frozen=True)
class Column:
    """A column from `x`, with its parts from the bottom up."""

    x: float
    width: float
    parts: tuple["Part", ...]


@dataclass(frozen=True)
class Part:
    """A part of a column: of which series, from the bottom of the plot counted, 0 the first."""

    series: int
    y: float
    height: float


@dataclass(frozen=True)
class Plot:
    """Columns, and how much the top of the plot stands for."""

    columns: tuple[Column, ...]
    top: int
    first: str
    last: str


def plot(
    values: Sequence[Sequence[int]], first: str = "", last: str = "", *, right_to_left: bool = False
) -> Plot | None:
    """Return the plot of stacked values, `first` and `last` under its ends; None where there is nothing to see.

    Time runs as the language is written.
    """
    most = max(map(sum, values), default=0)
    if not most:
        return None
    top, place = _top(most), WIDTH / len(values)
    columns = []
    for number, stack in enumerate(values):
        left = (len(values) - 1 - number if right_to_left else number) * place
        columns.append(Column(_short(left + place * (1 - _FILLED) / 2), _short(place * _FILLED), _parts(stack, top)))
    return Plot(tuple(columns), top, first, last)


def share_of(value: int, most: int) -> float:
    """Return how long a bar is beside the longest of its kind, in the plot's units."""
    return _short(WIDTH * value / most) if most else 0.0


def _parts(stack: Sequence[int], top: int) -> tuple[Part, ...]:
    parts, below = [], 0
    for series, value in enumerate(stack):
        if value:
            below += value
            parts.append(Part(series, _short(HEIGHT - HEIGHT * below / top), _short(HEIGHT * value / top)))
    return tuple(parts)


def _top(most: int) -> int:
    """Return a round number that is no less than `most`: 1, 2, 5 and 10 of each power of ten."""
    power = int(10 ** (len(str(most)) - 1))
    return next(each * power for each in _ROUND if each * power >= most)


def _short(number: float) -> float:
    return round(number, 2)
