"""The months to come in which there are single days: which dates have hours of their own (S2, issue 14)."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from gateway.console.frame.names import Names
from gateway.views.day_grid import MonthGrid, month_grid
from shared.texts.language import comma, month_of

MONTHS = 12
_DAY = timedelta(days=1)


@dataclass(frozen=True)
class SpecialDay:
    """A date with hours of its own: whose, whether anybody has any, and the items that tell it, by their names."""

    whose: str
    has_hours: bool
    items: tuple[str, ...]


@dataclass(frozen=True)
class Year:
    """Months of the reader's calendar, and the special days among their dates."""

    months: Sequence[MonthGrid]
    special: Mapping[date, SpecialDay]


def year_of(
    items: Sequence[tuple[str, Mapping[str, Any]]], names: Names, everybody: str, today: date, language: str
) -> Year:
    """Return those of the twelve months from `today` on in which single days lie; `items` by their names in addresses.

    What is over is left out.
    """
    by_date: dict[date, list[tuple[str, Mapping[str, Any]]]] = {}
    for name, item in items:
        if (on := date.fromisoformat(item["date"])) >= today:
            by_date.setdefault(on, []).append((name, item))
    special = {on: _special(found, names, everybody, language) for on, found in by_date.items()}
    months = [each for each in _months(today, language) if any(each.first <= on <= each.last for on in special)]
    return Year(months, special)


def _special(found: Sequence[tuple[str, Mapping[str, Any]]], names: Names, everybody: str, language: str) -> SpecialDay:
    keys = [item["practitioner"] for _, item in found]
    whose = f"{comma(language)} ".join(names.practitioner(key) if key else everybody for key in keys)
    return SpecialDay(whose, any(item["blocks"] for _, item in found), tuple(name for name, _ in found))


def _months(today: date, language: str) -> Iterator[MonthGrid]:
    day = today
    for _ in range(MONTHS):
        first, last = month_of(day, language)
        yield month_grid(day, {}, language, today=today, window=(first, last), chosen=None)
        day = last + _DAY
