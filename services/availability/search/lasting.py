"""How long the answer of a search lasts: which dates a change touches, and when the clock alone changes a date."""

from collections.abc import Iterable
from datetime import UTC, date, datetime, timedelta
from typing import NamedTuple

from services.availability.model.occupancy import Busy
from shared.clinic.occupancy import Interval
from shared.clinic.plan.values import ClinicPlan
from shared.clinic.times.wall_clock import midnight

_DAY = timedelta(days=1)
_INSTANT = timedelta(microseconds=1)
_EPOCH = datetime(2000, 1, 1, tzinfo=UTC)


def touched_days(plan: ClinicPlan, spans: Iterable[Interval]) -> set[date]:
    """Return the local dates on which appointments may be offered differently once these times are taken or freed.

    An appointment lies within its date, but its buffers may reach into the next or the one before (CONTRACTS 1).
    """
    before = timedelta(minutes=max((kind.buffer_before for kind in plan.types.values()), default=0))
    after = timedelta(minutes=max((kind.buffer_after for kind in plan.types.values()), default=0))
    found: set[date] = set()
    for start, end in spans:
        first = (start - after).astimezone(plan.zone).date()
        last = (end + before - _INSTANT).astimezone(plan.zone).date()
        found.update(first + index * _DAY for index in range((last - first).days + 1))
    return found


class Lasting(NamedTuple):
    """Until when the answer of one search is right, if nothing but time passes."""

    until: datetime
    """For every date."""
    near: frozenset[date]
    """The dates that notice has reached, or reaches with the next cell of the grid."""
    near_until: datetime

    def of(self, day: date) -> datetime:
        """Return until when the answer for `day` is right."""
        return min(self.until, self.near_until) if day in self.near else self.until


def lasting(plan: ClinicPlan, busy: Iterable[Busy], now: datetime) -> Lasting:
    """Return how long the answer of a search lasts that found `busy` at the moment `now`.

    Ends with the nearest hold (B12), the clinic's day (S10, S11), the moment when booking opens or closes, and on
    the date that notice has reached, with the next cell of the grid, in which a start may be.
    """
    booking = plan.booking
    soonest = now + booking.notice
    next_start = soonest + -(soonest - _EPOCH) % timedelta(minutes=plan.grid)
    ends = [midnight(now.astimezone(plan.zone).date() + _DAY, plan.zone)]
    ends += [time.expires_at for time in busy if time.expires_at is not None]
    ends += [moment for moment in booking.opening if moment is not None and moment > now]
    near = frozenset(moment.astimezone(plan.zone).date() for moment in (soonest, next_start))
    return Lasting(min(ends), near, next_start - booking.notice)
