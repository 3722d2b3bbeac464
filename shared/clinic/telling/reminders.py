"""When a patient is reminded: so long before the start, and before the clinic's quiet hours (PRODUCT N3).

A moment that falls into quiet hours becomes `LEAD` before they begin; one that has passed when the booking is made is
none, for then the confirmation comes later than the reminder would have (docs/adr/0009).
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from shared.clinic.times.durations import parse_duration
from shared.clinic.times.wall_clock import end_moment, start_moment
from shared.contracts.notification import Channel

LEAD = timedelta(minutes=15)
"""How long before quiet hours begin their reminders go out, so that many at once are still sent in time."""

_ONE_DAY = timedelta(days=1)


@dataclass(frozen=True)
class Reminder:
    """A reminder of the clinic's document: `before` is a length in normal form, in hours or in whole days."""

    before: str
    channel: Channel


@dataclass(frozen=True)
class QuietHours:
    """The time of day in which nobody is reminded, [start, end) on the clinic's wall clock, over midnight or not."""

    start: time
    end: time

    @classmethod
    def from_document(cls, written: Mapping[str, str] | None) -> "QuietHours":
        """Read the document's `quiet_hours`; null means from 21:00 to 08:00."""
        if written is None:
            return cls(time(21), time(8))
        return cls(time.fromisoformat(written["from"]), time.fromisoformat(written["to"]))

    def around(self, moment: datetime, zone: ZoneInfo) -> tuple[datetime, datetime] | None:
        """Return start and end, in UTC, of the quiet hours that `moment` lies in; None where it lies in none."""
        return next((quiet for quiet in self._near(moment, zone) if quiet[0] <= moment < quiet[1]), None)

    def before(self, moment: datetime, zone: ZoneInfo) -> datetime:
        """Return `moment`, or where it is quiet a moment shortly before that: `LEAD`, or as much as is not quiet."""
        while quiet := self.around(moment, zone):
            earlier = [end for _, end in self._near(moment, zone) if end < quiet[0]]
            moment = max([quiet[0] - LEAD, *earlier])
        return moment

    def after(self, moment: datetime, zone: ZoneInfo) -> datetime:
        """Return `moment`, or where it is quiet the end of the quiet hours."""
        while quiet := self.around(moment, zone):
            moment = quiet[1]
        return moment

    def _near(self, moment: datetime, zone: ZoneInfo) -> Iterator[tuple[datetime, datetime]]:
        """Yield the quiet hours that begin on the days around `moment`."""
        today = moment.astimezone(zone).date()
        for day in (today + _ONE_DAY * step for step in (-2, -1, 0, 1)):
            last = day if self.start < self.end else day + _ONE_DAY
            yield (
                start_moment(datetime.combine(day, self.start), zone),
                end_moment(datetime.combine(last, self.end), zone),
            )


@dataclass(frozen=True)
class Due:
    """A reminder of one appointment, and when it goes out."""

    reminder: Reminder
    at: datetime


def wanted_moment(start: datetime, before: str, zone: ZoneInfo) -> datetime:
    """Return the moment that lies `before` ahead of `start`, in UTC, whatever the hour.

    Hours are elapsed time; whole days lead to the same time of day on the clinic's wall clock.
    """
    length = parse_duration(before)
    if length.days is None:
        return start.astimezone(UTC) - length.elapsed()
    local = start.astimezone(zone)
    return start_moment(local.replace(tzinfo=None) - _ONE_DAY * length.days, zone)


def reminders_due(start: datetime, reminders: Iterable[Reminder], zone: ZoneInfo, quiet: QuietHours) -> list[Due]:
    """Return when each reminder of an appointment goes out, past or not.

    Of those that would go out by one channel at one moment only the one nearest to the appointment is left.
    """
    nearest_first = sorted(reminders, key=lambda each: wanted_moment(start, each.before, zone), reverse=True)
    once: dict[tuple[str, datetime], Due] = {}
    for each in nearest_first:
        at = quiet.before(wanted_moment(start, each.before, zone), zone)
        once.setdefault((each.channel, at), Due(each, at))
    return list(once.values())


def read_reminders(document: Mapping[str, Any]) -> tuple[Reminder, ...]:
    """Return the reminders of a document in normal form."""
    return tuple(Reminder(each["before"], each["channel"]) for each in document["reminders"])
