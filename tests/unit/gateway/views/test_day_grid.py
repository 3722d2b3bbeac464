"""A month of days as its readers know it."""

from datetime import date

import pytest

from gateway.views.day_grid import level_of, month_grid


@pytest.mark.parametrize(
    ("free", "few", "level"), [(0, 3, "none"), (1, 3, "few"), (3, 3, "few"), (4, 3, "many"), (1, 0, "many")]
)
def test_at_most_few_free_times_are_few_s15(free, few, level):
    assert level_of(free, few) == level


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
