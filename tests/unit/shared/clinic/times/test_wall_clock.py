"""Wall clock to UTC over nights that lack an hour or have one twice (PRODUCT S16)."""

from collections.abc import Callable
from datetime import date, datetime
from zoneinfo import ZoneInfo

import pytest

from shared.clinic.times.wall_clock import end_moment, midnight, start_moment

STOCKHOLM = ZoneInfo("Europe/Stockholm")


@pytest.mark.parametrize(
    ("text", "moment_of", "expected"),
    [
        ("2026-03-29T02:30", start_moment, "2026-03-29T01:00:00+00:00"),
        ("2026-03-29T02:00", end_moment, "2026-03-29T01:00:00+00:00"),
        ("2026-10-25T02:30", start_moment, "2026-10-25T00:30:00+00:00"),
        ("2026-10-25T02:30", end_moment, "2026-10-25T01:30:00+00:00"),
        ("2026-12-01T14:00", end_moment, "2026-12-01T13:00:00+00:00"),
    ],
)
def test_s16_wall_clock_times_that_do_not_exist_or_come_twice_are_settled(
    text: str, moment_of: Callable[[datetime, ZoneInfo], datetime], expected: str
) -> None:
    assert moment_of(datetime.fromisoformat(text), STOCKHOLM).isoformat() == expected


def test_s16_a_day_whose_midnight_is_skipped_begins_when_the_clock_goes_on() -> None:
    """In Tehran the clock went from 24:00 of 21 March 2022 to 01:00."""
    begun = midnight(date(2022, 3, 22), ZoneInfo("Asia/Tehran"))
    assert begun.isoformat() == "2022-03-21T20:30:00+00:00"
