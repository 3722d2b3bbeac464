"""When a need can be used, and what it takes to give one (PRODUCT B9, B10, R1)."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.patient.model.needs import ClinicNeeds, Need
from shared.clinic.times.weeks import week_of
from shared.contracts.errors import Invalid
from tests.builders.patient.documents import a_document, a_type

DATES = st.dates(date(2010, 1, 4), date(2060, 12, 20))
MADE = datetime(2026, 11, 22, 9, 0, tzinfo=UTC)


def a_need(**changes: Any) -> Need:
    """Return a need of an examination in week 49 of 2026, with changes."""
    return replace(Need("n1", "solna", "p1", "exam", None, 30, "2026-W49", False, MADE), **changes)


def rules(today: date, days_after_week: int | None = 10, **type_changes: Any) -> ClinicNeeds:
    """Return the rules of a clinic whose examinations' needs last so many days beyond their week."""
    exam = a_type("exam", days_after_week=days_after_week, **type_changes)
    return ClinicNeeds(a_document(types=[exam]), today)


@pytest.mark.parametrize(
    ("week", "days", "last_day"),
    [
        ("2026-W49", 10, date(2026, 12, 16)),
        ("2026-W49", 0, date(2026, 12, 6)),
        ("2026-W53", 0, date(2027, 1, 3)),
        ("2026-W53", 1, date(2027, 1, 4)),
        ("2027-W52", 30, date(2028, 2, 1)),
    ],
)
def test_b10_a_need_is_usable_to_the_last_day_and_no_longer(week: str, days: int, last_day: date) -> None:
    need = a_need(week=week)
    assert rules(last_day, days).last_day(need) == last_day
    assert rules(last_day, days).state(need, None) == "open"
    assert rules(last_day + timedelta(days=1), days).state(need, None) == "expired"


def test_b10_without_a_limit_a_need_never_expires() -> None:
    late = rules(date(2059, 1, 1), None)
    assert (late.last_day(a_need()), late.state(a_need(), None)) == (None, "open")


def test_a_need_is_usable_at_once_however_far_its_week_is() -> None:
    assert rules(date(2026, 11, 22)).state(a_need(week="2031-W20"), None) == "open"


def test_b10_the_last_day_ends_at_the_clinics_midnight() -> None:
    document = a_document(time_zone="Asia/Tehran")  # half past three ahead
    assert ClinicNeeds.at(document, datetime(2026, 12, 16, 20, 29, tzinfo=UTC)).state(a_need(), None) == "open"
    assert ClinicNeeds.at(document, datetime(2026, 12, 16, 20, 30, tzinfo=UTC)).state(a_need(), None) == "expired"


@pytest.mark.parametrize(
    ("closed", "booking", "state"),
    [(True, "R1", "closed"), (True, None, "closed"), (False, "R1", "used"), (False, None, "expired")],
)
def test_closed_says_more_than_used_and_used_more_than_expired(closed: bool, booking: str | None, state: str) -> None:
    assert rules(date(2027, 6, 1)).state(a_need(closed=closed), booking) == state


def test_a_need_of_a_type_that_the_clinic_no_longer_has_does_not_expire() -> None:
    late = rules(date(2059, 1, 1))
    assert late.state(a_need(type="gone"), None) == "open"


@given(monday=DATES, today=DATES, days=st.integers(0, 400))
def test_b10_by_dates_and_by_weeks_is_the_same(monday: date, today: date, days: int) -> None:
    """Lists compare weeks (`first_weeks`), single needs dates (`state`); here both meet a walk over every date."""
    week = week_of(monday)
    of_week = [day for n in range(-6, 7) if week_of(day := monday + timedelta(days=n)) == week]
    usable = today <= max(of_week) + timedelta(days=days)
    clinic = rules(today, days)
    assert (clinic.state(a_need(week=week), None) == "open") == usable
    assert (week >= clinic.first_weeks()["exam"]) == usable


@given(today=DATES)
def test_r3_the_week_of_today_is_not_over(today: date) -> None:
    assert rules(today, 0).first_weeks() == {"exam": rules(today).this_week}


MINUTES: list[tuple[dict[str, Any], int]] = [
    ({}, 30),
    ({"practitioner": "anna"}, 45),
    ({"practitioner": "bo"}, 30),
    ({"minutes": 90}, 90),
    ({"practitioner": "anna", "minutes": 5}, 5),
]


@pytest.mark.parametrize(("wish", "minutes"), MINUTES)
def test_r1_a_need_takes_what_staff_say_or_what_the_type_takes(wish: dict[str, Any], minutes: int) -> None:
    clinic = rules(date(2026, 11, 22), lengths={"anna": "45m"})
    assert clinic.minutes_of({"type": "exam", **wish}) == minutes


WRONG: list[tuple[dict[str, Any], list[str]]] = [
    ({"type": "nothing", "practitioner": "anna"}, ["type"]),
    ({"type": "exam", "practitioner": "eva"}, ["practitioner"]),
    ({"type": "exam", "practitioner": "nobody", "minutes": 7}, ["practitioner", "minutes"]),
    ({"type": "exam", "minutes": 42}, ["minutes"]),
]


@pytest.mark.parametrize(("wish", "fields"), WRONG)
def test_r1_a_need_is_of_a_type_taker_and_minutes_that_the_clinic_has(wish: dict[str, Any], fields: list[str]) -> None:
    with pytest.raises(Invalid) as refused:
        rules(date(2026, 11, 22)).minutes_of(wish)
    assert list(refused.value.extra["errors"]) == fields


def test_r1_the_practitioner_is_one_that_the_type_names() -> None:
    clinic = rules(date(2026, 11, 22), practitioners=["eva"])
    assert clinic.minutes_of({"type": "exam", "practitioner": "eva"}) == 30
    with pytest.raises(Invalid):
        clinic.minutes_of({"type": "exam", "practitioner": "anna"})
