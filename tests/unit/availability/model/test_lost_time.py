"""Which working time a changed document takes away (C3, S8)."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

from services.availability.document import check
from services.availability.model.lost_time import WEEKS_AHEAD, lost_time
from shared.clinic.plan.reading import clinic_plan
from shared.clinic.plan.values import ClinicPlan
from tests.builders.clinics.written import a_written_document

MONDAY = date(2026, 11, 30)


def plan(**changes: Any) -> ClinicPlan:
    checked = check(a_written_document(**changes))
    assert not checked.problems, checked.problems
    return clinic_plan(checked.document)


def monday(*blocks: tuple[str, str, str], **more: Any) -> ClinicPlan:
    """Return a plan by which Anna works these blocks on Mondays."""
    week = {"mon": [{"kind": kind, "from": start, "to": end} for kind, start, end in blocks]}
    return plan(templates=[{"key": "normal", "week": week}], days=[], **more)


def first(before: ClinicPlan, after: ClinicPlan) -> list[tuple[str, datetime, datetime]]:
    """Return what is lost on the first Monday."""
    end = datetime(2026, 12, 1, tzinfo=UTC)
    return [tuple(each) for each in lost_time(before, after, MONDAY) if each.start < end]


def utc(hour: int, minute: int = 0) -> datetime:
    return datetime(2026, 11, 30, hour, minute, tzinfo=UTC)


def test_what_is_cut_off_in_the_middle_and_at_the_ends_is_lost() -> None:
    before = monday(("exam", "08:00", "12:00"), ("lunch", "12:00", "13:00"), ("exam", "13:00", "17:00"))
    after = monday(("exam", "09:00", "11:00"), ("exam", "12:30", "16:00"))
    assert first(before, after) == [
        ("anna", utc(7), utc(8)),
        ("anna", utc(10), utc(11, 30)),
        ("anna", utc(15), utc(16)),
    ]


def test_time_of_another_kind_is_not_lost_for_staff_book_in_all_of_it() -> None:
    before = monday(("exam", "08:00", "12:00"))
    assert first(before, monday(("lunch", "08:00", "10:00"), ("exam", "10:00", "13:00"))) == []


def test_who_leaves_the_clinic_loses_all_of_it() -> None:
    before = monday(("exam", "08:00", "12:00"))
    gone = plan(practitioners=[{"key": "erik", "name": "Erik"}], plans=[], days=[], absences=[], types=[
        {"key": "exam", "name": "US", "length": "30m"},
    ])  # fmt: skip
    assert first(before, gone) == [("anna", utc(7), utc(11))]


def test_half_a_year_is_looked_through() -> None:
    before = monday(("exam", "08:00", "12:00"))
    lost = list(lost_time(before, monday(), MONDAY))
    assert len(lost) == WEEKS_AHEAD
    assert lost[-1].start.date() == MONDAY + timedelta(weeks=WEEKS_AHEAD - 1)
