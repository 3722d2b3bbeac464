"""ISO weeks of needs, over the new year too (PRODUCT B10, ISO 8601)."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.clinic.times.weeks import sunday_of, week_of

DATES = st.dates(date(2000, 1, 3), date(2200, 12, 28))


@pytest.mark.parametrize(
    ("week", "sunday"),
    [
        ("2026-W01", date(2026, 1, 4)),
        ("2026-W49", date(2026, 12, 6)),
        ("2026-W53", date(2027, 1, 3)),
        ("2027-W01", date(2027, 1, 10)),
        ("2027-W52", date(2028, 1, 2)),
        ("2024-W01", date(2024, 1, 7)),
    ],
)
def test_b10_a_week_ends_on_its_sunday_which_may_lie_in_the_next_year(week: str, sunday: date) -> None:
    assert sunday_of(week) == sunday


@pytest.mark.parametrize(
    "week",
    ["2027-W53", "2026-W54", "2026-W00", "2026-W1", "2026-49", "2026W49", "2026-W49 ", "٢٠٢٦-W49", "", "0000-W01"],
)
def test_b10_a_week_that_does_not_exist_is_refused(week: str) -> None:
    with pytest.raises(ValueError):  # noqa: PT011 - date's own words
        sunday_of(week)


@given(day=DATES)
def test_every_date_lies_in_the_week_that_ends_on_the_next_sunday(day: date) -> None:
    sunday = next(day + timedelta(days=n) for n in range(7) if (day + timedelta(days=n)).weekday() == 6)
    assert sunday_of(week_of(day)) == sunday


@given(one=DATES, other=DATES)
def test_weeks_sort_as_texts_as_they_come_in_time(one: date, other: date) -> None:
    assert (week_of(one) < week_of(other)) == (sunday_of(week_of(one)) < sunday_of(week_of(other)))
