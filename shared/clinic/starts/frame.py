"""The dates asked for, laid out as cells: where each local date begins, how long it is, which cell a moment is in."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

from shared.clinic.occupancy import Interval
from shared.clinic.plan.values import ClinicPlan
from shared.clinic.starts.bits import span
from shared.clinic.times.wall_clock import MINUTES_OF_DAY, end_moment, midnight, start_moment

_DAY = timedelta(days=1)


@dataclass(frozen=True)
class Day:
    """One local date as elapsed time."""

    on: date
    starts_at: datetime
    minutes: int
    """1440, or less or more where the offset changes (PRODUCT S16); 0 where the zone skips the date."""
    plain: bool
    """Whether the offset stays the same all day, so that wall-clock minutes are elapsed minutes."""
    offset: int
    """Cells from the beginning of the frame to that of the day."""
    mask: int
    """All cells of the day, bit 0 its midnight."""

    def elapsed(self, wall_minute: int, zone: ZoneInfo, *, end: bool = False) -> int:
        """Return the elapsed minutes at which a block that starts (or ends) at `wall_minute` does so."""
        if self.plain:
            return wall_minute
        if wall_minute == MINUTES_OF_DAY:
            return self.minutes
        wall = datetime(self.on.year, self.on.month, self.on.day, *divmod(wall_minute, 60))  # noqa: DTZ001 - a wall clock's
        moment = end_moment(wall, zone) if end else start_moment(wall, zone)
        return (moment - self.starts_at) // timedelta(minutes=1)


@dataclass(frozen=True, eq=False)
class Frame:
    """The local dates from first to last; cell 0 begins with the first of them."""

    zone: ZoneInfo
    grid: int
    days: tuple[Day, ...]
    starts_at: datetime
    cells: int

    def is_start(self, moment: datetime) -> bool:
        """Tell whether a cell of the frame begins at `moment`."""
        return 0 <= self.floor(moment) < self.cells and self.floor(moment) == self.ceil(moment)

    def floor(self, moment: datetime) -> int:
        """Return the cell in which `moment` lies; negative before the frame."""
        return (moment - self.starts_at) // timedelta(minutes=self.grid)

    def ceil(self, moment: datetime) -> int:
        """Return the first cell that begins at `moment` or later."""
        return -((self.starts_at - moment) // timedelta(minutes=self.grid))

    def spans(self, intervals: Iterable[Interval], lead: int = 0) -> list[tuple[int, int]]:
        """Return the intervals in cells, counted from `lead` cells before the frame.

        Off-grid moments count outward to whole cells. Written out in one loop, not with `floor` and `ceil`: this is
        where a search with many bookings spends its time.
        """
        origin = self.utc(-lead)
        cell = self.grid * 60
        found = []
        for start, end in intervals:
            to_start = start - origin
            to_end = end - origin
            beyond = to_end.days * 86400 + to_end.seconds + (to_end.microseconds > 0)
            found.append(((to_start.days * 86400 + to_start.seconds) // cell, -(-beyond // cell)))
        return found

    def utc(self, cell: int) -> datetime:
        """Return the moment at which `cell` begins."""
        return self.starts_at + timedelta(minutes=cell * self.grid)


def cells(minutes: int, grid: int) -> int:
    """Return how many cells of `grid` minutes it takes to hold `minutes`."""
    return -(-minutes // grid)


def frame_of(plan: ClinicPlan, first: date, last: date) -> Frame:
    """Return the frame of the dates from `first` to `last`, both included."""
    laid_out: Frame = plan.memory.recall((first, last), lambda: _laid_out(plan.zone, plan.grid, first, last))
    return laid_out


def _laid_out(zone: ZoneInfo, grid: int, first: date, last: date) -> Frame:
    dates = [first + index * _DAY for index in range((last - first).days + 1)]
    midnights = [midnight(day, zone) for day in [*dates, last + _DAY]]
    days = tuple(
        Day(
            on=day,
            starts_at=starts_at,
            minutes=(ends_at - starts_at) // timedelta(minutes=1),
            plain=ends_at - starts_at == _DAY and _offset(starts_at, zone) == _offset(ends_at, zone),
            offset=(starts_at - midnights[0]) // timedelta(minutes=grid),
            mask=span(0, (ends_at - starts_at) // timedelta(minutes=grid)),
        )
        for day, (starts_at, ends_at) in zip(dates, pairwise(midnights), strict=True)
    )
    return Frame(zone, grid, days, midnights[0], (midnights[-1] - midnights[0]) // timedelta(minutes=grid))


def _offset(moment: datetime, zone: ZoneInfo) -> timedelta | None:
    return moment.astimezone(zone).utcoffset()
