"""What the calendar's address asks for, read kindly: what cannot be is left out."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from shared.texts.language import calendar_date, first_weekday

VIEWS = ("day", "week", "list", "rooms")
_YEARS = (2000, 2200)
_JALALI_UNTIL = 1700
"""Years before this one are of the Jalali calendar."""
_WESTERN_DIGITS = str.maketrans("۰۱۲۳۴۵۶۷۸۹٠١٢٣٤٥٦٧٨٩", "01234567890123456789")
_DAY = timedelta(days=1)


@dataclass(frozen=True)
class Asked:
    """The day that is shown, how, and of whom; `month` is the one that is leafed to where a date is looked for."""

    day: date
    view: str = "day"
    practitioner: str | None = None
    whole_day: bool = False
    by_practitioner: bool = False
    month: date | None = None

    def query(self, **changes: str | None) -> dict[str, str]:
        """Return the address's parameters for this, with changes; what is the ordinary is left out."""
        told: dict[str, str | None] = {
            "date": self.day.isoformat(),
            "view": self.view if self.view != "day" else None,
            "practitioner": self.practitioner,
            "hours": "all" if self.whole_day else None,
            "by": "practitioner" if self.by_practitioner else None,
            **changes,
        }
        return {name: value for name, value in told.items() if value}

    def dates(self, language: str) -> list[date]:
        """Return the dates that are shown: one, or the week of the reader's calendar around it."""
        if self.view != "week":
            return [self.day]
        first = self.day - (self.day.weekday() - first_weekday(language)) % 7 * _DAY
        return [first + index * _DAY for index in range(7)]

    def turned(self, steps: int) -> date:
        """Return the day from which the next or previous is seen: a day on, or a week."""
        return self.day + steps * _DAY * (7 if self.view == "week" else 1)


def asked_of(given: Mapping[str, str], today: date) -> Asked:
    """Return what is asked for; a day that is none is today."""
    view = given.get("view", "")
    return Asked(
        day=read_date(given.get("date", "")) or today,
        view=view if view in VIEWS else "day",
        practitioner=given.get("practitioner") or None,
        whole_day=given.get("hours") == "all",
        by_practitioner=given.get("by") == "practitioner",
        month=read_date(given.get("month", "")),
    )


def read_date(text: str) -> date | None:
    """Return the date that somebody wrote, `2026-12-01` or `1405/9/10` in any digits, None for none."""
    parts = text.translate(_WESTERN_DIGITS).replace("/", "-").strip().split("-")
    if len(parts) != len(("year", "month", "day")) or not all(part.isascii() and part.isdigit() for part in parts):
        return None
    year, month, day = (int(part[:6]) for part in parts)
    try:
        found = calendar_date(year, month, day, "fa" if year < _JALALI_UNTIL else "en")
    except ValueError:
        return None
    return found if _YEARS[0] <= found.year <= _YEARS[1] else None
