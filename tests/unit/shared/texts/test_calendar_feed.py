"""A calendar for programs that fetch it again and again (PRODUCT C16; RFC 5545, RFC 7986)."""

from datetime import UTC, datetime, timedelta

import pytest
from icalendar import Calendar

from shared.texts.calendar_feed import Feed, calendar_feed, colour_name
from tests.builders.calendar_feeds import BOOKING, FEED, LEAVE, LONG, STAMP, written


@pytest.fixture(name="written", scope="module")
def _written() -> bytes:
    """Return a calendar of an appointment over a change to daylight saving, and of leave."""
    return written()


def test_c16_it_says_what_it_is_and_how_often_it_is_worth_fetching(written: bytes) -> None:
    calendar = Calendar.from_ical(written)
    assert str(calendar["NAME"]) == str(calendar["X-WR-CALNAME"]) == FEED.name
    assert calendar["NAME"].params["LANGUAGE"] == "fa"
    assert str(calendar["UID"]) == FEED.uid
    assert calendar["REFRESH-INTERVAL"].params["VALUE"] == "DURATION"
    assert calendar["REFRESH-INTERVAL"].to_ical() == b"PT15M"
    assert (str(calendar["COLOR"]), str(calendar["X-APPLE-CALENDAR-COLOR"])) == ("teal", "#0f766e")
    assert str(calendar["X-WR-TIMEZONE"]) == "Europe/Stockholm"


def test_c16_moments_are_right_on_both_sides_of_daylight_saving(written: bytes) -> None:
    booking, leave = Calendar.from_ical(written).walk("VEVENT")
    assert booking.decoded("DTSTART") == datetime(2026, 3, 29, 0, 30, tzinfo=UTC)
    assert booking.decoded("DTEND") - booking.decoded("DTSTART") == timedelta(hours=1), "an hour does not exist"
    assert (leave.decoded("DTSTART"), leave.decoded("DTEND")) == (LEAVE.start, LEAVE.end)


def test_it_says_that_the_time_is_taken_and_for_whose_eyes_it_is(written: bytes) -> None:
    booking, leave = Calendar.from_ical(written).walk("VEVENT")
    assert (str(booking["SUMMARY"]), booking["SEQUENCE"], str(booking["UID"])) == (LONG, 3, BOOKING.uid)
    assert [str(each["CLASS"]) for each in (booking, leave)] == ["CONFIDENTIAL", "PRIVATE"]
    assert {str(each["TRANSP"]) for each in (booking, leave)} == {"OPAQUE"}


def test_lines_are_folded_between_signs_and_end_as_rfc_5545_wants(written: bytes) -> None:
    assert written.endswith(b"END:VCALENDAR\r\n")
    lines = written.split(b"\r\n")
    assert all(len(line) <= 75 and b"\n" not in line for line in lines)
    assert all(line.decode() is not None for line in lines), "no sign is cut in two"
    assert any(line.startswith(b" ") for line in lines)


def test_a_calendar_without_a_colour_or_anything_in_it_is_one_all_the_same() -> None:
    written = calendar_feed(Feed("f", "Anna", "en", "Asia/Tehran", None), [], STAMP)
    assert b"COLOR" not in written
    assert Calendar.from_ical(written).walk("VEVENT") == []


@pytest.mark.parametrize(("colour", "name"), [("#0f766e", "teal"), ("#ee1c1c", "red"), ("#111111", "black")])
def test_a_colour_has_the_name_that_comes_next(colour: str, name: str) -> None:
    assert colour_name(colour) == name
