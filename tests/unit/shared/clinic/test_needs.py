"""What a type says of needs (PRODUCT B9, B10)."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.clinic.needs import first_weeks, has_expired, is_controlled, last_day
from shared.clinic.times.weeks import week_of
from tests.builders.clinics.documents import Document, a_document, a_type

DAY = timedelta(days=1)


def a_clinic(days_after_week: int | None = None, *, controlled: bool = True) -> Document:
    needs = {"controlled": controlled, "choose_practitioner": False, "days_after_week": days_after_week}
    return a_document(types=[a_type("visit", needs=needs)])


def test_b9_a_type_says_whether_it_is_controlled_by_needs() -> None:
    assert is_controlled(a_clinic(), "visit")
    assert not is_controlled(a_clinic(controlled=False), "visit")
    assert not is_controlled(a_clinic(), "gone")


@pytest.mark.parametrize(
    ("week", "days", "last"),
    [
        ("2026-W49", 0, date(2026, 12, 6)),
        ("2026-W49", 7, date(2026, 12, 13)),
        ("2026-W53", 0, date(2027, 1, 3)),
        ("2026-W49", None, None),
    ],
)
def test_b10_a_need_can_be_used_until_so_many_days_after_the_sunday_of_its_week(
    week: str, days: int | None, last: date | None
) -> None:
    assert last_day(a_clinic(days), "visit", week) == last


def test_b10_a_need_expires_with_its_last_day_and_never_where_its_type_is_gone() -> None:
    document, sunday = a_clinic(0), date(2026, 12, 6)
    assert not has_expired(document, "visit", "2026-W49", sunday)
    assert has_expired(document, "visit", "2026-W49", sunday + DAY)
    assert not has_expired(document, "gone", "2026-W49", date.max)


@given(st.dates(date(2020, 1, 1), date(2035, 12, 31)), st.integers(0, 400), st.integers(-500, 30))
def test_b10_the_first_week_that_can_be_used_parts_those_that_have_expired_from_those_that_have_not(
    today: date, days: int, away: int
) -> None:
    document, week = a_clinic(days), week_of(today + away * DAY)
    assert has_expired(document, "visit", week, today) == (week < first_weeks(document, today)["visit"])


def test_b10_a_type_without_a_limit_has_no_first_week() -> None:
    assert first_weeks(a_clinic(None), date(2026, 12, 1)) == {}
