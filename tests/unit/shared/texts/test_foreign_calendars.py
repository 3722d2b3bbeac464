"""A calendar that is fetched, read by three programs that others wrote (PRODUCT C16): icalendar, vobject and ics.

`tests/browser/test_foreign_calendar.py` has two more read it, ical.js and node-ical.
"""

import warnings
from collections.abc import Callable
from datetime import UTC, date, datetime
from typing import Any, NamedTuple

import ics
import pytest
import vobject
from icalendar import Calendar

from tests.builders.calendar_feeds import BOOKING, LEAVE, written

When = datetime | date


class Read(NamedTuple):
    """What a program makes of an event."""

    uid: str
    summary: str
    start: When
    end: When


def by_icalendar(text: str) -> list[Read]:
    """Read it with icalendar."""
    return [
        Read(str(each["UID"]), str(each["SUMMARY"]), each.decoded("DTSTART"), each.decoded("DTEND"))
        for each in Calendar.from_ical(text).walk("VEVENT")
    ]


def by_vobject(text: str) -> list[Read]:
    """Read it with vobject."""
    events: list[Any] = vobject.readOne(text).vevent_list
    return [Read(each.uid.value, each.summary.value, each.dtstart.value, each.dtend.value) for each in events]


def by_ics(text: str) -> list[Read]:
    """Read it with ics, which counts a whole day's end as its last moment's date."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of the library's own: it was made for older ones
        events = ics.Calendar(text).events

    def when(moment: Any, whole_day: bool) -> When:
        found: When = moment.date() if whole_day else moment.datetime
        return found

    return [Read(each.uid, each.name, when(each.begin, each.all_day), when(each.end, each.all_day)) for each in events]


@pytest.mark.parametrize("read", [by_icalendar, by_vobject, by_ics])
def test_c16_others_read_what_was_written(read: Callable[[str], list[Read]]) -> None:
    """Folded lines of Persian, escaped signs, an appointment over a change to daylight saving, whole days."""
    found = {each.uid: each for each in read(written().decode())}
    assert found.keys() == {BOOKING.uid, LEAVE.uid}
    booking, leave = found[BOOKING.uid], found[LEAVE.uid]
    assert booking.summary == BOOKING.summary
    assert isinstance(booking.start, datetime)
    assert isinstance(booking.end, datetime)
    assert booking.start.astimezone(UTC) == datetime(2026, 3, 29, 0, 30, tzinfo=UTC)
    assert booking.end.astimezone(UTC) == datetime(2026, 3, 29, 1, 30, tzinfo=UTC)
    assert (leave.start, leave.end) == (LEAVE.start, LEAVE.end)
