"""From a clinic's wall clock to UTC, through nights that lack an hour or have one twice (CONTRACTS 1, wall clock)."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo


def moment(wall: datetime, zone: ZoneInfo, *, second: bool = False) -> datetime:
    """Return the UTC moment at which the clinic's clock shows `wall` (naive).

    A time that the clock skips becomes the first moment after the gap; of a time that it shows twice the first is
    meant, or with `second` the second.
    """
    found = wall.replace(tzinfo=zone, fold=int(second)).astimezone(UTC)
    if found.astimezone(zone).replace(tzinfo=None) == wall:
        return found
    return _end_of_gap(wall, zone)


def _end_of_gap(wall: datetime, zone: ZoneInfo) -> datetime:
    before = wall.replace(tzinfo=zone, fold=1).astimezone(UTC)
    after = wall.replace(tzinfo=zone, fold=0).astimezone(UTC)
    offset = after.astimezone(zone).utcoffset()
    while after - before > timedelta(seconds=1):
        middle = (before + (after - before) / 2).replace(microsecond=0)
        if middle.astimezone(zone).utcoffset() == offset:
            after = middle
        else:
            before = middle
    return after
