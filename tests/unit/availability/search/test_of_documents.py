"""The search reads what the document's check writes: real documents, from text to times."""

from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

import demo
from services.availability.document import check
from services.availability.search.offered import day_levels, offered
from shared.clinic.plan.reading import clinic_plan
from shared.clinic.plan.values import Memory
from shared.clinic.starts.asked import AskedDates
from tests.builders.availability.asking import asked_dates, times
from tests.builders.clinics.documents import a_block, a_document, a_resource, a_type, an_absence
from tests.builders.clinics.moments import NOW, TUESDAY

DEMO_CLINICS = sorted(Path(demo.__file__).parent.glob("*.yaml"))
MONDAY = date(2026, 11, 30)


@pytest.mark.parametrize("path", DEMO_CLINICS, ids=lambda path: path.stem)
def test_s12_every_type_of_the_demo_clinics_has_times(path: Path) -> None:
    checked = check(path.read_text(encoding="utf-8"))
    assert checked.problems == ()
    plan, now = clinic_plan(checked.document), datetime(2026, 11, 23, 6, tzinfo=UTC)
    for key in plan.types:
        asked = AskedDates(type=key, first=MONDAY, last=MONDAY + timedelta(days=13))
        slots = offered(plan, asked, [], now)
        days = day_levels(plan, asked, [], now)
        assert sum(day.free for day in days) == len(slots) > 0, key


def test_the_documents_of_these_tests_are_in_normal_form() -> None:
    written = a_document(
        a_block("08:00", "12:00", step="20m"),
        resources=[a_resource("room-1"), a_resource("room-2")],
        types=[a_type(uses=["room", ["room-1"]])],
        absences=[an_absence("2026-12-24", "2026-12-24"), an_absence("2026-12-25T08:00", "2026-12-25T09:00", "anna")],
        booking={"opens_at": "2026-11-01T08:00", "horizon": "90d"},
    )
    read = check(written)
    assert read.problems == ()
    assert {key: read.document[key] for key in written} == written


def test_s8_a_change_of_the_document_makes_another_plan_and_leaves_the_old_one_as_it_was() -> None:
    document = a_document(a_block("08:00", "09:00"))
    before = clinic_plan(document)
    document["absences"].append(an_absence(TUESDAY, TUESDAY))
    assert times(document) == []
    assert len(offered(before, asked_dates(TUESDAY), [], NOW)) == 2


def test_a_plan_remembers_what_it_worked_out_last_and_no_more() -> None:
    memory: Memory[int] = Memory(2)
    worked_out = []

    def double(number: int) -> int:
        def work_out() -> int:
            worked_out.append(number)
            return 2 * number

        return memory.recall(number, work_out)

    assert [double(number) for number in (1, 2, 1, 3, 1, 2)] == [2, 4, 2, 6, 2, 4]
    assert worked_out == [1, 2, 3, 2]
