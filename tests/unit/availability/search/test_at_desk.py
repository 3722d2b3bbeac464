"""The times that staff may give while they talk to a patient (PRODUCT S2, C7): all that is free in the plan."""

from datetime import UTC, date, datetime
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from services.availability.search.at_desk import FreeTime, free_times
from shared.clinic.plan.reading import clinic_plan
from tests.builders.availability.asking import asked_dates, slots, taken
from tests.builders.clinics.documents import (
    Document,
    a_block,
    a_document,
    a_plan,
    a_practitioner,
    a_resource,
    a_template,
    a_type,
    an_absence,
)
from tests.builders.clinics.moments import NOW, TUESDAY

HALF_DAY = (a_block("08:00", "10:00"), a_block("10:00", "10:30", "lunch"), a_block("10:30", "11:30"))
ANNA, BO = a_practitioner("anna"), a_practitioner("bo")


def free(
    document: Document,
    *busy: tuple[str, str, str],
    last: str = TUESDAY,
    now: datetime = NOW,
    holidays: dict[date, str] | None = None,
    **asked: Any,
) -> list[FreeTime]:
    rows = [taken(document, *row) for row in busy]
    return free_times(clinic_plan(document, holidays), asked_dates(TUESDAY, last, **asked), rows, now)


def starts(document: Document, *busy: tuple[str, str, str], **asked: Any) -> list[str]:
    return [f"{time.start:%H:%M}" for time in free(document, *busy, **asked)]


def test_s2_staff_are_shown_blocks_of_every_kind_and_told_which_patients_may_not_book() -> None:
    found = free(a_document(*HALF_DAY))
    shown = {f"{time.start:%H:%M}": time.outside_online for time in found}
    assert shown == dict.fromkeys(("08:00", "08:30", "09:00", "09:30"), ()) | {"10:00": ("anna",)} | {
        "10:30": (),
        "11:00": (),
    }


def test_s3_the_block_filter_is_for_patients_and_said_to_staff() -> None:
    document = a_document(a_block("08:00", "09:00", "acute"), types=[a_type(blocks=["exam"])])
    assert [time.outside_online for time in free(document)] == [("anna",), ("anna",)]
    assert slots(document) == []


def test_c7_no_gap_is_overlooked_whatever_the_rule_counts_from() -> None:
    document = a_document(a_block("08:00", "10:00"))
    taken_first = ("practitioner:anna", "08:00", "08:20")
    assert starts(document, taken_first) == ["08:20", "08:30", "09:00", "09:30"]
    assert starts(document, taken_first, minutes=100) == ["08:20", "09:40"], "the last may run past its range (S4)"


def test_c7_window_notice_horizon_and_switches_are_for_patients() -> None:
    rules = {"active": False, "new": False, "notice": "48h", "days_after_today": 30, "last_date": "2026-01-01"}
    document = a_document(a_block("08:00", "09:00"), booking=rules)
    assert starts(document) == ["08:00", "08:30"]


def test_c7_a_type_and_a_practitioner_who_are_not_online_are_found() -> None:
    offline, visit = a_practitioner("anna", online=False), a_type(online=False, practitioners=["anna"])
    document = a_document(a_block("08:00", "09:00"), practitioners=[offline], types=[visit])
    assert starts(document) == ["08:00", "08:30"]


def test_c7_nothing_is_found_before_now() -> None:
    now = datetime(2026, 12, 1, 7, 22, tzinfo=UTC)  # 08:22 in Stockholm
    assert starts(a_document(a_block("08:00", "10:00")), now=now) == ["08:25", "08:30", "09:00", "09:30"]
    later = datetime(2026, 12, 2, tzinfo=UTC)
    assert free(a_document(a_block("08:00", "10:00")), now=later) == []


def test_s14_room_and_practitioner_must_be_free() -> None:
    document = a_document(a_block("08:00", "09:00"), resources=[a_resource("room-1")], types=[a_type(uses=["room"])])
    assert starts(document, ("resource:room-1", "08:00", "08:30")) == ["08:30"]
    assert starts(document, ("practitioner:anna", "08:30", "09:00")) == ["08:00"]


def test_s8_nobody_is_found_while_they_are_away() -> None:
    away = an_absence("2026-12-01T08:00", "2026-12-01T08:30", "anna")
    assert starts(a_document(a_block("08:00", "09:00"), absences=[away])) == ["08:30"]


def test_s9_a_holiday_on_which_the_clinic_is_closed_has_no_times() -> None:
    document = a_document(a_block("08:00", "09:00"), booking={"holidays": {"closed": True}})
    assert starts(document, holidays={date(2026, 12, 1): "A feast"}) == []
    assert starts(document) == ["08:00", "08:30"]


def test_c7_a_time_names_all_who_can_take_it_and_says_of_each_whether_it_is_online() -> None:
    plans = [a_plan("anna", "open"), a_plan("bo", "closed")]
    templates = [
        a_template("open", every_day=[a_block("08:00", "08:30")]),
        a_template("closed", every_day=[a_block("08:00", "08:30", "lunch")]),
    ]
    document = a_document(practitioners=[ANNA, BO], plans=plans, templates=templates)
    assert [time[2:] for time in free(document)] == [(("anna", "bo"), ("bo",))]


@given(st.lists(st.tuples(st.integers(0, 47), st.integers(1, 6)), max_size=6), st.sampled_from((15, 25, 30, 45)))
def test_c7_every_time_that_patients_are_offered_staff_are_offered_too(
    bookings: list[tuple[int, int]], minutes: int
) -> None:
    document = a_document(*HALF_DAY, types=[a_type(length=f"{minutes}m", buffer_after="5m")])
    busy = [("practitioner:anna", _clock(start), _clock(start + length)) for start, length in bookings]
    offered = {(slot.start, slot.end, slot.practitioners) for slot in slots(document, busy=busy)}
    at_desk = free(document, *busy)
    assert offered <= {time[:3] for time in at_desk}
    assert all(time.outside_online == () for time in at_desk if time[:3] in offered)


def _clock(cell: int) -> str:
    """Return the wall clock of a cell of five minutes, counted from 08:00."""
    return f"{8 + cell // 12:02d}:{cell % 12 * 5:02d}"
