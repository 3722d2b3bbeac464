"""The month of days by colour, and the times of the chosen day (B2, S15)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from gateway.http.wording import N_
from gateway.public.draft import Draft
from gateway.public.times.sources import Source, free_days, looked_ahead, searched
from gateway.public.times.time import Time, times_of
from gateway.views.clinic_view import ClinicView
from gateway.views.day_grid import Day, MonthGrid, month_grid
from shared.clinic.levels import NONE
from shared.texts.language import month_of

_AT_A_GLANCE = 36
"""How many times of a day are shown at once: a start every quarter of an hour from eight to five."""

_PARTS_OF_DAY = ((12, N_("Morning")), (17, N_("Afternoon")), (24, N_("Evening")))


@dataclass(frozen=True)
class Month:
    """What the step shows. `parts` are (title, times) of the chosen day; `next_free` the next day with a free time."""

    grid: MonthGrid
    day: date | None
    parts: list[tuple[str, list[Time]]]
    next_free: date | None

    @property
    def are_many(self) -> bool:
        """Whether there are so many that the day is shown by its hours."""
        return sum(len(starts) for _, starts in self.parts) > _AT_A_GLANCE

    @property
    def week(self) -> date:
        """The first day of the week's times that it leads back to."""
        return self.day or self.next_free or self.grid.first


def free_month(source: Source, clinic: ClinicView, draft: Draft, now: datetime, opens: date | None = None) -> Month:
    """Return the month that is asked for, and the times of the chosen day.

    Where none is asked for it is the first from `opens` on that has a free day; of a month its first free day is open.
    """
    window = clinic.bookable_months(now)
    asked = draft.month or draft.day
    shown = min(max(asked or opens or window[0], window[0]), window[1])
    first, last = month_of(shown, clinic.language)
    days = searched(source, max(first, window[0]), last)
    next_free = None
    if not free_days(days):
        ahead, known_until = looked_ahead(source, last + timedelta(days=1), window[1])
        next_free = min(free_days(ahead), default=None)
        if next_free and asked is None:
            shown, next_free = next_free, None
            first, last = month_of(shown, clinic.language)
            days = ahead if last <= known_until else searched(source, first, last)
    day = draft.day if draft.day and days.get(draft.day, Day()).level != NONE else None
    if day is None and draft.day is None:
        day = min((each for each in free_days(days) if first <= each <= last), default=None)
    return Month(
        grid=month_grid(
            shown, days, clinic.language, today=now.astimezone(clinic.zone).date(), window=window, chosen=day
        ),
        day=day,
        parts=_parts(times_of(source.starts(day, day), clinic.zone)) if day else [],
        next_free=next_free,
    )


def _parts(times: Sequence[Time]) -> list[tuple[str, list[Time]]]:
    """Return the times by part of the day, without the parts that have none."""
    found = []
    begins = 0
    for ends, title in _PARTS_OF_DAY:
        if inside := [time for time in times if begins <= time.hour < ends]:
            found.append((title, inside))
        begins = ends
    return found
