"""The three slot modes, the end rule and block steps (PRODUCT S4 to S7)."""

import pytest

from tests.builders.availability.asking import times
from tests.builders.clinics.documents import a_block, a_document, a_practitioner, a_type
from tests.builders.clinics.moments import a_move

AFTERNOON = a_block("14:00", "18:00")
MORNING = a_block("08:00", "10:00")


def a_clinic(*blocks, **changes):
    """Return a clinic whose one type has the changes given."""
    return a_document(*blocks, types=[a_type(**changes)])


def spaced(minimum, end=None):
    return {"mode": "spaced", "step": minimum, "end": end}


def test_s4_fixed_starts_are_multiples_of_the_length_and_the_last_may_run_past_the_end() -> None:
    assert times(a_clinic(AFTERNOON, length="1h15m")) == ["14:00", "15:15", "16:30", "17:45"]


def test_s4_with_the_end_rule_fit_the_last_must_end_by_the_end_of_the_plan() -> None:
    document = a_clinic(AFTERNOON, length="75m", slots={"end": "fit"})
    assert times(document) == ["14:00", "15:15", "16:30"]


def test_s4_fixed_counts_anew_after_a_break() -> None:
    document = a_clinic(
        a_block("08:00", "10:00"), a_block("10:00", "10:20", "lunch"), a_block("10:20", "12:00"), length="45m"
    )
    assert times(document) == ["08:00", "08:45", "09:30", "10:20", "11:05", "11:50"]


def test_s4_blocks_that_touch_and_are_both_allowed_form_one_range() -> None:
    document = a_clinic(a_block("08:00", "09:00"), a_block("09:00", "10:30", "acute"), length="45m")
    assert times(document) == ["08:00", "08:45", "09:30", "10:15"]


def test_s4_fixed_counts_from_the_plan_and_not_from_the_last_booking() -> None:
    busy = [("practitioner:anna", "08:00", "08:20")]
    assert times(a_clinic(MORNING, length="45m"), busy=busy) == ["08:45", "09:30"]


def test_s4_the_last_may_run_into_a_break_but_not_into_a_booking() -> None:
    document = a_clinic(a_block("08:00", "09:00"), a_block("09:00", "10:00", "lunch"), length="45m")
    assert times(document) == ["08:00", "08:45"]
    assert times(document, busy=[("practitioner:anna", "09:15", "09:30")]) == ["08:00"]


def test_s4_the_last_may_not_run_past_midnight() -> None:
    assert times(a_clinic(a_block("22:40", "24:00"), length="40m")) == ["22:40", "23:20"]
    assert times(a_clinic(a_block("22:45", "24:00"), length="40m")) == ["22:45"]


def test_s5_flexible_starts_every_step_wherever_the_whole_length_fits() -> None:
    document = a_clinic(AFTERNOON, length="1h15m", slots={"mode": "flexible"})
    assert times(document) == [
        "14:00", "14:15", "14:30", "14:45", "15:00", "15:15", "15:30", "15:45", "16:00", "16:15", "16:30", "16:45",
    ]  # fmt: skip


def test_s5_flexible_may_be_told_to_run_past_the_end() -> None:
    document = a_clinic(MORNING, length="60m", slots={"mode": "flexible", "step": "30m", "end": "start_before_end"})
    assert times(document) == ["08:00", "08:30", "09:00", "09:30"]


def test_s5_flexible_counts_from_the_plan_and_not_from_the_last_booking() -> None:
    document = a_clinic(MORNING, length="30m", slots={"mode": "flexible", "step": "30m"})
    assert times(document, busy=[("practitioner:anna", "08:00", "08:20")]) == ["08:30", "09:00", "09:30"]


def test_s6_spaced_offers_a_start_only_so_long_after_the_one_before() -> None:
    assert times(a_clinic(MORNING, length="20m", slots=spaced("30m"))) == ["08:00", "08:30", "09:00", "09:30"]


def test_s6_spaced_walks_the_free_time_so_that_a_booking_shifts_what_follows() -> None:
    document = a_clinic(MORNING, length="20m", slots=spaced("30m"))
    busy = [("practitioner:anna", "08:00", "08:20")]
    assert times(document, busy=busy) == ["08:20", "08:50", "09:20"]


def test_s6_spaced_by_nothing_offers_every_free_start_on_the_grid() -> None:
    document = a_clinic(a_block("08:00", "08:30"), length="15m", slots=spaced("0m"))
    assert times(document) == ["08:00", "08:05", "08:10", "08:15"]


def test_s6_the_distance_counts_across_breaks() -> None:
    document = a_clinic(
        a_block("08:00", "08:40"), a_block("08:40", "08:50", "lunch"), a_block("08:50", "10:00"),
        length="20m", slots=spaced("45m"),
    )  # fmt: skip
    assert times(document) == ["08:00", "08:50", "09:35"]
    shorter_break = a_clinic(
        a_block("08:00", "08:30"), a_block("08:30", "08:40", "lunch"), a_block("08:40", "10:00"),
        length="20m", slots=spaced("45m"),
    )  # fmt: skip
    assert times(shorter_break) == ["08:00", "08:45", "09:30"]


def test_s6_the_distance_counts_for_each_practitioner_alone() -> None:
    document = a_clinic(a_block("08:00", "09:00"), length="20m", slots=spaced("30m"))
    document["practitioners"] = [a_practitioner("anna"), a_practitioner("bo")]
    busy = [("practitioner:bo", "08:00", "08:10")]
    assert times(document, busy=busy) == ["08:00", "08:10", "08:30", "08:40"]


def test_s6_the_walk_starts_with_the_day_whatever_the_time_is_now() -> None:
    document = a_clinic(MORNING, length="20m", slots=spaced("30m"))
    at_ten_past_eight = a_move(document, "08:10").start
    assert times(document, now=at_ten_past_eight) == ["08:30", "09:00", "09:30"]


def test_s6_spaced_with_the_end_rule_start_before_end_fills_to_the_end() -> None:
    document = a_clinic(a_block("08:00", "09:00"), length="45m", slots=spaced("15m", "start_before_end"))
    assert times(document) == ["08:00", "08:15", "08:30", "08:45"]


@pytest.mark.parametrize(
    ("mode", "expected"),
    [
        ("fixed", ["08:00", "08:30", "09:00", "09:20", "09:40", "10:00"]),
        ("flexible", ["08:00", "08:15", "08:30", "09:00", "09:20", "10:00"]),
        ("spaced", ["08:00", "08:15", "08:30", "09:00", "09:20", "10:00"]),
    ],
)
def test_s7_a_block_sets_its_own_step_and_is_a_range_of_its_own(mode: str, expected: list[str]) -> None:
    document = a_clinic(
        a_block("08:00", "09:00"),
        a_block("09:00", "10:00", step="20m"),
        a_block("10:00", "10:30"),
        slots={"mode": mode},
    )
    assert times(document) == expected


def test_s7_in_spaced_mode_the_block_of_a_start_says_how_far_it_must_be_from_the_one_before() -> None:
    document = a_clinic(
        a_block("08:00", "08:30"), a_block("08:30", "09:30", step="40m"), length="10m", slots=spaced("10m")
    )
    assert times(document) == ["08:00", "08:10", "08:20", "09:00"]


def test_m4_a_move_keeps_the_length_of_the_booking_in_every_mode() -> None:
    document = a_clinic(MORNING, length="30m")
    moving = a_move(document, "2026-12-02T08:00", minutes=50)
    assert times(document, moving=moving) == ["08:00", "08:50", "09:40"]
