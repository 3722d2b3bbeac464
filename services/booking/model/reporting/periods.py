"""The stretches of a report: days, weeks and months as the reader's language counts them (PRODUCT A2)."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal

from shared.clinic.times.weeks import week_of
from shared.texts.language import calendar_parts, first_weekday, month_of

By = Literal["day", "week", "month", "type", "practitioner"]
SPANS: tuple[By, ...] = ("day", "week", "month")
"""By what of time a report is told."""

_DAY = timedelta(days=1)
_WEEK = 7


@dataclass(frozen=True)
class Period:
    """Dates of the clinic, both included."""

    first: date
    last: date

    def __iter__(self) -> Iterator[date]:
        """Yield each of them."""
        return (self.first + timedelta(days=number) for number in range(self.days))

    @property
    def days(self) -> int:
        """How many they are."""
        return (self.last - self.first).days + 1

    @property
    def before(self) -> "Period":
        """As many days just before them."""
        return Period(self.first - timedelta(days=self.days), self.first - _DAY)


@dataclass(frozen=True)
class ReportQuery:
    """Which report: of which dates, told by what, with the weeks and months of which language."""

    period: Period
    by: By
    language: str


@dataclass(frozen=True)
class Span:
    """A day, week or month of a report, or what of it lies in the period; `key` names the whole of it.

    Keys: `2026-12-01`; `2026-W49`, in languages whose week starts on another day than Monday that day; `2026-12`, or
    the language's own month, `1405-09`.
    """

    key: str
    period: Period


def spans(query: ReportQuery) -> list[Span]:
    """Return the days, weeks or months that a report's period touches, in their order."""
    return list(_spans(query.period, lambda day: _SPAN[query.by](day, query.language)))


def _spans(period: Period, whole: Callable[[date], Span]) -> Iterator[Span]:
    day = period.first
    while day <= period.last:
        span = whole(day)
        last = min(span.period.last, period.last)
        yield Span(span.key, Period(day, last))
        day = last + _DAY


def _day(day: date, _language: str) -> Span:
    return Span(day.isoformat(), Period(day, day))


def _week(day: date, language: str) -> Span:
    starts_on = first_weekday(language)
    first = day - timedelta(days=(day.weekday() - starts_on) % _WEEK)
    key = first.isoformat() if starts_on else week_of(first)
    return Span(key, Period(first, first + timedelta(days=_WEEK - 1)))


def _month(day: date, language: str) -> Span:
    first, last = month_of(day, language)
    year, month, _ = calendar_parts(first, language)
    return Span(f"{year}-{int(month):02}", Period(first, last))


_SPAN: Mapping[By, Callable[[date, str], Span]] = {"day": _day, "week": _week, "month": _month}
