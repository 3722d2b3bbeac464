"""Which dates a change touches, and how long an answer stays right by itself."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from services.availability.model.occupancy import Busy
from services.availability.search.lasting import lasting, touched_days
from shared.clinic.plan.reading import clinic_plan
from tests.builders.clinics.documents import a_block, a_document, a_type
from tests.builders.clinics.moments import moment

WORK = a_block("08:00", "17:00")
TUESDAY, WEDNESDAY = date(2026, 12, 1), date(2026, 12, 2)


def touched(start: str, end: str, **changes: Any) -> list[str]:
    document = a_document(WORK, **changes)
    plan = clinic_plan(document)
    return sorted(f"{day:%m-%d}" for day in touched_days(plan, [(moment(document, start), moment(document, end))]))


@pytest.mark.parametrize(
    ("start", "end", "expected"),
    [
        ("2026-12-01T09:00", "2026-12-01T09:30", ["12-01"]),
        ("2026-12-01T00:00", "2026-12-01T00:30", ["12-01"]),
        ("2026-12-01T23:30", "2026-12-02T00:00", ["12-01"]),
        ("2026-12-01T23:30", "2026-12-02T00:05", ["12-01", "12-02"]),
    ],
)
def test_a_booking_touches_the_local_dates_it_lies_in(start: str, end: str, expected: list[str]) -> None:
    assert touched(start, end) == expected


def test_a_booking_near_midnight_touches_the_date_whose_buffers_reach_it() -> None:
    """CONTRACTS 1: buffers may lie outside the plan, but not in a booking."""
    types = [a_type(buffer_before="15m", buffer_after="30m")]
    assert touched("2026-12-02T00:20", "2026-12-02T00:40", types=types) == ["12-01", "12-02"]
    assert touched("2026-12-02T00:30", "2026-12-02T00:40", types=types) == ["12-02"]
    assert touched("2026-12-01T23:00", "2026-12-01T23:50", types=types) == ["12-01", "12-02"]
    assert touched("2026-12-01T23:00", "2026-12-01T23:45", types=types) == ["12-01"]


def lasts(now: str, day: date, busy: list[Busy] | None = None, **rules: Any) -> str:
    """Return, on the clinic's clock, until when an answer of `now` is right."""
    document = a_document(WORK, booking=rules)
    plan = clinic_plan(document)
    until = lasting(plan, busy or [], moment(document, now).astimezone(UTC)).of(day)
    return f"{until.astimezone(plan.zone):%m-%d %H:%M:%S}"


def test_s10_s11_every_answer_ends_with_the_clinics_day() -> None:
    """At midnight the earliest day and the horizon move."""
    assert lasts("2026-11-30T09:02", WEDNESDAY, horizon="90d") == "12-01 00:00:00"


def test_s11_an_answer_for_today_ends_when_the_next_start_may_have_passed() -> None:
    assert lasts("2026-12-01T09:02", TUESDAY) == "12-01 09:05:00"
    assert lasts("2026-12-01T09:02", WEDNESDAY) == "12-02 00:00:00"


def test_s11_notice_makes_a_later_date_the_one_that_the_clock_cuts() -> None:
    assert lasts("2026-12-01T09:02", TUESDAY, notice="24h") == "12-02 00:00:00"
    assert lasts("2026-12-01T09:02", WEDNESDAY, notice="24h") == "12-01 09:05:00"
    assert lasts("2026-11-30T23:58", WEDNESDAY, notice="24h") == "12-01 00:00:00", "its first start may be midnight"


def test_b12_an_answer_ends_with_the_nearest_hold() -> None:
    later = datetime(2026, 12, 1, 9, 0, tzinfo=UTC)
    held = [
        Busy("practitioner:anna", later, later, later - timedelta(minutes=minutes)) for minutes in (50, 51)
    ]  # 09:10 and 09:09 in Stockholm
    assert lasts("2026-12-01T09:02", WEDNESDAY, [*held, Busy("practitioner:anna", later, later)]) == "12-01 09:09:00"


def test_s10_an_answer_ends_when_booking_opens_or_closes() -> None:
    assert lasts("2026-12-01T09:02", WEDNESDAY, opens_at="2026-12-01T10:00") == "12-01 10:00:00"
    assert lasts("2026-12-01T09:02", WEDNESDAY, closes_at="2026-12-01T11:00") == "12-01 11:00:00"
    assert lasts("2026-12-01T09:02", WEDNESDAY, opens_at="2026-12-01T08:00") == "12-02 00:00:00"
