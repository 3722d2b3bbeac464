"""Wall clock to UTC: the one place where daylight saving is settled (PRODUCT S16, CONTRACTS 1 "Wall clock")."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

MINUTES_OF_DAY = 24 * 60
"""Of a day on the wall clock, where 24:00 is its end."""

_SECOND = timedelta(seconds=1)


def minutes_of(clock: str) -> int:
    """Return the minutes from midnight to a time that the document writes, `00:00` to `24:00`."""
    hours, _, minutes = clock.partition(":")
    return int(hours) * 60 + int(minutes)


def start_moment(wall: datetime, zone: ZoneInfo) -> datetime:
    """Return the UTC moment at which something that starts at `wall` (naive, of `zone`) starts.

    A time that a spring night lacks moves to the first moment after the gap; of a time that comes twice a
    start takes the first.
    """
    return _moment(wall, zone, fold=0)


def end_moment(wall: datetime, zone: ZoneInfo) -> datetime:
    """Return the UTC moment at which something that ends at `wall` (naive, of `zone`) ends.

    As `start_moment`, but of a time that comes twice an end takes the second.
    """
    return _moment(wall, zone, fold=1)


def midnight(day: date, zone: ZoneInfo) -> datetime:
    """Return the first moment of the local date `day`, in UTC (not always 00:00 on the wall)."""
    return start_moment(datetime.combine(day, time()), zone)


def _moment(wall: datetime, zone: ZoneInfo, fold: int) -> datetime:
    moment = wall.replace(tzinfo=zone, fold=fold).astimezone(UTC)
    if moment.astimezone(zone).replace(tzinfo=None) == wall:
        return moment
    return _after_gap(wall, zone)


def _after_gap(wall: datetime, zone: ZoneInfo) -> datetime:
    """Return the moment of the change of offset that skips `wall`, by halving between its two readings."""
    before = wall.replace(tzinfo=zone, fold=1).astimezone(UTC)
    after = wall.replace(tzinfo=zone, fold=0).astimezone(UTC)
    old_offset = before.astimezone(zone).utcoffset()
    while after - before > _SECOND:
        middle = before + (after - before) // _SECOND // 2 * _SECOND
        if middle.astimezone(zone).utcoffset() == old_offset:
            before = middle
        else:
            after = middle
    return after
