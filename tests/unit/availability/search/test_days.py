"""The level of each day (PRODUCT S15)."""

from datetime import date

import pytest

from services.availability.search.offered import DayLevel
from tests.builders.availability.asking import levels
from tests.builders.clinics.documents import a_block, a_document, a_practitioner, a_template, a_type
from tests.builders.clinics.moments import TUESDAY, moment


def a_clinic(minutes, few=3):
    """Return a clinic whose every day has one slot for each 30 of these minutes."""
    end = f"{8 + minutes // 60:02}:{minutes % 60:02}"
    blocks = [a_block("08:00", end)] if minutes else []
    return a_document(*blocks, booking={"few": few})


@pytest.mark.parametrize(("minutes", "level"), [(0, "none"), (30, "few"), (90, "few"), (120, "many")])
def test_s15_a_day_has_none_few_or_many(minutes: int, level: str) -> None:
    assert levels(a_clinic(minutes)) == [DayLevel(date(2026, 12, 1), level, minutes // 30, None)]


def test_s15_the_border_between_few_and_many_is_a_setting() -> None:
    assert [day.level for few in (0, 1, 2) for day in levels(a_clinic(60, few))] == ["many", "many", "few"]


def test_s15_free_is_the_number_of_slots_listed_and_not_of_practitioners() -> None:
    document = a_clinic(90)
    document["practitioners"] = [a_practitioner("anna"), a_practitioner("bo")]
    assert [day.free for day in levels(document)] == [3]
    busy = [("practitioner:anna", "08:00", "08:30"), ("practitioner:bo", "09:00", "09:30")]
    assert [day.free for day in levels(document, busy=busy)] == [3]
    document["types"] = [a_type(lengths={"bo": "90m"})]
    assert [day.free for day in levels(document)] == [4]


def test_s15_what_is_booked_is_not_free() -> None:
    assert [day.free for day in levels(a_clinic(90), busy=[("practitioner:anna", "08:10", "08:40")])] == [1]


def test_s15_every_date_that_is_asked_for_is_told_even_past_ones() -> None:
    document = a_clinic(60)
    document["templates"] = [a_template(every_day=[a_block("08:00", "09:00")], wed=[])]
    found = levels(document, "2026-11-30", "2026-12-03", now=moment(document, "08:10"))
    assert [(day.date.isoformat(), day.free) for day in found] == [
        ("2026-11-30", 0), (TUESDAY, 1), ("2026-12-02", 0), ("2026-12-03", 2),
    ]  # fmt: skip


def test_s15_days_beyond_the_window_have_none() -> None:
    document = a_document(a_block("08:00", "09:00"), booking={"horizon": "0d"})
    assert [day.free for day in levels(document, TUESDAY, "2026-12-02", now=moment(document, "05:00"))] == [2, 0]
