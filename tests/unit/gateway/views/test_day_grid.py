"""A month of days as its readers know it."""

from datetime import date

import pytest

from gateway.views.day_grid import month_grid


@pytest.mark.parametrize(("language", "first_column", "blanks"), [("en", 0, 1), ("fa", 5, 1)])
def test_weeks_begin_on_the_languages_first_weekday(language, first_column, blanks):
    grid = month_grid(
        date(2026, 12, 1),
        {},
        language,
        today=date(2026, 12, 1),
        window=(date(2026, 12, 1), date(2027, 1, 1)),
        chosen=None,
    )
    assert grid.weeks[0][:blanks] == [None] * blanks
    assert all(week[0].day.weekday() == first_column for week in grid.weeks if week[0])
    assert all(len(week) == 7 for week in grid.weeks)
