"""What the step of the times shows first: a week's at a glance, or the month by colours (B20)."""

from dataclasses import dataclass
from datetime import date, datetime

from gateway.public.draft import Draft
from gateway.public.times.month import Month, free_month
from gateway.public.times.sources import Source
from gateway.public.times.week import Week, free_week
from gateway.views.clinic_view import ClinicView


@dataclass(frozen=True)
class Shown:
    """A week, or behind it the month: one of both."""

    week: Week | None = None
    month: Month | None = None

    @property
    def is_empty(self) -> bool:
        """Whether there is no time at all, as far ahead as may be booked; a later week or month does not tell."""
        if self.week:
            return self.week.is_first and not self.week.days
        month = self.month
        return month is not None and not (month.grid.before or month.grid.has_free_days or month.next_free)


def free_times(source: Source, clinic: ClinicView, draft: Draft, now: datetime, opens: date | None = None) -> Shown:
    """Return the month where a day or a month is asked for, or where the clinic shows it first; else the week."""
    if draft.day or draft.month or (clinic.shows_month_first and not draft.week):
        return Shown(month=free_month(source, clinic, draft, now, opens))
    return Shown(week=free_week(source, clinic, draft, now, opens))
