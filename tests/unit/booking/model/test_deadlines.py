"""How late a patient may change (PRODUCT M6), through nights that lack an hour or have one twice (S16)."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from services.booking.model.deadlines import ends_at
from shared.clinic.times.durations import parse_duration

STOCKHOLM = ZoneInfo("Europe/Stockholm")


def wall(text: str, zone: ZoneInfo = STOCKHOLM) -> datetime:
    """Return an aware moment of the clinic's wall clock."""
    return datetime.fromisoformat(text).replace(tzinfo=zone)


@pytest.mark.parametrize(
    ("start", "deadline", "until"),
    [
        ("2026-12-01T14:00", "24h", "2026-11-30T14:00"),
        ("2026-12-01T14:00", "0m", "2026-12-01T14:00"),
        ("2026-12-01T14:00", "1h30m", "2026-12-01T12:30"),
        ("2026-12-01T14:00", "2d", "2026-11-30T00:00"),
        ("2026-12-01T08:00", "2d", "2026-11-30T00:00"),
        ("2026-12-01T23:59", "1d", "2026-12-01T00:00"),
        ("2026-12-01T14:00", "0d", "2026-12-02T00:00"),
    ],
)
def test_hours_are_elapsed_and_days_end_at_midnight(start: str, deadline: str, until: str) -> None:
    """M6: 2d lasts until 24:00 of the date two days before, whatever the appointment's time of day."""
    assert ends_at(wall(start), parse_duration(deadline), STOCKHOLM) == wall(until)


@pytest.mark.parametrize(
    ("start", "until"),
    [("2026-03-29T14:00", "2026-03-28T13:00"), ("2026-10-25T14:00", "2026-10-24T15:00")],
)
def test_24_hours_stay_24_hours_over_a_change_of_the_clock(start: str, until: str) -> None:
    """M6, S16: elapsed time, so the wall clock shows another hour the day before."""
    found = ends_at(wall(start), parse_duration("24h"), STOCKHOLM)
    assert found == wall(until)
    assert wall(start).astimezone(UTC) - found == timedelta(hours=24)


def test_days_stay_days_over_a_change_of_the_clock() -> None:
    """M6, S16: the day of 23 hours is one day."""
    found = ends_at(wall("2026-03-30T14:00"), parse_duration("2d"), STOCKHOLM)
    assert found == wall("2026-03-29T00:00")
    assert wall("2026-03-30T14:00").astimezone(UTC) - found == timedelta(hours=37)


def test_a_date_is_the_clinic_s_and_not_utc_s() -> None:
    """M6: 00:30 in Stockholm is still the day before in UTC."""
    start = datetime(2026, 12, 1, 23, 30, tzinfo=UTC)
    assert ends_at(start, parse_duration("1d"), STOCKHOLM) == wall("2026-12-02T00:00")


def test_a_day_whose_midnight_is_skipped_ends_when_the_next_begins() -> None:
    """S16: in Tehran the clock went from 24:00 of 21 March 2022 to 01:00."""
    tehran = ZoneInfo("Asia/Tehran")
    found = ends_at(wall("2022-03-22T14:00", tehran), parse_duration("1d"), tehran)
    assert found.astimezone(tehran).isoformat() == "2022-03-22T01:00:00+04:30"
