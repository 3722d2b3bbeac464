"""Which blocks a practitioner works on a date, and which of them a type may use (PRODUCT S1 to S3)."""

from tests.builders.availability.asking import dates, times
from tests.builders.clinics.documents import a_block, a_day, a_document, a_plan, a_practitioner, a_template, a_type
from tests.builders.clinics.moments import a_move

EARLY = a_block("08:00", "09:00")
LATE = a_block("20:00", "21:00")
HOURLY = a_type(length="1h", slots={"end": "fit"})


def a_clinic(**changes):
    """Return a clinic of Anna and Bo with an early and a late template, for appointments of an hour."""
    clinic = {
        "practitioners": [a_practitioner("anna"), a_practitioner("bo")],
        "templates": [a_template("early", [EARLY]), a_template("late", [LATE])],
        "types": [HOURLY],
    }
    return a_document(**(clinic | changes))


def test_s1_hours_differ_from_day_to_day_of_the_week() -> None:
    week = a_template("week", [EARLY], tue=[LATE], sun=[])
    document = a_clinic(templates=[week], plans=[a_plan("anna", "week")])
    assert times(document, "2026-12-01") == ["20:00"]
    assert times(document, "2026-12-02") == ["08:00"]
    assert times(document, "2026-12-06") == []


def test_s1_a_plan_holds_from_and_to_its_dates_both_included() -> None:
    document = a_clinic(plans=[a_plan("anna", "early", first="2026-12-02", last="2026-12-04")])
    assert dates(document, "2026-11-30", "2026-12-08") == ["12-02", "12-03", "12-04"]


def test_s1_plans_follow_each_other() -> None:
    plans = [a_plan("anna", "early", last="2026-12-01"), a_plan("anna", "late", first="2026-12-02")]
    assert times(a_clinic(plans=plans), "2026-12-01", "2026-12-02") == ["08:00", "20:00"]


def test_s1_templates_rotate_by_odd_and_even_iso_weeks() -> None:
    plans = [a_plan("anna", "early", weeks="odd"), a_plan("anna", "late", weeks="even")]
    document = a_clinic(plans=plans)
    assert times(document, "2026-12-01") == ["08:00"]  # week 49
    assert times(document, "2026-12-08") == ["20:00"]  # week 50
    assert times(document, "2026-12-31", "2027-01-04") == ["08:00"] * 5  # week 53, and week 1 begins on 4 January


def test_s1_a_plan_without_practitioner_is_for_all_that_have_no_plan_of_their_own() -> None:
    document = a_clinic(plans=[a_plan(None, "early"), a_plan("bo", "late", first="2027-01-01")])
    assert times(document, practitioner="anna") == ["08:00"]
    assert times(document, practitioner="bo") == []
    assert times(document, "2027-01-01", practitioner="bo") == ["20:00"]


def test_s1_a_one_off_day_replaces_the_template() -> None:
    document = a_clinic(plans=[a_plan(None, "early")], days=[a_day("2026-12-01", [LATE])])
    assert times(document, practitioner="anna") == ["20:00"]
    assert times(document, practitioner="bo") == ["08:00"]
    assert times(document, "2026-12-02", practitioner="anna") == ["08:00"]


def test_s1_a_one_off_day_without_blocks_is_a_day_off() -> None:
    document = a_clinic(plans=[a_plan(None, "early")], days=[a_day("2026-12-01", [])])
    assert times(document, practitioner="anna") == []


def test_s1_a_one_off_day_without_practitioner_is_for_all_that_have_none_of_their_own() -> None:
    days = [a_day("2026-12-01", [LATE], None), a_day("2026-12-01", [], "bo")]
    document = a_clinic(plans=[a_plan(None, "early")], days=days)
    assert times(document, practitioner="anna") == ["20:00"]
    assert times(document, practitioner="bo") == []


def test_s1_who_has_no_plan_at_all_works_not_at_all() -> None:
    assert times(a_clinic(plans=[a_plan("anna", "early")]), practitioner="bo") == []


def test_s1_blocks_may_be_written_in_any_order() -> None:
    document = a_document(LATE, a_block("09:00", "10:00"), EARLY, types=[a_type(length="40m", slots={"end": "fit"})])
    assert times(document) == ["08:00", "08:40", "09:20", "20:00"]


DAY = (EARLY, a_block("09:00", "10:00", "lunch"), a_block("10:00", "11:00", "acute"))


def test_s2_what_is_not_bookable_on_the_web_is_never_offered() -> None:
    assert times(a_document(*DAY, types=[HOURLY])) == ["08:00", "10:00"]


def test_s3_a_type_that_is_tied_to_block_kinds_is_offered_only_inside_them() -> None:
    assert times(a_document(*DAY, types=[HOURLY | {"blocks": ["acute"]}])) == ["10:00"]


def test_s3_a_type_without_filter_may_use_the_blocks_that_others_are_tied_to() -> None:
    types = [HOURLY, a_type("emergency", blocks=["acute"])]
    assert times(a_document(*DAY, types=types)) == ["08:00", "10:00"]


def test_s3_a_filter_that_names_a_kind_off_the_web_does_not_put_it_on_the_web() -> None:
    assert times(a_document(*DAY, types=[HOURLY | {"blocks": ["acute", "lunch"]}])) == ["10:00"]


def test_s3_a_block_kind_that_is_not_allowed_ends_the_range() -> None:
    blocks = (a_block("08:00", "08:30"), a_block("08:30", "09:00", "acute"), a_block("09:00", "10:00"))
    tied = a_type(length="40m", blocks=["exam"], slots={"end": "fit"})
    assert times(a_document(*blocks, types=[tied])) == ["09:00"]


def test_s3_a_move_ignores_the_filter_but_not_what_is_off_the_web() -> None:
    document = a_document(*DAY, types=[HOURLY | {"blocks": ["acute"]}])
    assert times(document, moving=a_move(document, "2026-12-02T10:00", minutes=60)) == ["08:00", "10:00"]
