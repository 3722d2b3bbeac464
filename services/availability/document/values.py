"""Single values of the clinic document: what each kind looks like, and its one written form.

A reader takes what the document says and returns the normal form, or raises Wrong with a sentence that says what to
write instead. The ones that make readers take the limits.
"""

import re
import unicodedata
from collections.abc import Callable
from datetime import date, datetime, tzinfo
from functools import cache
from typing import Any
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo, available_timezones

from services.availability.document.problems import Wrong, did_you_mean, listed, shown
from shared.durations import parse_duration

Reader = Callable[[Any], Any]


YEARS = range(1900, 3000)
DAY_MINUTES = 24 * 60

_KEY = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{0,39}")
_CLINIC = re.compile(r"[a-z0-9](?:[a-z0-9-]{0,38}[a-z0-9])?")
_TIME = re.compile(r"(\d{1,2}):(\d{2})")
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")
_MOMENT = re.compile(r"\d{4}-\d{2}-\d{2}[T ]\d{2}:\d{2}(?::00(?:\.0+)?)?(?:Z|[+-]\d{2}:?\d{2})?")
_MONEY = re.compile(r"\d{1,12}(?:\.\d{1,2})?")
_COLOUR = re.compile(r"#(?:[0-9A-Fa-f]{3}|[0-9A-Fa-f]{6})")
_EMAIL = re.compile(r"[^\s@<>(),;:\"\[\]\\]+@[^\s@<>(),;:\"\[\]\\]+\.[^\s@<>(),;:\"\[\]\\.]+")
_PHONE = re.compile(r"\+?[\d\s()./-]{3,30}")
_HOST = re.compile(r"(?:[A-Za-z0-9](?:[A-Za-z0-9-]*[A-Za-z0-9])?\.)*[A-Za-z0-9](?:[A-Za-z0-9-]*[A-Za-z0-9])?")
_RESERVED_CLINICS = frozenset(
    {"v1", "staff", "m", "recall", "outbox", "docs", "static", "healthz", "readyz", "metrics", "openapi.json"}
)


def text(longest: int, *, lines: bool = False) -> Reader:
    """Return a reader of 1 to `longest` characters without control characters; `lines` allows line breaks."""

    def read(value: Any) -> str:
        if not isinstance(value, str):
            raise Wrong(f"{shown(value)} is not a text; put it in quotes.")
        if not value.strip():
            raise Wrong("The text is empty; write something, or leave the key out.")
        if len(value) > longest:
            raise Wrong(f"The text has {len(value)} characters; shorten it to at most {longest}.")
        allowed = "\n\r\t" if lines else ""
        if any(unicodedata.category(sign) in {"Cc", "Cs"} and sign not in allowed for sign in value):
            raise Wrong("The text contains control characters; remove them.")
        return value

    return read


def choice(*options: str) -> Reader:
    """Return a reader of one of `options`."""

    def read(value: Any) -> str:
        if isinstance(value, str) and value in options:
            return value
        quoting = ' A bare off or no means false in YAML: write it in quotes, "off".' if value is False else ""
        raise Wrong(f"{shown(value)} is not one of {listed(options)}.{quoting}{did_you_mean(str(value)[:60], options)}")

    return read


def flag(value: Any) -> bool:
    """Return a yes or no."""
    if isinstance(value, bool):
        return value
    raise Wrong(f"{shown(value)} is neither true nor false; write one of them, without quotes.")


def whole(low: int, high: int) -> Reader:
    """Return a reader of a whole number from `low` to `high`."""

    def read(value: Any) -> int:
        if isinstance(value, float) and value.is_integer():
            value = int(value)  # JSON Schema calls 3.0 an integer, and some writers of JSON know no other numbers
        if isinstance(value, int) and not isinstance(value, bool) and low <= value <= high:
            return value
        raise Wrong(f"{shown(value)} is not a whole number from {low} to {high}; write one, without quotes.")

    return read


def key(value: Any) -> str:
    """Return the key of an item."""
    if isinstance(value, str) and _KEY.fullmatch(value):
        return value
    raise Wrong(
        f"{shown(value)} is not a key; use 1 to 40 of the signs A-Z a-z 0-9 - _ and start with a letter or digit."
    )


def clinic_key(value: Any) -> str:
    """Return the clinic's short name, which is part of its addresses."""
    if isinstance(value, str) and value in _RESERVED_CLINICS:
        raise Wrong(f"{shown(value)} is an address of the installation itself; choose another short name.")
    if isinstance(value, str) and _CLINIC.fullmatch(value):
        return value
    raise Wrong(f"{shown(value)} is not a short name; use 1 to 40 of the signs a-z 0-9 - and no hyphen first or last.")


def elapsed(low: int, high: int) -> Reader:
    """Return a reader of a length in hours and minutes, of `low` to `high` minutes; it stays as written."""

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
    by_minutes, by_days = elapsed(low, 366 * DAY_MINUTES), days(low, 366)
    return lambda value: by_minutes(value) if _duration(value).days is None else by_days(value)


def _duration(value: Any) -> Any:
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


