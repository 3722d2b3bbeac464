"""A calendar that programs fetch again and again (RFC 5545, RFC 7986): a practitioner's appointments and absences.

Moments are UTC: every calendar shows them in its owner's zone, on both sides of a change to daylight saving, without a
VTIMEZONE. What is over the whole day is a date, which is the same everywhere.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

from icalendar import Calendar, Event

FETCHED_EVERY = timedelta(minutes=15)
"""How often programs are asked to fetch it; they do as they like, Google a few times a day."""

_COLOURS = {
    "black": 0x000000, "gray": 0x808080, "silver": 0xC0C0C0, "maroon": 0x800000, "red": 0xFF0000, "purple": 0x800080,
    "fuchsia": 0xFF00FF, "green": 0x008000, "lime": 0x00FF00, "olive": 0x808000, "orange": 0xFFA500, "navy": 0x000080,
    "blue": 0x0000FF, "teal": 0x008080, "aqua": 0x00FFFF,
}  # fmt: skip
"""The names of CSS Color 2 by their numbers: RFC 7986 takes names alone. White and yellow are seen on no page."""


@dataclass(frozen=True)
class Entry:
    """What takes a practitioner's time. `sequence` grows with each change of it; `uid` stays.

    `start` and `end` are both moments or both dates, the end excluded. What says of a patient more than that there is
    one is `confidential`.
    """

    uid: str
    sequence: int
    start: datetime | date
    end: datetime | date
    summary: str
    confidential: bool = False


@dataclass(frozen=True)
class Feed:
    """What a calendar is called, and what else programs show of it; `colour` is `#rrggbb`, or none."""

    uid: str
    name: str
    language: str
    time_zone: str
    colour: str | None


def calendar_feed(feed: Feed, entries: Iterable[Entry], stamp: datetime) -> bytes:
    """Return the calendar as it is at `stamp`."""
    calendar = Calendar()
    calendar.add("prodid", "-//Frontdesk//Calendars//EN")
    calendar.add("version", "2.0")
    calendar.add("calscale", "GREGORIAN")
    calendar.add("method", "PUBLISH")
    calendar.add("uid", feed.uid)
    calendar.add("last-modified", stamp.astimezone(UTC))
    calendar.add("name", feed.name, parameters={"LANGUAGE": feed.language})
    calendar.add("x-wr-calname", feed.name)
    calendar.add("x-wr-timezone", feed.time_zone)
    calendar.add("refresh-interval", FETCHED_EVERY, parameters={"VALUE": "DURATION"})
    calendar.add("x-published-ttl", "PT15M")
    if feed.colour is not None:
        calendar.add("color", colour_name(feed.colour))
        calendar.add("x-apple-calendar-color", feed.colour)
    for entry in entries:
        calendar.add_component(_event(entry, stamp))
    return bytes(calendar.to_ical(sorted=False))


def colour_name(colour: str) -> str:
    """Return the name of CSS that comes next to a colour `#rrggbb`."""
    return min(_COLOURS, key=lambda name: _distance(int(colour[1:], 16), _COLOURS[name]))


def _event(entry: Entry, stamp: datetime) -> Event:
    event = Event()
    event.add("uid", entry.uid)
    event.add("sequence", entry.sequence)
    event.add("dtstamp", stamp.astimezone(UTC))
    event.add("dtstart", _in_utc(entry.start))
    event.add("dtend", _in_utc(entry.end))
    event.add("summary", entry.summary)
    event.add("status", "CONFIRMED")
    event.add("transp", "OPAQUE")
    event.add("class", "CONFIDENTIAL" if entry.confidential else "PRIVATE")
    return event


def _in_utc(when: datetime | date) -> datetime | date:
    return when.astimezone(UTC) if isinstance(when, datetime) else when


def _distance(one: int, other: int) -> int:
    return sum(((one >> shift & 255) - (other >> shift & 255)) ** 2 for shift in (0, 8, 16))
