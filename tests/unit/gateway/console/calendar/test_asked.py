"""What the calendar's address asks for: odd things are today's day (PRODUCT C6)."""

from datetime import date

import pytest

from gateway.console.calendar.asked import Asked, asked_of, read_date

TODAY = date(2026, 12, 1)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2026-12-24", date(2026, 12, 24)),
        ("1405-10-03", date(2026, 12, 24)),
        ("۱۴۰۵/۱۰/۳", date(2026, 12, 24)),
        ("2026-02-30", None),
        ("1405-13-01", None),
        ("9999999999-1-1", None),
        ("3000-01-01", None),
        ("2026-12", None),
        ("²-1-1", None),
        ("", None),
    ],
)
def test_a_date_is_read_by_either_calendar_in_any_digits(text: str, expected: date | None) -> None:
    assert read_date(text) == expected


def test_what_cannot_be_is_left_out() -> None:
    assert asked_of({"date": "soon", "view": "month", "hours": "few", "practitioner": ""}, TODAY) == Asked(TODAY)


def test_an_address_says_no_more_than_it_must() -> None:
    assert Asked(TODAY).query() == {"date": "2026-12-01"}
    asked = Asked(TODAY, "week", "anna", whole_day=True)
    assert asked.query() == {"date": "2026-12-01", "view": "week", "practitioner": "anna", "hours": "all"}
    assert asked_of(asked.query(), date(2027, 1, 1)) == asked
    assert asked.query(practitioner=None, date="2026-12-08")["date"] == "2026-12-08"


def test_a_week_begins_with_the_readers_first_day() -> None:
    """Saturday in Persian."""
    week = Asked(TODAY, "week")
    assert (week.dates("sv")[0], week.dates("sv")[-1]) == (date(2026, 11, 30), date(2026, 12, 6))
    assert (week.dates("fa")[0], week.dates("fa")[-1]) == (date(2026, 11, 28), date(2026, 12, 4))
    assert week.turned(1) == date(2026, 12, 8)
    assert Asked(TODAY).turned(-1) == date(2026, 11, 30)
