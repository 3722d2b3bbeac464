"""Days of 23 and 25 hours, and odder ones (PRODUCT S16, CONTRACTS 1 "Wall clock")."""

from datetime import UTC, datetime

import pytest

from tests.builders.availability.asking import dates, levels, slots, times
from tests.builders.clinics.documents import a_block, a_document, a_type, an_absence

SPRING, AUTUMN = "2026-03-29", "2026-10-25"
BEFORE = datetime(2026, 1, 15, tzinfo=UTC)
HOURS = {"length": "60m", "slots": {"mode": "fixed", "step": "15m", "end": "fit"}}


def a_night(start, end, zone="Europe/Stockholm", **changes):
    """Return a clinic that is open at night, by the hour."""
    clinic = {"time_zone": zone, "types": [a_type(**HOURS)]} | changes
    return a_document(a_block(start, end), **clinic)


def starts(document, day, **asked):
    return [f"{slot.start:%H:%M%z}" for slot in slots(document, day, now=BEFORE, **asked)]


def test_s16_a_day_of_23_hours_has_one_slot_less() -> None:
    document = a_night("00:00", "24:00")
    found = starts(document, SPRING)
    assert len(found) == 23
    assert found[:4] == ["00:00+0100", "01:00+0100", "03:00+0200", "04:00+0200"]
    assert [day.free for day in levels(document, "2026-03-28", "2026-03-30", now=BEFORE)] == [24, 23, 24]


def test_s16_a_day_of_25_hours_has_one_slot_more() -> None:
    document = a_night("00:00", "24:00")
    found = starts(document, AUTUMN)
    assert len(found) == 25
    assert found[1:5] == ["01:00+0200", "02:00+0200", "02:00+0100", "03:00+0100"]
    assert [day.free for day in levels(document, "2026-10-24", "2026-10-26", now=BEFORE)] == [24, 25, 24]


def test_s16_ordinary_hours_keep_their_wall_clock_across_the_change() -> None:
    document = a_night("08:00", "10:00")
    assert times(document, "2026-03-22", "2026-03-30", now=BEFORE) == ["08:00", "09:00"] * 9


def test_s16_a_start_or_end_in_the_missing_hour_moves_to_the_first_moment_after_it() -> None:
    assert starts(a_night("02:30", "05:00"), SPRING) == ["03:00+0200", "04:00+0200"]
    assert starts(a_night("01:00", "02:30"), SPRING) == ["01:00+0100"]
    assert starts(a_night("02:00", "03:00"), SPRING) == []


def test_s16_of_an_hour_that_comes_twice_a_start_takes_the_first_and_an_end_the_second() -> None:
    assert starts(a_night("02:00", "04:00"), AUTUMN) == ["02:00+0200", "02:00+0100", "03:00+0100"]
    assert starts(a_night("01:30", "02:30"), AUTUMN) == ["01:30+0200", "02:30+0200"]


def test_s16_absences_by_moments_follow_the_same_rule() -> None:
    absence = an_absence(f"{AUTUMN}T02:00", f"{AUTUMN}T02:30", "anna")
    assert starts(a_night("01:00", "05:00", absences=[absence]), AUTUMN) == ["01:00+0200", "03:00+0100", "04:00+0100"]


def test_s16_steps_count_elapsed_time() -> None:
    ninety = a_type(length="90m", slots={"mode": "fixed", "step": "15m", "end": "fit"})
    assert starts(a_night("00:00", "06:00", types=[ninety]), SPRING) == ["00:00+0100", "01:30+0100", "04:00+0200"]


def test_s16_ranges_that_overlap_in_the_hour_that_comes_twice_keep_the_distance_of_spaced_mode() -> None:
    every_half_hour = a_type(length="30m", slots={"mode": "spaced", "step": "30m", "end": None})
    blocks = a_block("01:00", "02:30"), a_block("02:30", "04:00", step="30m")
    document = a_document(*blocks, types=[every_half_hour])
    assert [slot[:5] for slot in starts(document, AUTUMN)] == [
        "01:00", "01:30", "02:00", "02:30", "02:00", "02:30", "03:00", "03:30",
    ]  # fmt: skip


def test_s16_a_change_of_half_an_hour() -> None:
    document = a_night("00:00", "04:00", "Australia/Lord_Howe")
    assert starts(document, "2026-10-04") == ["00:00+1030", "01:00+1030", "02:30+1100"]
    assert starts(document, "2026-04-05") == ["00:00+1100", "01:00+1100", "01:30+1030", "02:30+1030"]


def test_s16_a_day_that_begins_at_one_o_clock() -> None:
    assert starts(a_night("00:00", "03:00", "Africa/Cairo"), "2026-04-24") == ["01:00+0300", "02:00+0300"]


def test_s16_a_day_whose_first_hour_comes_twice_ends_before_it_where_a_block_ends_at_24() -> None:
    document = a_night("22:00", "24:00", "America/Havana")
    assert starts(document, "2026-10-31") == ["22:00-0400", "23:00-0400"]
    first_hour = a_night("00:00", "01:00", "America/Havana")
    assert starts(first_hour, "2026-11-01") == ["00:00-0400", "00:00-0500"]


def test_s16_a_date_that_never_was_has_no_slots() -> None:
    document = a_night("08:00", "10:00", "Pacific/Apia")
    long_ago = datetime(2011, 12, 1, tzinfo=UTC)
    assert dates(document, "2011-12-29", "2011-12-31", now=long_ago) == ["12-29", "12-31"]


@pytest.mark.parametrize(
    ("zone", "offset"), [("Asia/Tehran", "+0330"), ("America/St_Johns", "-0330"), ("Asia/Kathmandu", "+0545")]
)
def test_s16_zones_off_by_parts_of_an_hour_keep_their_wall_clock(zone: str, offset: str) -> None:
    assert starts(a_night("08:00", "10:00", zone), "2026-12-01") == [f"08:00{offset}", f"09:00{offset}"]


def test_s16_a_slot_belongs_to_the_local_date_of_its_start() -> None:
    document = a_night("00:00", "01:00", "Asia/Tehran")
    assert [slot.start.astimezone(UTC).day for slot in slots(document, "2026-12-02")] == [1]
    assert dates(document, "2026-12-02", "2026-12-02") == ["12-02"]
