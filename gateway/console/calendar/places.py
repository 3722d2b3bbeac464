"""Where things stand in a column: hours and five-minute rows as classes, since the page may carry no styles of its own.

Minutes are of the wall clock since midnight. What begins or ends between two rows is drawn from the row before and to
the row after it.
"""

from collections.abc import Iterable, Iterator
from datetime import date, datetime
from typing import NamedTuple

HOUR = 60
DAY = 24 * HOUR
ROW = 5
FREE = 15
"""Minutes of a free place, from quarter to quarter; what is left between appointments is a smaller one."""
USUAL = (8 * HOUR, 17 * HOUR)
"""What is shown of a day on which nobody works."""


class Span(NamedTuple):
    """From and to which minute of a day."""

    start: int
    end: int


def span_of(start: datetime, end: datetime, day: date) -> Span:
    """Return what lies on `day` of the time between two moments in the clinic's zone."""
    first = 0 if start.date() < day else start.hour * HOUR + start.minute
    last = DAY if end.date() > day else end.hour * HOUR + end.minute
    return Span(first, max(first, last))


def classes(span: Span) -> str:
    """Return the classes that put something at its time: `h14 m6 e6` is 14:30 to 15:00."""
    start = span.start // ROW
    rows = max(-(-span.end // ROW) - start, 1)
    (hour, row), (hours, rest) = divmod(start, HOUR // ROW), divmod(rows, HOUR // ROW)
    parts = (("h", hour, True), ("m", row, False), ("d", hours, False), ("e", rest, False))
    return " ".join(f"{name}{value}" for name, value, always in parts if value or always)


def shown_hours(spans: Iterable[Span], *, whole_day: bool = False) -> Span:
    """Return what of the day is shown, in whole hours: all that is planned or booked."""
    if whole_day:
        return Span(0, DAY)
    found = [span for span in spans if span.start < span.end]
    first = min((span.start for span in found), default=USUAL[0])
    last = max((span.end for span in found), default=USUAL[1])
    return Span(first // HOUR * HOUR, -(-last // HOUR) * HOUR)


def uncovered(whole: Span, taken: Iterable[Span]) -> Iterator[Span]:
    """Yield what is left of a time, in order."""
    free_from = whole.start
    for span in [*sorted(taken), Span(whole.end, whole.end)]:
        if free_from < min(span.start, whole.end):
            yield Span(free_from, min(span.start, whole.end))
        free_from = max(free_from, span.end)


def free_places(shown: Span, taken: Iterable[Span]) -> Iterator[Span]:
    """Yield what is free of the shown time, quarter by quarter, in order."""
    for start, end in uncovered(shown, taken):
        while start < end:
            following = min((start // FREE + 1) * FREE, end)
            yield Span(start, following)
            start = following
