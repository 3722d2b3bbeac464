"""Which searches are worked out anew when time is taken or freed, and which are forgotten."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta

import pytest

from services.availability.handlers import refreshing
from services.availability.model.current import StoredClinic
from shared.contracts.errors import Unavailable
from shared.storage.slot_cache import Question
from tests.builders.availability.desk import Desk
from tests.builders.availability.fakes import NOW, FakeStore
from tests.builders.clinics.documents import a_block, a_document, a_type

DAY, LATER = "2026-12-01", "2026-12-03"
ON_LATER = {"busy_from": f"{LATER}T09:00:00+00:00", "busy_to": f"{LATER}T09:30:00+00:00"}
SLOTS, DAYS = Question("slots", "solna", "visit", None), Question("days", "solna", "visit", "anna")


@pytest.fixture
def desk() -> Desk:
    return Desk()


def test_exactly_the_dates_that_a_booking_leaves_and_takes_are_dropped(desk: Desk) -> None:
    """PRODUCT M4: a move frees the old date and takes the new one."""
    desk.hear("BookingCreated", "REF")
    assert desk.searched.dropped == ["2026-12-01"]
    later = {"busy_from": "2026-12-03T09:00:00+00:00", "busy_to": "2026-12-03T09:30:00+00:00"}
    desk.hear("BookingMoved", "REF", 2, **later)
    assert desk.searched.dropped[1:] == ["2026-12-01", "2026-12-03"]
    desk.hear("BookingMoved", "REF", 2, **later)
    assert len(desk.searched.dropped) == 3, "a repeated event changes nothing"
    desk.hear("BookingCancelled", "REF", 3, status="cancelled", **later)
    assert desk.searched.dropped[3:] == ["2026-12-03"]


def test_holds_drop_their_date_when_they_begin_and_when_they_end(desk: Desk) -> None:
    """PRODUCT B12."""
    desk.hear("SlotHeld", "hold")
    desk.hear("SlotReleased", "hold")
    assert desk.searched.dropped == ["2026-12-01", "2026-12-01"]


def test_what_is_asked_of_a_date_is_worked_out_anew_as_a_search_would(desk: Desk) -> None:
    """PRODUCT S15, B11: the time that was taken is gone, under the clinic's revision."""
    desk.searched.asked = {DAY: (SLOTS, DAYS)}
    desk.hear("BookingCreated", "REF")
    [(revision, renewed)] = desk.searched.renewed
    slots, days = renewed[DAY]
    assert (revision, slots.question, days.question) == (7, SLOTS, DAYS)
    assert slots.body.count(b'"start"') == len(desk.slots()) == 1
    assert b'"start":"2026-12-01T10:00' not in slots.body
    assert days.body.startswith(b'{"date":"2026-12-01","level":"few","free":1')
    assert desk.searched.dropped == []


def test_a_date_that_is_left_is_worked_out_as_well_as_the_new_one(desk: Desk) -> None:
    """PRODUCT M4."""
    desk.hear("BookingCreated", "REF")
    desk.searched.asked = {DAY: (SLOTS,), LATER: (SLOTS,)}
    desk.hear("BookingMoved", "REF", 2, **ON_LATER)
    [(_, renewed)] = desk.searched.renewed
    assert {day: its[0].body.count(b'"start"') for day, its in renewed.items()} == {DAY: 2, LATER: 1}


def test_what_is_worked_out_ends_with_the_nearest_hold(desk: Desk) -> None:
    """PRODUCT B12."""
    desk.searched.asked = {DAY: (SLOTS,)}
    desk.hear("SlotHeld", "hold", expires_at=(NOW + timedelta(seconds=7)).isoformat())
    assert desk.searched.renewed[0][1][DAY][0].seconds == 7


def test_what_the_clinic_has_no_more_is_not_worked_out(desk: Desk) -> None:
    desk.searched.asked = {DAY: (SLOTS._replace(type="gone"), SLOTS._replace(practitioner="gone"), SLOTS)}
    desk.hear("BookingCreated", "REF")
    assert [entry.question for entry in desk.searched.renewed[0][1][DAY]] == [SLOTS]


def test_b9_what_wants_an_invitation_by_now_is_not_worked_out(desk: Desk) -> None:
    needs = {"controlled": True, "choose_practitioner": False, "days_after_week": None}
    document = a_document(a_block("10:00", "11:00"), types=[a_type(needs=needs)], booking={"new": False})
    desk.work.store.rows["solna"] = StoredClinic(8, document)
    desk.searched.asked = {DAY: (SLOTS,)}
    desk.hear("BookingCreated", "REF")
    assert desk.searched.renewed == [(8, {DAY: []})]


def test_one_refresh_works_out_so_many_answers(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(refreshing, "MOST_RENEWED", 3)
    desk.hear("BookingCreated", "REF")
    desk.searched.asked = {DAY: (SLOTS, DAYS), LATER: (SLOTS, DAYS)}
    desk.hear("BookingMoved", "REF", 2, **ON_LATER)
    [(_, renewed)] = desk.searched.renewed
    assert {day: len(its) for day, its in renewed.items()} == {DAY: 2, LATER: 1}


def test_where_nothing_can_be_worked_out_nothing_counts_any_more(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    @contextmanager
    def away() -> Iterator[FakeStore]:
        raise Unavailable.because("The service's database does not answer.")
        yield

    monkeypatch.setattr(desk.work, "reading", away)
    desk.searched.asked = {DAY: (SLOTS,)}
    with pytest.raises(Unavailable):
        desk.hear("BookingCreated", "REF")
    assert desk.searched.renewed == [(7, {DAY: []})]


def test_a_hold_that_gives_its_time_to_its_booking_changes_no_search(desk: Desk) -> None:
    """PRODUCT B12: the time was taken, and it is."""
    desk.hear("SlotHeld", "hold")
    desk.searched.dropped.clear()
    desk.hear("BookingCreated", "REF", hold="hold")
    assert desk.searched.dropped == []
    desk.hear("BookingCancelled", "REF", 2, status="cancelled", hold="hold")
    assert desk.searched.dropped == [DAY]


def test_a_booking_whose_hold_may_have_run_out_meanwhile_takes_its_time_anew(desk: Desk) -> None:
    """By another process's clock the time may have been free, and have been kept as free."""
    desk.hear("SlotHeld", "hold", expires_at=(NOW + timedelta(seconds=20)).isoformat())
    desk.searched.dropped.clear()
    desk.hear("BookingCreated", "REF", hold="hold")
    assert desk.searched.dropped == [DAY]
