"""What a search takes and answers; which times there are is shown by the tests of the search itself."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from services.availability.handlers import searching
from shared.actor import Actor
from shared.contracts.errors import Forbidden, Invalid, LoginRequired, NotFound, SlotNotOffered
from tests.builders.availability.desk import MOVING, TEN_TO_ELEVEN, Desk
from tests.builders.availability.fakes import NOW, TOOL
from tests.builders.clinics.documents import a_document, a_practitioner, a_resource, a_type


@pytest.fixture
def desk() -> Desk:
    return Desk()


def test_slots_are_told_in_the_clinics_zone_with_their_practitioners(desk: Desk) -> None:
    assert desk.slots()[0] == {
        "start": "2026-12-01T10:00:00+01:00",
        "end": "2026-12-01T10:30:00+01:00",
        "practitioners": ["anna"],
        "new_patients": ["anna"],
    }


def test_days_are_told_with_level_count_and_holiday(desk: Desk) -> None:
    assert desk.days(to="2026-12-02") == [
        {"date": "2026-12-01", "level": "few", "free": 2, "holiday": None},
        {"date": "2026-12-02", "level": "few", "free": 2, "holiday": None},
    ]


def test_a_booking_takes_its_time_and_a_cancellation_frees_it(desk: Desk) -> None:
    desk.hear("BookingCreated", "REF")
    assert desk.starts() == ["10:30"]
    desk.hear("BookingCancelled", "REF", 2, status="cancelled")
    assert desk.starts() == ["10:00", "10:30"]


def test_a_hold_takes_its_time_until_it_expires(desk: Desk) -> None:
    """PRODUCT B12."""
    desk.hear("SlotHeld", "hold")
    assert desk.starts() == ["10:30"]
    assert desk.starts(now=NOW + timedelta(minutes=10)) == ["10:00", "10:30"]


def test_a_booking_ends_the_hold_that_it_came_from(desk: Desk) -> None:
    desk.hear("SlotHeld", "hold")
    later = {"busy_from": "2026-12-01T09:30:00+00:00", "busy_to": "2026-12-01T10:00:00+00:00"}
    desk.hear("BookingCreated", "REF", hold="hold", **later)
    assert desk.starts() == ["10:00"]


def test_time_of_a_needed_room_counts_and_of_other_rooms_does_not() -> None:
    """PRODUCT S14."""
    rooms = [a_resource("room-1"), a_resource("laser", pool=None)]
    desk = Desk(a_document(TEN_TO_ELEVEN, resources=rooms, types=[a_type(uses=["room"])]))
    desk.hear("BookingCreated", "A", practitioner="bo", resources=["laser"])
    assert desk.starts() == ["10:00", "10:30"]
    desk.hear("BookingCreated", "B", practitioner="bo", resources=["room-1"])
    assert desk.starts() == ["10:30"]


@pytest.mark.parametrize(
    "booking",
    [
        {"active": False},
        {"new": False},
        {"opens_at": "2026-11-30T09:01"},
        {"closes_at": "2026-11-30T09:00"},
    ],
)
def test_while_booking_is_off_or_not_open_days_and_slots_are_empty(booking: dict[str, Any]) -> None:
    """PRODUCT B1, S10."""
    desk = Desk(a_document(TEN_TO_ELEVEN, booking=booking))
    assert desk.days() == []
    assert desk.slots() == []


def test_dates_in_the_past_and_beyond_are_answered_without_fault(desk: Desk) -> None:
    assert desk.slots(**{"from": "1900-01-01", "to": "1900-01-31"}) == []
    assert desk.slots(**{"from": "2999-12-31", "to": "2999-12-31"}) != []
    assert [day["level"] for day in desk.days(**{"from": "2020-01-01", "to": "2020-01-02"})] == ["none", "none"]


@pytest.mark.parametrize(
    ("query", "field"),
    [
        ({"type": "nothing"}, "type"),
        ({"type": None}, "type"),
        ({"type": 5}, "type"),
        ({"practitioner": "nobody"}, "practitioner"),
        ({"practitioner": "a\x00"}, "practitioner"),
        ({"from": "soon"}, "from"),
        ({"from": "0001-01-01"}, "from"),
        ({"to": "9999-12-31"}, "to"),
        ({"to": "2026-11-30"}, "to"),
        ({"to": None}, "to"),
        ({"until": "2026-12-01"}, "until"),
    ],
)
def test_a_wrong_question_is_refused_by_field(desk: Desk, query: dict[str, Any], field: str) -> None:
    for ask in (desk.days, desk.slots):
        with pytest.raises(Invalid) as refused:
            ask(**query)
        assert list(refused.value.extra["errors"]) == [field]


@pytest.mark.parametrize(("call", "last"), [("slots", "2026-12-31"), ("days", "2027-03-02")])
def test_a_search_takes_so_many_days_and_no_more(desk: Desk, call: str, last: str) -> None:
    ask = getattr(desk, call)
    ask(to=last)
    with pytest.raises(Invalid):
        ask(to=str((datetime.fromisoformat(last) + timedelta(days=1)).date()))


def test_a_clinic_that_does_not_exist_is_not_found(desk: Desk) -> None:
    for clinic in ("nobody", "a\x00"):
        with pytest.raises(NotFound):
            desk.days(clinic=clinic)


def test_patients_cannot_ask_for_what_is_not_online() -> None:
    """PRODUCT S12, S13."""
    desk = Desk(
        a_document(
            TEN_TO_ELEVEN,
            practitioners=[a_practitioner(), a_practitioner("bo", online=False), a_practitioner("cleo")],
            types=[a_type(practitioners=["anna", "bo"]), a_type("inner", online=False)],
        )
    )
    for query in ({"type": "inner"}, {"practitioner": "bo"}, {"practitioner": "cleo"}):
        with pytest.raises(Invalid):
            desk.slots(**query)
        with pytest.raises(Invalid):
            desk.days(**query)
        assert desk.slots(actor=TOOL, **query) == [], "for staff it exists, though nothing of it is offered on the web"


@pytest.mark.parametrize("ask", ["days", "slots"])
def test_times_of_a_type_controlled_by_needs_are_for_patients_who_are_known(ask: str) -> None:
    """PRODUCT B9, CONTRACTS 2: 401 `login_required`; while nothing can be booked there is nothing to log in for."""
    controlled = a_type(needs={"controlled": True, "choose_practitioner": False, "days_after_week": None})
    desk = Desk(a_document(TEN_TO_ELEVEN, types=[controlled]))
    with pytest.raises(LoginRequired):
        getattr(desk, ask)()
    assert getattr(desk, ask)(actor=TOOL) != [], "booking asks on behalf of who is known"
    closed = Desk(a_document(TEN_TO_ELEVEN, types=[controlled], booking={"new": False}))
    assert getattr(closed, ask)() == []


def test_a_booking_that_is_moved_frees_its_own_time_and_its_own_start_is_not_listed(desk: Desk) -> None:
    """PRODUCT M4."""
    desk = Desk(a_document(TEN_TO_ELEVEN, types=[a_type(slots={"mode": "flexible"})]))
    desk.hear("BookingCreated", "REF")
    assert desk.starts() == ["10:30"]
    assert desk.starts(actor=TOOL, moving=MOVING) == ["10:15", "10:30"]


@pytest.mark.parametrize("overriding", [{"staff": True}, {"outside_plan": True}, {"minutes": 20}, {"moving": MOVING}])
def test_patients_override_nothing(desk: Desk, overriding: dict[str, Any]) -> None:
    with pytest.raises(Forbidden):
        desk.check(**overriding)
    if "moving" in overriding:
        with pytest.raises(Forbidden):
            desk.slots(**overriding)


def test_a_legal_slot_is_answered_with_everything_that_booking_needs_in_utc() -> None:
    rooms = [a_resource("room-1"), a_resource("room-2")]
    kind = a_type(uses=["room"], buffer_after="10m")
    desk = Desk(a_document(TEN_TO_ELEVEN, resources=rooms, types=[kind]))
    assert desk.check() == {
        "revision": 7,
        "type": "visit",
        "start": "2026-12-01T09:00:00+00:00",
        "end": "2026-12-01T09:30:00+00:00",
        "candidates": [
            {
                "practitioner": "anna",
                "start": "2026-12-01T09:00:00+00:00",
                "end": "2026-12-01T09:30:00+00:00",
                "busy_from": "2026-12-01T09:00:00+00:00",
                "busy_to": "2026-12-01T09:40:00+00:00",
                "minutes": 30,
                "accepts_new": True,
                "uses": [["room-1", "room-2"]],
                "needs": [["room-1", "room-2"]],
            }
        ],
    }


def test_checking_a_slot_never_looks_at_what_is_taken(desk: Desk) -> None:
    desk.hear("BookingCreated", "REF")
    assert desk.check()["candidates"]


def test_an_illegal_slot_is_not_offered_but_staff_may(desk: Desk) -> None:
    with pytest.raises(SlotNotOffered):
        desk.check(start="2026-12-01T10:05:00+01:00")
    assert desk.check(TOOL, start="2026-12-01T10:05:00+01:00", staff=True)["candidates"]
    with pytest.raises(SlotNotOffered):
        desk.check(TOOL, start="2026-12-01T20:00:00+01:00", staff=True)
    assert desk.check(TOOL, start="2026-12-01T20:00:00+01:00", staff=True, outside_plan=True)["candidates"]


@pytest.mark.parametrize(
    "start", ["2026-12-01T10:00:00", "soon", "0001-01-01T00:00:00+23:59", "9999-12-31T23:59:00-23:59", 5]
)
def test_a_start_without_offset_or_sense_is_refused(desk: Desk, start: Any) -> None:
    with pytest.raises(Invalid) as refused:
        desk.check(start=start)
    assert list(refused.value.extra["errors"]) == ["start"]


def test_a_move_needs_the_booking_that_it_moves(desk: Desk) -> None:
    with pytest.raises(Invalid) as refused:
        desk.check(TOOL, purpose="move")
    assert list(refused.value.extra["errors"]) == ["moving"]


def test_all_clinics_are_listed_with_their_switch(desk: Desk) -> None:
    assert searching.clinics(desk.at()) == {"clinics": [{"clinic": "solna", "name": "Solna", "active": True}]}


def test_moments_of_events_may_be_in_any_offset(desk: Desk) -> None:
    desk.hear("BookingCreated", "REF", busy_from="2026-12-01T10:00:00+01:00", busy_to="2026-12-01T10:30:00+01:00")
    [busy] = desk.work.store.taken["booking", "REF"][1]
    assert busy.starts_at == datetime(2026, 12, 1, 9, tzinfo=UTC)


CONTROLLED = a_type(slots={"mode": "flexible", "step": "15m"}, needs={"controlled": True})


def test_a_need_s_minutes_take_the_place_of_the_type_s_length() -> None:
    """B9: in times, in days, and in what may then be booked."""
    desk = Desk(a_document(TEN_TO_ELEVEN, types=[CONTROLLED]))
    assert [slot["start"][11:16] for slot in desk.slots(actor=TOOL, minutes=50)] == ["10:00"]
    assert desk.slots(actor=TOOL, minutes=50)[0]["end"] == "2026-12-01T10:50:00+01:00"
    assert [day["free"] for day in desk.days(actor=TOOL, minutes=50)] == [1]
    assert [day["free"] for day in desk.days(actor=TOOL)] == [3], "30 minutes fit three times"
    assert desk.check(actor=TOOL, minutes=50)["candidates"][0]["minutes"] == 50


@pytest.mark.parametrize("search", ["days", "slots"])
def test_patients_do_not_say_how_long_an_appointment_is(desk: Desk, search: str) -> None:
    """B9: only booking, which knows the need, may ask so."""
    with pytest.raises(Forbidden):
        getattr(desk, search)(minutes=10)


@pytest.mark.parametrize("minutes", [0, -5, 1441, "30", 1.5])
def test_a_length_that_is_none_is_invalid(desk: Desk, minutes: object) -> None:
    with pytest.raises(Invalid) as refused:
        desk.slots(actor=TOOL, minutes=minutes)
    assert set(refused.value.extra["errors"]) == {"minutes"}


def some_without_need() -> Desk:
    """Return a clinic whose visits are controlled by needs, and booked without one with Bo."""
    people = [a_practitioner("anna"), a_practitioner("bo")]
    needs = {"controlled": True, "choose_practitioner": False, "days_after_week": None, "without": ["bo"]}
    return Desk(a_document(TEN_TO_ELEVEN, practitioners=people, types=[a_type(needs=needs)]))


def test_b9_who_takes_a_type_without_a_need_is_shown_to_everybody_and_nobody_else_is() -> None:
    desk = some_without_need()
    for query in ({}, {"practitioner": "bo"}):
        assert {tuple(slot["practitioners"]) for slot in desk.slots(**query)} == {("bo",)}
    assert [day["free"] for day in desk.days()] == [2]
    with pytest.raises(LoginRequired):
        desk.slots(practitioner="anna")
    assert {tuple(slot["practitioners"]) for slot in desk.slots(actor=TOOL)} == {("anna", "bo")}


def test_b9_a_time_without_a_need_is_checked_with_who_takes_it_without() -> None:
    desk = some_without_need()
    checked = desk.check(without_need=True)
    assert [candidate["practitioner"] for candidate in checked["candidates"]] == ["bo"]


ANNA = Actor(kind="staff", id="anna@solna.example", role="therapist", clinic="solna", practitioner="anna")


def test_c7_staff_are_told_of_free_times_with_whom_and_where_patients_may_not_book(desk: Desk) -> None:
    assert desk.free(TOOL)[0] == {
        "start": "2026-12-01T10:00:00+01:00",
        "end": "2026-12-01T10:30:00+01:00",
        "practitioners": ["anna"],
        "outside_online": [],
    }
    assert [slot["end"][11:16] for slot in desk.free(TOOL, minutes=60)] == ["11:00"]


def test_c7_what_a_booking_takes_that_is_to_be_moved_is_free_to_it(desk: Desk) -> None:
    desk.hear("BookingCreated", "REF")
    assert [slot["start"][11:16] for slot in desk.free(TOOL)] == ["10:30"]
    assert [slot["start"][11:16] for slot in desk.free(TOOL, moving="REF")] == ["10:00", "10:30"]


def test_c1_therapists_are_told_of_their_own_free_times() -> None:
    desk = Desk(a_document(TEN_TO_ELEVEN, practitioners=[a_practitioner("anna"), a_practitioner("bo")]))
    assert {key for slot in desk.free(TOOL) for key in slot["practitioners"]} == {"anna", "bo"}
    assert {key for slot in desk.free(ANNA) for key in slot["practitioners"]} == {"anna"}
    assert desk.free(ANNA, practitioner="anna")
    for asked in ({"actor": ANNA, "practitioner": "bo"}, {"actor": replace(ANNA, practitioner=None)}):
        with pytest.raises(Forbidden):
            desk.free(**asked)


@pytest.mark.parametrize(
    ("query", "field"),
    [({"type": "nonsense"}, "type"), ({"practitioner": "cleo"}, "practitioner"), ({"to": "2027-01-01"}, "to"),
     ({"minutes": 0}, "minutes"), ({"for": "new"}, "for"), ({"moving": "no reference"}, "moving")],
)  # fmt: skip
def test_what_staff_ask_amiss_is_named(desk: Desk, query: dict[str, Any], field: str) -> None:
    with pytest.raises(Invalid) as refused:
        desk.free(TOOL, **query)
    assert list(refused.value.extra["errors"]) == [field]
