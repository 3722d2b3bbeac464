"""What of a clinic's document rules its times, as values: types, blocks, plans, absences, the booking window.

`reading.clinic_plan` makes a `ClinicPlan` from the normal form of the document; minutes are of elapsed time
or, in blocks, of the wall clock since midnight. All moments are aware UTC.
"""

from collections import OrderedDict
from collections.abc import Callable, Hashable, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any, Generic, NamedTuple, Protocol, TypeVar
from zoneinfo import ZoneInfo

from shared.clinic.occupancy import Interval
from shared.clinic.opening import BookableDates, Opening
from shared.clinic.uses import Demand, Use

Result = TypeVar("Result")


class NamedDates(Protocol):
    """Public holidays: a mapping of dates to names will do."""

    def get(self, day: date, /) -> str | None:
        """Return the name of the holiday on `day`, or None."""
        ...


class Block(NamedTuple):
    """A schedule block of one day (PRODUCT S2): wall-clock minutes since midnight, 1440 is 24:00."""

    kind: str
    start: int
    end: int
    step: int | None
    """Minutes from start to start in this block, overriding the type's (PRODUCT S7)."""


@dataclass(frozen=True, eq=False)
class DayPlan:
    """The schedule blocks of one practitioner's day, in order; compared by identity."""

    blocks: tuple[Block, ...]


NO_WORK = DayPlan(())


@dataclass(frozen=True)
class PlanPeriod:
    """A week template in force from and to a date, both included, in all, odd or even ISO weeks (PRODUCT S1)."""

    week: tuple[DayPlan, ...]
    """Seven days, Monday first."""
    first: date | None
    last: date | None
    weeks: str

    def holds_on(self, day: date) -> bool:
        """Tell whether this period rules `day`."""
        if (self.first and day < self.first) or (self.last and day > self.last):
            return False
        return self.weeks == "all" or (self.weeks == "odd") == (day.isocalendar().week % 2 == 1)


@dataclass(frozen=True)
class Practitioner:
    """A practitioner as far as times go (PRODUCT S13)."""

    key: str
    online: bool
    new_patients: bool


@dataclass(frozen=True)
class AppointmentType:
    """A type of appointment as far as times go (PRODUCT S12); lengths and steps in minutes."""

    key: str
    online: bool
    practitioners: tuple[str, ...]
    """Who takes it, in document order, whether signed up for online booking or not."""
    online_practitioners: tuple[str, ...]
    """With whom patients can book it, in document order."""
    length: int
    lengths: Mapping[str, int]
    buffer_before: int
    buffer_after: int
    mode: str
    step: int
    runs_over: bool
    """Whether the last appointment may run past its range (end rule `start_before_end`)."""
    kinds: frozenset[str]
    """The block kinds open to a new booking on the web: its own filter, or all, less what is not online."""
    uses: tuple[Use, ...]
    """One entry per resource that it uses at once: those that will do, in document order."""
    demands: tuple[Demand, ...]
    """What must hold for all `uses` to be met by different resources."""
    days_after_today: int | None
    controlled: bool = False
    """Whether only patients with an open need may ask for its times (PRODUCT B9)."""
    without_need: tuple[str, ...] = ()
    """With whom it is booked without a need all the same."""

    def length_with(self, practitioner: str) -> int:
        """Return the minutes that this type takes with `practitioner`."""
        return self.lengths.get(practitioner, self.length)


@dataclass(frozen=True)
class BookingRules:
    """The clinic's switches and its booking window (PRODUCT B1, S10, S11, S15)."""

    new: bool
    """Whether the clinic takes new bookings on the web."""
    rebook: bool
    """Whether bookings may be moved on the web."""
    new_patients: bool
    """Whether patients that the clinic does not know may book (PRODUCT B7)."""
    opening: Opening
    dates: BookableDates
    days_after_today: int | None
    notice: timedelta
    few: int


@dataclass(frozen=True)
class HolidayRules:
    """What public holidays do to the calendar and to the booking page (PRODUCT S9)."""

    closed: bool
    shown: bool
    open_dates: frozenset[date]
    closed_dates: frozenset[date]
    names: NamedDates
    in_languages: Callable[[date], Mapping[str, str]] = lambda _day: {}
    """What the holiday on a date is called, by language."""

    def closes(self, day: date) -> bool:
        """Tell whether `day` is closed to the web; single dates overrule the holidays."""
        if day in self.closed_dates:
            return True
        return self.closed and day not in self.open_dates and self.names.get(day) is not None

    def shown_name(self, day: date) -> str | None:
        """Return the name to show for `day`: that of its holiday, whether it closes the calendar or not."""
        return self.names.get(day) if self.shown else None

    def shown_names(self, day: date) -> Mapping[str, str]:
        """Return that name in each language in which it is known; empty where none is shown."""
        return self.in_languages(day) if self.shown else {}


class Memory(Generic[Result]):
    """Keeps the results asked for last, at most `size` of them."""

    def __init__(self, size: int) -> None:
        self._size = size
        self._kept: OrderedDict[Hashable, Result] = OrderedDict()

    def recall(self, key: Hashable, work_out: Callable[[], Result]) -> Result:
        """Return what is kept under `key`, worked out first where nothing is."""
        found = self._kept.pop(key, None)
        if found is None:
            found = work_out()
            while len(self._kept) >= self._size:
                self._kept.popitem(last=False)
        self._kept[key] = found
        return found


@dataclass(frozen=True, eq=False)
class ClinicPlan:
    """All that rules a clinic's times, read from one revision of its document."""

    zone: ZoneInfo
    grid: int
    """Minutes of a cell; it divides 15, so cells of UTC are cells of the wall clock."""
    booking: BookingRules
    holidays: HolidayRules
    practitioners: Mapping[str, Practitioner]
    types: Mapping[str, AppointmentType]
    online_kinds: frozenset[str]
    periods: Mapping[str | None, tuple[PlanPeriod, ...]]
    one_off: Mapping[tuple[str | None, date], DayPlan]
    absences: Mapping[str, tuple[Interval, ...]]
    """By `practitioner:key` and `resource:key`; an absence of the clinic is one of each practitioner."""
    memory: Memory[Any] = field(default_factory=lambda: Memory(1024))
    """Masks of dates and of asked ranges, so that they are worked out once per revision."""

    def takes_new_patients(self, practitioner: str) -> bool:
        """Tell whether patients that the clinic does not know may book with `practitioner` (PRODUCT B7, S13)."""
        return self.booking.new_patients and self.practitioners[practitioner].new_patients

    def day_plan(self, practitioner: str, day: date) -> DayPlan:
        """Return the blocks of `practitioner` on `day`: the one-off day's, else those of the plan in force.

        Plans without a practitioner are for all that have no plan of their own (PRODUCT S1).
        """
        for owner in (practitioner, None):
            if one_off := self.one_off.get((owner, day)):
                return one_off
        periods = self.periods.get(practitioner) or self.periods.get(None, ())
        return next((period.week[day.weekday()] for period in periods if period.holds_on(day)), NO_WORK)
