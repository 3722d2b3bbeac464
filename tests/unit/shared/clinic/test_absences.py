"""Who and what is absent when (PRODUCT S8)."""

from datetime import UTC, datetime

from shared.clinic.absences import absences_of
from shared.clinic.occupancy import Interval
from tests.builders.clinics.documents import a_document, a_practitioner, a_resource, an_absence


def utc(first: tuple[int, ...], last: tuple[int, ...]) -> Interval:
    return datetime(*first, tzinfo=UTC), datetime(*last, tzinfo=UTC)  # type: ignore[arg-type, misc]


def a_clinic(*absences: dict[str, object], **changes: object) -> dict[str, object]:
    people = [a_practitioner("anna"), a_practitioner("bo")]
    return a_document(practitioners=people, resources=[a_resource("room-1")], absences=list(absences), **changes)


def test_s8_dates_count_whole_and_both_are_included() -> None:
    document = a_clinic(an_absence("2026-12-24", "2026-12-25", "anna"))
    assert absences_of(document) == {"practitioner:anna": (utc((2026, 12, 23, 23), (2026, 12, 25, 23)),)}


def test_s8_moments_are_of_the_clinics_wall_clock() -> None:
    document = a_clinic(an_absence("2026-12-24T13:00", "2026-12-24T15:30", resource="room-1"))
    assert absences_of(document) == {"resource:room-1": (utc((2026, 12, 24, 12), (2026, 12, 24, 14, 30)),)}


def test_s8_an_absence_of_the_clinic_is_one_of_each_practitioner_and_of_no_room() -> None:
    document = a_clinic(an_absence("2026-12-24", "2026-12-24"), an_absence("2026-12-27", "2026-12-27", "bo"))
    found = absences_of(document)
    assert {key: len(times) for key, times in found.items()} == {"practitioner:anna": 1, "practitioner:bo": 2}


def test_s16_of_an_hour_that_comes_twice_an_absence_takes_both() -> None:
    document = a_clinic(an_absence("2026-10-25T02:00", "2026-10-25T02:30", "anna"))
    assert absences_of(document) == {"practitioner:anna": (utc((2026, 10, 25, 0), (2026, 10, 25, 1, 30)),)}


def test_s16_nobody_is_absent_on_a_date_that_the_zone_skips() -> None:
    document = a_clinic(an_absence("2011-12-30", "2011-12-30", "anna"), time_zone="Pacific/Apia")
    assert absences_of(document) == {}
