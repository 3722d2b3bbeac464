"""Times of the clinic document: lengths, wall-clock times, dates, moments and the zone they are in.

Readers like those of `values`: each takes what the document says and returns its one written form, or raises Wrong.
"""

import re
from datetime import date, datetime, tzinfo
from functools import cache
from typing import Any
from zoneinfo import ZoneInfo, available_timezones

from services.availability.document.problems import Wrong, did_you_mean, shown
from services.availability.document.values import Reader, reads
from shared.clinic.times.durations import Duration, parse_duration
from shared.clinic.times.wall_clock import MINUTES_OF_DAY

YEARS = range(1900, 3000)

_TIME = re.compile(r"(\d{1,2}):(\d{2})")
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")
_MOMENT = re.compile(r"\d{4}-\d{2}-\d{2}[T ]\d{2}:\d{2}(?::00(?:\.0+)?)?(?:Z|[+-]\d{2}:?\d{2})?")


def elapsed(low: int, high: int) -> Reader:
    """Return a reader of a length in hours and minutes, of `low` to `high` minutes; it stays as written."""

    @reads("elapsed", low=low, high=high)
    def read(value: Any) -> str:
        minutes = _duration(value).minutes
        if minutes is None:
            raise Wrong(f"{shown(value)} is in days; write hours or minutes, for example 24h or 45m.")
        if not low <= minutes <= high:
            raise Wrong(f"{shown(value)} is outside what is possible here; write {_length(low)} to {_length(high)}.")
        return str(value)

    return read


def days(low: int, high: int) -> Reader:
    """Return a reader of a number of whole days, such as 90d; it stays as written."""

    @reads("days", low=low, high=high)
    def read(value: Any) -> str:
        count = _duration(value).days
        if count is None:
            raise Wrong(f"{shown(value)} is not in days; write for example 90d.")
        if not low <= count <= high:
            raise Wrong(f"{shown(value)} is outside what is possible here; write {low}d to {high}d.")
        return str(value)

    return read


def elapsed_or_days(low: int) -> Reader:
    """Return a reader of a length in either unit, at least `low` of it and at most a year; the unit is kept (M6)."""
    by_minutes, by_days = elapsed(low, 366 * MINUTES_OF_DAY), days(low, 366)

    @reads("elapsed_or_days", low=low)
    def read(value: Any) -> Any:
        return by_minutes(value) if _duration(value).days is None else by_days(value)

    return read


def _duration(value: Any) -> Duration:
    if not isinstance(value, str):
        raise Wrong(
            f"{shown(value)} is not a length of time; write it with its unit, for example 45m, 1h15m, 24h or 2d."
        )
    try:
        return parse_duration(value)
    except ValueError:
        raise Wrong(f"{shown(value)} is not a length of time; write for example 45m, 1h15m, 24h or 2d.") from None


def _length(minutes: int) -> str:
    return f"{minutes // 60}h" if minutes and minutes % 60 == 0 else f"{minutes}m"


@reads("time")
def time_of_day(value: Any) -> str:
    """Return a wall-clock time as `HH:MM`, 00:00 to 23:59."""
    minutes = _minutes_of_day(value)
    if minutes >= MINUTES_OF_DAY:
        raise Wrong(f"{shown(value)} is not a time of day; write 00:00 to 23:59.")
    return _clock(minutes)


@reads("end")
def end_of_range(value: Any) -> str:
    """Return the wall-clock end of a range as `HH:MM`, up to 24:00."""
    return _clock(_minutes_of_day(value))


def _minutes_of_day(value: Any) -> int:
    if isinstance(value, int) and not isinstance(value, bool) and 0 <= value <= MINUTES_OF_DAY:
        raise Wrong(f'{value} is not a time: put times in quotes, "{_clock(value)}"; YAML counts bare ones in sixties.')
    found = _TIME.fullmatch(value) if isinstance(value, str) and value.isascii() else None
    minutes = int(found[1]) * 60 + int(found[2]) if found else -1
    if found is None or int(found[2]) > 59 or not 0 <= minutes <= MINUTES_OF_DAY:
        raise Wrong(f'{shown(value)} is not a time; write hours and minutes, for example "08:00".')
    return minutes


def _clock(minutes: int) -> str:
    return f"{minutes // 60:02}:{minutes % 60:02}"


@reads("day")
def day(value: Any) -> str:
    """Return a date as `YYYY-MM-DD`."""
    if isinstance(value, date) and not isinstance(value, datetime):
        value = value.isoformat()
    try:
        if isinstance(value, str) and _DAY.fullmatch(value) and date.fromisoformat(value).year in YEARS:
            return value
    except ValueError:
        pass  # a 30th of February; the sentence below fits it too
    raise Wrong(f"{shown(value)} is not a date; write for example 2026-12-24.")


def moment(zone: tzinfo) -> Reader:
    """Return a reader of a moment as `YYYY-MM-DDTHH:MM` on the clinic's wall clock; one with an offset is converted."""

    @reads("moment")
    def read(value: Any) -> str:
        given = value if isinstance(value, datetime) else _written_moment(value)
        if given.second or given.microsecond:
            raise Wrong(f"{shown(value)} has seconds; give whole minutes.")
        if given.year not in YEARS[1:-1]:
            raise Wrong(f"{shown(value)} is out of time; give a year from {YEARS[1]} to {YEARS[-2]}.")
        local = given.astimezone(zone) if given.tzinfo else given
        return local.strftime("%Y-%m-%dT%H:%M")

    return read


def _written_moment(value: Any) -> datetime:
    if isinstance(value, str) and _MOMENT.fullmatch(value):
        try:
            return datetime.fromisoformat(value)
        except ValueError:
            pass  # an hour 25; the sentence below fits it too
    raise Wrong(
        f"{shown(value)} is not a moment; write whole minutes of the clinic's clock, for example 2026-12-24T13:00."
    )


@cache
def _zones() -> frozenset[str]:
    return frozenset(available_timezones())


@reads("zone")
def zone_name(value: Any) -> str:
    """Return the name of a time zone that the machine's database knows."""
    if isinstance(value, str) and value in _zones():
        return value
    close = did_you_mean(str(value)[:60], _zones())
    raise Wrong(f"{shown(value)} is not a time zone; write one such as Europe/Stockholm.{close}")


def zone_of(value: Any) -> ZoneInfo:
    """Return the zone that a raw `time_zone` names, UTC where it names none (which is a problem of its own)."""
    return ZoneInfo(value if isinstance(value, str) and value in _zones() else "UTC")
