"""Leave, closures and blocked periods (PRODUCT S8), and public holidays (S9)."""

from datetime import date

import pytest

from tests.builders.availability.asking import dates, levels, times
from tests.builders.clinics.documents import (
    a_block,
    a_document,
    a_practitioner,
    a_resource,
    a_type,
    an_absence,
)

MORNING = a_block("08:00", "10:00")


def a_clinic(*absences, **changes):
    clinic = {"practitioners": [a_practitioner("anna"), a_practitioner("bo")], "absences": list(absences)}
    return a_document(MORNING, **(clinic | changes))


def test_s8_an_absence_by_dates_takes_both_of_them_whole() -> None:
    document = a_clinic(an_absence("2026-12-02", "2026-12-03", "anna"))
    assert dates(document, "2026-12-01", "2026-12-04", practitioner="anna") == ["12-01", "12-04"]
    assert len(dates(document, "2026-12-01", "2026-12-04", practitioner="bo")) == 4


def test_s8_an_absence_by_moments_takes_what_overlaps_it() -> None:
    document = a_clinic(an_absence("2026-12-01T08:30", "2026-12-01T09:00", "anna"))
    assert times(document, practitioner="anna") == ["08:00", "09:00", "09:30"]


def test_s8_off_grid_moments_count_outward_to_whole_cells() -> None:
    every_start = {"types": [a_type(length="5m", slots={"mode": "spaced", "step": "0m"})]}
    document = a_clinic(an_absence("2026-12-01T08:04", "2026-12-01T09:51", "anna"), **every_start)
    assert times(document, practitioner="anna") == ["09:55"]


def test_s8_an_absence_of_neither_is_the_clinics() -> None:
    assert times(a_clinic(an_absence("2026-12-01", "2026-12-01"))) == []


def test_s8_an_absence_of_a_resource_takes_it_away() -> None:
    rooms = {"resources": [a_resource("room-1"), a_resource("room-2")], "types": [a_type(uses=["room"])]}
    first = an_absence("2026-12-01", "2026-12-01", resource="room-1")
    second = an_absence("2026-12-01T09:00", "2026-12-01T10:00", resource="room-2")
    assert times(a_clinic(first, **rooms)) == ["08:00", "08:30", "09:00", "09:30"]
    assert times(a_clinic(first, second, **rooms)) == ["08:00", "08:30"]


def test_s8_the_last_appointment_does_not_run_into_an_absence() -> None:
    document = a_clinic(an_absence("2026-12-01T10:10", "2026-12-01T11:00"), types=[a_type(length="45m")])
    assert times(document) == ["08:00", "08:45"]


def test_s8_buffers_do_not_lie_in_an_absence() -> None:
    absence = an_absence("2026-11-30", "2026-11-30", "anna")
    at_midnight = a_document(a_block("00:00", "01:00"), types=[a_type(buffer_before="10m")], absences=[absence])
    assert times(at_midnight) == ["00:30"]


HOLIDAYS = {date(2026, 12, 2): "Lucia", date(2026, 12, 3): "Nobel"}


def a_holiday_clinic(**rules):
    return a_document(MORNING, booking={"holidays": rules})


def test_s9_public_holidays_close_the_calendar_or_stay_bookable_as_the_clinic_chooses() -> None:
    week = ("2026-12-01", "2026-12-04")
    assert dates(a_holiday_clinic(closed=True), *week, holidays=HOLIDAYS) == ["12-01", "12-04"]
    assert len(dates(a_holiday_clinic(closed=False), *week, holidays=HOLIDAYS)) == 4


def test_s9_single_days_are_overruled() -> None:
    document = a_holiday_clinic(closed=True, open_dates=["2026-12-03"], closed_dates=["2026-12-04"])
    assert dates(document, "2026-12-01", "2026-12-04", holidays=HOLIDAYS) == ["12-01", "12-03"]
    stays_bookable = a_holiday_clinic(closed=False, closed_dates=["2026-12-02"])
    assert dates(stays_bookable, "2026-12-01", "2026-12-04", holidays=HOLIDAYS) == ["12-01", "12-03", "12-04"]


@pytest.mark.parametrize("closed", [True, False])
def test_s9_whether_the_name_is_shown_is_a_choice_of_its_own(closed: bool) -> None:
    for shown, expected in [(True, [None, "Lucia"]), (False, [None, None])]:
        document = a_holiday_clinic(closed=closed, shown=shown)
        assert [day.holiday for day in levels(document, "2026-12-01", "2026-12-02", holidays=HOLIDAYS)] == expected


def test_s9_a_holiday_that_is_shown_is_named_in_every_language_that_is_known() -> None:
    shown = a_holiday_clinic(shown=True) | {"country": "SE"}
    (christmas,) = levels(shown, "2026-12-25")
    assert christmas.holiday == "Christmas Day", "in the clinic's first language"
    assert dict(christmas.holiday_names) == {"en": "Christmas Day", "sv": "Juldagen"}
    (hidden,) = levels(a_holiday_clinic(shown=False) | {"country": "SE"}, "2026-12-25")
    assert (hidden.holiday, dict(hidden.holiday_names)) == (None, {})


def test_s9_a_hidden_closed_holiday_is_an_ordinary_white_day() -> None:
    document = a_holiday_clinic(closed=True, shown=False)
    assert [(day.level, day.free, day.holiday) for day in levels(document, "2026-12-02", holidays=HOLIDAYS)] == [
        ("none", 0, None)
    ]
