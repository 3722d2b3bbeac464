"""Lengths of time as the clinic document writes them (CONTRACTS 1)."""

from datetime import timedelta

import pytest

from shared.clinic.times.durations import Duration, parse_duration, parse_minutes


@pytest.mark.parametrize(
    ("text", "minutes"), [("45m", 45), ("1h15m", 75), ("24h", 1440), ("0m", 0), ("1h90m", 150), ("75m", 75)]
)
def test_hours_and_minutes_become_minutes(text: str, minutes: int) -> None:
    assert parse_duration(text) == Duration(minutes=minutes)
    assert parse_minutes(text) == minutes
    assert parse_duration(text).elapsed() == timedelta(minutes=minutes)


def test_days_stay_days_and_have_no_elapsed_length() -> None:
    """M6: a deadline in days counts calendar days, which daylight saving makes 23 to 25 hours long."""
    assert parse_duration("2d") == Duration(days=2)
    with pytest.raises(ValueError, match="no fixed length"):
        parse_duration("2d").elapsed()
    with pytest.raises(ValueError, match="in days"):
        parse_minutes("2d")


@pytest.mark.parametrize(
    "text", ["", "45", "m", "1.5h", "15m1h", "1d2h", "-5m", " 5m", "5m\n", "2d\n", "٤٥m", "9999999m", "5 m", "5M"]
)
def test_anything_else_is_refused_with_what_would_be_right(text: str) -> None:
    with pytest.raises(ValueError, match="write for example"):
        parse_duration(text)