def time_of_day(value: Any) -> str:
    """Return a wall-clock time as `HH:MM`, 00:00 to 23:59."""
    minutes = _minutes_of_day(value)
    if minutes >= DAY_MINUTES:
        raise Wrong(f"{shown(value)} is not a time of day; write 00:00 to 23:59.")
    return _clock(minutes)


def end_of_range(value: Any) -> str:
    """Return the wall-clock end of a range as `HH:MM`, up to 24:00."""
    return _clock(_minutes_of_day(value))


def minutes_of(clock: str) -> int:
    """Return the minutes from midnight to a time in normal form."""
    hours, _, minutes = clock.partition(":")
    return int(hours) * 60 + int(minutes)


def _minutes_of_day(value: Any) -> int:
    if isinstance(value, int) and not isinstance(value, bool) and 0 <= value <= DAY_MINUTES:
        raise Wrong(f'{value} is not a time: put times in quotes, "{_clock(value)}"; YAML counts bare ones in sixties.')
    found = _TIME.fullmatch(value) if isinstance(value, str) and value.isascii() else None
    minutes = int(found[1]) * 60 + int(found[2]) if found else -1
    if found is None or int(found[2]) > 59 or not 0 <= minutes <= DAY_MINUTES:
        raise Wrong(f'{shown(value)} is not a time; write hours and minutes, for example "08:00".')
    return minutes


def _clock(minutes: int) -> str:
    return f"{minutes // 60:02}:{minutes % 60:02}"


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


def money(value: Any) -> str:
    """Return an amount of money as a decimal string."""
    if isinstance(value, int) and not isinstance(value, bool):
        value = str(value)
    if isinstance(value, str) and _MONEY.fullmatch(value):
        return value
    raise Wrong(f'{shown(value)} is not an amount; write a decimal number in quotes, for example "995.00".')


def colour(value: Any) -> str:
    """Return a colour as `#rrggbb`."""
    if isinstance(value, str) and _COLOUR.fullmatch(value):
        return value
    raise Wrong(f'{shown(value)} is not a colour; write it in quotes as "#1a73e8".')


def email(value: Any) -> str:
    """Return an email address, checked by its look only."""
    if isinstance(value, str) and len(value) <= 254 and _EMAIL.fullmatch(value) and value.isprintable():
        return value
    raise Wrong(f"{shown(value)} is not an email address; write for example info@clinic.example.")


def phone(value: Any) -> str:
    """Return a telephone number as the clinic writes it."""
    if isinstance(value, str) and _PHONE.fullmatch(value) and sum(sign.isdigit() for sign in value) >= 3:
        return value
    raise Wrong(f'{shown(value)} is not a telephone number; write it in quotes, for example "+46 8 123 45 67".')


def web_address(*schemes: str) -> Reader:
    """Return a reader of an absolute web address with one of `schemes`."""

    def read(value: Any) -> str:
        if isinstance(value, str) and len(value) <= 2000 and value.isprintable() and " " not in value:
            parts = _split(value)
            if parts and parts.scheme in schemes and not parts.username:
                return value
        raise Wrong(f"{shown(value)} is not a web address; write one that starts with {schemes[0]}://.")

    return read


def origin(value: Any) -> str:
    """Return a web origin: scheme, host and perhaps port, as browsers write it."""
    parts = _split(value) if isinstance(value, str) else None
    if (
        parts
        and parts.scheme in {"https", "http"}
        and f"{parts.scheme}://{parts.netloc}" == value
        and not parts.username
    ):
        return str(value).lower()
    raise Wrong(
        f"{shown(value)} is not an origin; write scheme and host without a path, for example https://clinic.example."
    )


def _split(address: str) -> Any:
    try:
        parts = urlsplit(address)
        return parts if parts.hostname and _HOST.fullmatch(parts.hostname) and parts.port != 0 else None
    except ValueError:
        return None  # not even the form of an address, such as a port of six digits; the caller says what is


@cache
def _zones() -> frozenset[str]:
    return frozenset(available_timezones())


def zone_name(value: Any) -> str:
    """Return the name of a time zone that the machine's database knows."""
    if isinstance(value, str) and value in _zones():
        return value
    close = did_you_mean(str(value)[:60], _zones())
    raise Wrong(f"{shown(value)} is not a time zone; write one such as Europe/Stockholm.{close}")


def zone_of(value: Any) -> ZoneInfo:
    """Return the zone that a raw `time_zone` names, UTC where it names none (which is a problem of its own)."""
    return ZoneInfo(value if isinstance(value, str) and value in _zones() else "UTC")


def code(letters: int, example: str) -> Reader:
    """Return a reader of an official code of so many capital letters."""

    def read(value: Any) -> str:
        if isinstance(value, str) and len(value) == letters and value.isascii() and value.isalpha() and value.isupper():
            return value
        quoting = (
            f' A bare NO means false in some YAML readers: write it in quotes, "{example}".' if value is False else ""
        )
        raise Wrong(f"{shown(value)} is not a code of {letters} capital letters such as {example}.{quoting}")

    return read
