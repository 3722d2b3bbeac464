"""At which times the demo clinics have appointments: on any day of the year such as their documents offer."""

from collections import Counter
from datetime import date, timedelta
from itertools import pairwise

import pytest

from cli.demo.clinics import demo_documents
from cli.demo.days import days
from cli.demo.times import AFTER, BEFORE, TODAY, appointments, spread
from services.availability.document import check
from shared.clinic.plan.reading import clinic_plan
from shared.clinic.plan.values import ClinicPlan

WEEK = [date(2026, 11, 16) + timedelta(days=number) for number in range(7)]
"""A week without holidays: from Monday to Sunday."""


def plan_of(clinic: str) -> ClinicPlan:
    return clinic_plan(check(demo_documents()[clinic]).document)


@pytest.mark.parametrize("clinic", demo_documents())
@pytest.mark.parametrize("today", WEEK, ids=lambda day: f"{day:%A}")
def test_a_clinic_has_appointments_before_today_today_and_after(clinic: str, today: date) -> None:
    plan, work = plan_of(clinic), days()[clinic].work
    found = appointments(plan, work, today)
    by_day = Counter(each.start.date() for each in found)
    assert len([day for day in by_day if day < today]) == 1, "the last day on which it was open"
    assert len([day for day in by_day if day > today]) == len(AFTER)
    assert max(by_day.values()) <= max(BEFORE, TODAY, *AFTER) * len(work)
    for key in work:
        own = [each for each in found if each.practitioner == key]
        assert all(one.end <= other.start for one, other in pairwise(own)), key


@pytest.mark.parametrize("clinic", demo_documents())
def test_nobody_works_when_the_clinic_is_closed(clinic: str) -> None:
    plan, work = plan_of(clinic), days()[clinic].work
    for each in appointments(plan, work, date(2026, 12, 23)):
        assert plan.day_plan(each.practitioner, each.start.date()).blocks
        assert not plan.holidays.closes(each.start.date())


def test_a_day_is_used_from_its_beginning_to_its_end() -> None:
    ten: list[object] = list(range(10))
    assert spread(ten, 4) == [0, 2, 5, 7]  # type: ignore[arg-type, comparison-overlap]
    assert spread(ten[:2], 4) == [0, 1]  # type: ignore[arg-type, comparison-overlap]
    assert spread([], 4) == []
