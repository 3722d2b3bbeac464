"""The report as callers read it: sums by day, week, month, type or practitioner, beside the time before (A2)."""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

from services.booking.model.reporting.counting import NOTHING, Counts
from services.booking.model.reporting.periods import SPANS, Period, ReportQuery, spans

WEB = "web"
_MINUTES_OF_HOUR = 60


@dataclass(frozen=True)
class Row:
    """What was counted under one key, a date (in ISO 8601), type or practitioner; `of_web`, by patients themselves."""

    key: str
    of_web: bool
    counts: Counts


@dataclass(frozen=True)
class Refused:
    """How often a search or attempt of a patient ended without a booking.

    `weekday` is ISO 8601's, 1 Monday to 7, and `hour` 0 to 23, of what was wanted; None where that was not said.
    """

    key: str
    code: str
    weekday: int | None
    hour: int | None
    count: int


@dataclass
class Sum:
    """What comes together under one heading."""

    counts: Counts = NOTHING
    web: int = 0
    refusals: Counter[str] = field(default_factory=Counter)

    def add(self, row: Row) -> None:
        """Add what was counted."""
        self.counts = self.counts + row.counts
        self.web += row.counts.bookings if row.of_web else 0

    def answer(self) -> dict[str, Any]:
        """Return it as callers read it; shares and means of nothing are null."""
        counts = vars(self.counts)
        booked, lead = self.counts.bookings, counts["lead_minutes"]
        return {
            **{name: number for name, number in counts.items() if name != "lead_minutes"},
            "refusals": dict(sorted(self.refusals.items())),
            "web_share": round(self.web / booked, 4) if booked else None,
            "lead_time_hours": round(lead / _MINUTES_OF_HOUR / booked, 1) if booked else None,
        }


@dataclass(frozen=True)
class Counted:
    """What was counted in a period, each row under its key."""

    rows: list[Row]
    refused: list[Refused]

    def total(self) -> Sum:
        """Return all of it."""
        return self.by(lambda _: "").get("", Sum())

    def by(self, heading: Callable[[str], str]) -> dict[str, Sum]:
        """Return the sums by headings, each that of a key."""
        sums: defaultdict[str, Sum] = defaultdict(Sum)
        for row in self.rows:
            sums[heading(row.key)].add(row)
        for each in self.refused:
            sums[heading(each.key)].refusals[each.code] += each.count
        return sums


def summed_up(query: ReportQuery, now: Counted, before: Counted) -> dict[str, Any]:
    """Return the report: its rows, their total, that of the time before, and what was wanted and could not be had.

    Rows of time are all that the period has, also where nothing happened; others those of which there is anything.
    """
    return {
        "by": query.by,
        **_dates(query.period),
        "rows": list(_by_time(query, now) if query.by in SPANS else _by_key(now)),
        "total": now.total().answer(),
        "before": {**_dates(query.period.before), **before.total().answer()},
        "wanted": _wanted(now.refused),
    }


def _by_time(query: ReportQuery, counted: Counted) -> Iterator[dict[str, Any]]:
    found = spans(query)
    heading = {day.isoformat(): span.key for span in found for day in span.period}
    sums = counted.by(heading.__getitem__)
    for span in found:
        yield {"key": span.key, **_dates(span.period), **sums.get(span.key, Sum()).answer()}


def _by_key(counted: Counted) -> Iterator[dict[str, Any]]:
    for key, of_key in sorted(counted.by(str).items()):
        yield {"key": key, **of_key.answer()}


def _wanted(refused: Iterable[Refused]) -> list[dict[str, Any]]:
    """Return how often was wanted what could not be had, by code, weekday and hour; the most often first."""
    sums: Counter[tuple[str, int | None, int | None]] = Counter()
    for each in refused:
        sums[each.code, each.weekday, each.hour] += each.count
    order = sorted(sums.items(), key=lambda item: (-item[1], item[0][0], item[0][1] or 0, item[0][2] or -1))
    return [{"code": code, "weekday": weekday, "hour": hour, "count": count} for (code, weekday, hour), count in order]


def _dates(period: Period) -> dict[str, str]:
    return {"from": period.first.isoformat(), "to": period.last.isoformat()}
