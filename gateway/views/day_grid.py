"""A month of days as patients see it: many, few or no free times each (S15), by the language's own calendar."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from shared.clinic.levels import NONE
from shared.texts.language import (
    day_of_month,
    first_weekday,
    format_date,
    format_month,
    month_of,
    weekday_names,
)


@dataclass(frozen=True)
class Day:
    """What is known of one day: its level, and the holiday on it where it is shown (S9)."""

    level: str = NONE
    holiday: str | None = None


@dataclass(frozen=True)
class DayCell:
    """One square of the calendar; only days with free times can be chosen."""

    day: date
    number: str
    name: str
    level: str
    holiday: str | None
    is_today: bool
    is_chosen: bool


@dataclass(frozen=True)
class MonthGrid:
    """A month in weeks of seven squares, None before its first day and after its last."""

    title: str
    first: date
    last: date
    weekdays: list[tuple[str, str]]
    weeks: list[list[DayCell | None]]
    before: date | None
    after: date | None

    @property
    def has_free_days(self) -> bool:
        """Whether any day of the month can be chosen."""
        return any(cell and cell.level != NONE for week in self.weeks for cell in week)

    @property
    def holidays(self) -> list[DayCell]:
        """The days of the month that have a holiday's name."""
        return [cell for week in self.weeks for cell in week if cell and cell.holiday]


def month_grid(
    shown: date, days: Mapping[date, Day], language: str, *, today: date, window: tuple[date, date], chosen: date | None
) -> MonthGrid:
    """Return the month that `shown` lies in; `window` is the first and last day that paging may reach."""
    first, last = month_of(shown, language)
    offset = (first.weekday() - first_weekday(language)) % 7
    cells: list[DayCell | None] = [None] * offset
    cells += [
        _cell(first + timedelta(days=step), days, language, today, chosen) for step in range((last - first).days + 1)
    ]
    cells += [None] * (-len(cells) % 7)
    return MonthGrid(
        title=format_month(first, language),
        first=first,
        last=last,
        weekdays=weekday_names(language),
        weeks=[cells[start : start + 7] for start in range(0, len(cells), 7)],
        before=first - timedelta(days=1) if first > window[0] else None,
        after=last + timedelta(days=1) if last < window[1] else None,
    )


def _cell(day: date, days: Mapping[date, Day], language: str, today: date, chosen: date | None) -> DayCell:
    known = days.get(day, Day())
    return DayCell(
        day=day,
        number=day_of_month(day, language),
        name=format_date(day, language),
        level=known.level,
        holiday=known.holiday,
        is_today=day == today,
        is_chosen=day == chosen,
    )
