"""When booking is open, which dates it reaches, and how early before the start (PRODUCT B1, S10, S11)."""

from datetime import UTC, datetime

import pytest

from shared.clinic.plan.reading import clinic_plan
from shared.clinic.starts.asked import AskedStart
from shared.clinic.starts.legality import check
from tests.builders.availability.asking import dates, levels, slots, times
from tests.builders.clinics.documents import a_block, a_document, a_practitioner, a_type
from tests.builders.clinics.moments import NOW, TUESDAY, a_move, moment

MORNING = a_block("08:00", "09:00")


def a_clinic(kind=None, **booking):
    return a_document(MORNING, types=[a_type(**(kind or {}))], booking=booking)


def test_s10_only_dates_between_the_first_and_the_last_are_offered() -> None:
    document = a_clinic(first_date="2026-12-02", last_date="2026-12-03")
    assert dates(document, "2026-11-30", "2026-12-06") == ["12-02", "12-03"]


def test_s10_the_horizon_reaches_so_many_days_from_today() -> None:
    late_on_tuesday = datetime(2026, 12, 1, 22, 30, tzinfo=UTC)
    after_midnight = datetime(2026, 12, 1, 23, 30, tzinfo=UTC)
    document = a_clinic(horizon="2d")
    assert dates(document, "2026-12-01", "2026-12-09", now=late_on_tuesday) == ["12-02", "12-03"]
    assert dates(document, "2026-12-01", "2026-12-09", now=after_midnight) == ["12-02", "12-03", "12-04"]


def test_s10_nothing_is_offered_before_booking_opens_and_after_it_closes() -> None:
    document = a_clinic(opens_at="2026-11-20T09:00", closes_at="2026-11-25T17:00")
    for wall, is_open in [
        ("2026-11-20T08:59", False),
        ("2026-11-20T09:00", True),
        ("2026-11-25T16:59", True),
        ("2026-11-25T17:00", False),
    ]:
        assert bool(times(document, now=moment(document, wall))) is is_open, wall


@pytest.mark.parametrize(("days", "first"), [(None, "12-01"), (0, "12-02"), (1, "12-03"), (6, "12-08")])
def test_s11_booking_is_possible_so_many_days_after_today(days: int | None, first: str) -> None:
    early_today = moment(a_document(), "05:00")
    for document in (a_clinic(days_after_today=days), a_clinic({"days_after_today": days})):
        assert dates(document, "2026-12-01", "2026-12-20", now=early_today)[0] == first


def test_s11_the_type_overrides_the_clinics_earliest_day() -> None:
    early_today = moment(a_document(), "05:00")
    document = a_clinic({"days_after_today": 0}, days_after_today=6)
    assert dates(document, "2026-12-01", "2026-12-20", now=early_today)[0] == "12-02"


def test_s11_the_notice_is_elapsed_time_before_the_start() -> None:
    document = a_clinic(notice="24h")
    asked_at = moment(document, "2026-11-30T08:30")
    assert times(document, now=asked_at) == ["08:30"]
    assert times(document, now=asked_at.replace(second=1)) == []


def test_s11_what_is_past_is_not_offered() -> None:
    document = a_clinic()
    assert times(document, now=moment(document, "08:30")) == ["08:30"]
    assert times(document, "2026-11-01") == []


@pytest.mark.parametrize("switch", ["active", "new"])
def test_b1_a_clinic_that_takes_no_new_bookings_offers_nothing_and_shows_no_days(switch: str) -> None:
    document = a_clinic(**{switch: False})
    assert times(document) == []
    assert levels(document) == []


def test_b1_moves_have_their_own_switch() -> None:
    move = a_move(a_document(), "2026-12-02T08:00")
    assert times(a_clinic(new=False), moving=move) == ["08:00", "08:30"]
    assert times(a_clinic(rebook=False), moving=move) == []
    assert times(a_clinic(active=False), moving=move) == []


def test_s12_a_type_that_is_not_online_is_not_offered_but_its_bookings_can_be_moved() -> None:
    document = a_clinic({"online": False})
    assert times(document) == []
    assert {(day.level, day.free) for day in levels(document)} == {("none", 0)}
    assert times(document, moving=a_move(document, "2026-12-02T08:00")) == ["08:00", "08:30"]


class TestMoving:
    """M4, and CONTRACTS 1 "Moving"."""

    def test_the_new_time_obeys_window_earliest_day_and_notice(self) -> None:
        document = a_clinic(last_date="2026-12-04", days_after_today=0, notice="48h30m")
        move = a_move(document, "2026-12-04T08:00")
        now = moment(document, "2026-12-01T08:00")
        assert dates(document, "2026-12-01", "2026-12-09", moving=move, now=now) == ["12-03", "12-04"]
        assert times(document, "2026-12-03", moving=move, now=now) == ["08:30"]

    def test_the_horizon_never_stops_a_move_to_a_date_not_after_the_present_one(self) -> None:
        document = a_clinic(horizon="2d")
        now = moment(document, "05:00")
        far_away = a_move(document, "2026-12-06T08:00")
        assert dates(document, TUESDAY, "2026-12-09", moving=far_away, now=now)[-1] == "12-06"
        nearby = a_move(document, "2026-12-01T08:00")
        assert dates(document, TUESDAY, "2026-12-09", moving=nearby, now=now)[-1] == "12-03"

    def test_its_own_start_is_legal_though_it_is_not_listed(self) -> None:
        document = a_clinic()
        move = a_move(document, "08:30")
        assert times(document, moving=move) == ["08:00"]
        again = AskedStart(type="visit", start=move.start, moving=move)
        assert [row.practitioner for row in check(clinic_plan(document), again, NOW)] == ["anna"]
        assert times(document, moving=a_move(document, "08:02")) == ["08:00", "08:30"]

    def test_in_spaced_mode_the_own_start_is_left_out_after_the_walk(self) -> None:
        document = a_clinic({"slots": {"mode": "spaced", "step": "20m", "end": None}, "length": "10m"})
        assert times(document, moving=a_move(document, "08:00", minutes=10)) == ["08:20", "08:40"]

    def test_it_keeps_practitioner_and_length(self) -> None:
        document = a_clinic({"practitioners": ["anna"]})
        document["practitioners"] = [a_practitioner("anna"), a_practitioner("bo")]
        move = a_move(document, "2026-12-02T08:00", minutes=60, practitioner="bo")
        assert [(f"{slot.end:%H:%M}", slot.practitioners) for slot in slots(document, moving=move)] == [
            ("09:00", ("bo",))
        ]
        assert times(document, moving=move, practitioner="anna") == []
