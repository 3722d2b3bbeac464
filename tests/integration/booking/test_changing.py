"""Links, moving and cancelling by patients: the rules of PRODUCT M, one test each, through the whole use case."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from shared.contracts.errors import (
    AlreadyCancelled,
    BookingOff,
    FunctionOff,
    Gone,
    Invalid,
    NotChangeable,
    NotFound,
    SlotNotOffered,
    SlotTaken,
    TooLate,
)
from shared.links import manage_token
from tests.builders.booking.world import CLINIC, KEYS, STAFF, START
from tests.integration.booking.calls import Calls

HALF_HOUR = timedelta(minutes=30)
LATER = START + timedelta(hours=2)
BOTH = ["rebook", "cancel"]


def test_the_link_shows_the_booking_without_contacts(calls: Calls) -> None:
    """M1."""
    booked = calls.book(message="Ring på")
    opened = calls.open(booked["manage_token"])
    assert opened["clinic"] == CLINIC
    assert opened["booking"]["patient"] == {"first_name": "Maja", "last_name": "Lund"}
    assert opened["may"]["rebook"] == {"allowed": True, "until": "2026-11-30T14:00:00+01:00", "reason": None}


def test_the_link_opens_until_30_days_after_the_appointment(calls: Calls) -> None:
    """M1."""
    token = calls.book()["manage_token"]
    calls.world.now = START + HALF_HOUR + timedelta(days=30) - timedelta(seconds=1)
    assert calls.open(token)["booking"]["status"] == "done"
    calls.world.now += timedelta(seconds=1)
    with pytest.raises(Gone):
        calls.open(token)


@pytest.mark.parametrize(
    "spoil", [lambda t: t[:-1] + ("A" if t[-1] != "A" else "B"), lambda t: t[:10], lambda t: "\0" * 34]
)
def test_a_forged_link_opens_nothing(calls: Calls, spoil: Any) -> None:
    token = calls.book()["manage_token"]
    with pytest.raises(NotFound):
        calls.open(spoil(token))


def test_the_link_of_a_booking_that_does_not_exist_opens_nothing(calls: Calls) -> None:
    with pytest.raises(NotFound):
        calls.open(manage_token(KEYS.link, "0000000000", 1))


# Moving


def test_a_move_frees_the_old_time_and_takes_the_new(calls: Calls) -> None:
    """M4."""
    booked = calls.book(practitioner="bo")
    moved = calls.move(booked["manage_token"], LATER)
    assert (moved["start"], moved["practitioner"], moved["version"]) == ("2026-12-01T16:00:00+01:00", "bo", 2)
    assert calls.occupied() == [("practitioner:bo", LATER, LATER + HALF_HOUR)]
    (event,) = calls.events("BookingMoved")
    assert event.data["previous"] == {
        "type": "visit",
        "practitioner": "bo",
        "start": START.isoformat(),
        "end": (START + HALF_HOUR).isoformat(),
        "minutes": 30,
        "resources": [],
    }


def test_a_move_keeps_the_length_that_the_clinic_has_changed_since(calls: Calls) -> None:
    """M4."""
    booked = calls.book(practitioner="anna")
    calls.world.change_document(types=[{"key": "visit", "name": "B", "length": "60m"}])
    assert calls.move(booked["manage_token"], LATER)["end"] == "2026-12-01T16:30:00+01:00"


def test_a_move_may_overlap_its_own_old_time(calls: Calls) -> None:
    booked = calls.book(practitioner="anna")
    ten_later = START + timedelta(minutes=10)
    calls.move(booked["manage_token"], ten_later)
    assert calls.occupied() == [("practitioner:anna", ten_later, ten_later + HALF_HOUR)]


def test_a_failed_move_leaves_the_booking_as_it_was(calls: Calls) -> None:
    """M4."""
    booked = calls.book(practitioner="anna")
    calls.book(practitioner="anna", start=LATER.isoformat())
    before = calls.get(booked["reference"], STAFF)
    with pytest.raises(SlotTaken) as refused:
        calls.move(booked["manage_token"], LATER)
    assert refused.value.extra["alternatives"]
    assert calls.get(booked["reference"], STAFF) == before
    assert len(calls.occupied()) == 2
    assert calls.events("BookingMoved") == []


def test_moving_to_the_present_start_is_no_event(calls: Calls) -> None:
    booked = calls.book()
    calls.world.close(START)
    assert calls.move(booked["manage_token"], START)["version"] == 1
    assert calls.events("BookingMoved") == []


def test_a_move_may_change_the_room_within_its_pool(calls: Calls) -> None:
    booked = calls.book(type="roomy", practitioner="anna")
    calls.book(type="roomy", practitioner="bo", start=LATER.isoformat())
    moved = calls.move(booked["manage_token"], LATER)
    assert moved["resources"] == ["room-2"]


def test_a_move_to_a_time_that_is_not_legal_is_refused(calls: Calls) -> None:
    booked = calls.book()
    calls.world.close(LATER)
    with pytest.raises(SlotNotOffered) as refused:
        calls.move(booked["manage_token"], LATER)
    assert "2026-12-01T16:00:00+01:00" not in [slot["start"] for slot in refused.value.extra["alternatives"]]


@pytest.mark.parametrize("field", ["practitioner", "type", "minutes"])
def test_a_patient_can_change_nothing_but_the_time(calls: Calls, field: str) -> None:
    """M4."""
    booked = calls.book()
    with pytest.raises(Invalid):
        calls.move(booked["manage_token"], LATER, **{field: "bo"})


def test_times_to_move_to_are_asked_for_the_booking(calls: Calls) -> None:
    booked = calls.book(practitioner="bo")
    first = START.date().isoformat()
    found = calls.by().slots_for(booked["manage_token"], **{"from": first, "to": first})
    assert {slot["practitioners"][0] for slot in found["slots"]} == {"bo"}
    assert calls.world.availability.slots.calls[-1]["moving"]["minutes"] == 30


@pytest.mark.parametrize(
    "gone",
    [
        {"types": [{"key": "other", "name": "B", "length": "30m"}]},
        {"practitioners": [{"key": "cy", "name": "Cy"}], "plans": []},
        {"practitioners": [{"key": "anna", "name": "Anna Berg", "online": False}, {"key": "bo", "name": "Bo Ek"}]},
    ],
    ids=["type", "practitioner", "offline"],
)
def test_a_booking_whose_type_or_practitioner_is_gone_or_offline_can_be_cancelled_but_not_moved(
    calls: Calls, gone: dict[str, Any]
) -> None:
    """M4: there is no other time of the same practitioner, and the patient did nothing wrong."""
    token = calls.book(practitioner="anna")["manage_token"]
    calls.world.change_document(**gone)
    first = START.date().isoformat()
    may = calls.open(token)["may"]
    assert (may["rebook"]["allowed"], may["rebook"]["reason"]) == (False, "not_changeable")
    assert may["cancel"]["allowed"]
    for attempt in (
        lambda: calls.by().slots_for(token, **{"from": first, "to": first}),
        lambda: calls.move(token, LATER),
    ):
        with pytest.raises(NotChangeable):
            attempt()
    assert calls.cancel(token)["status"] == "cancelled"


def test_times_to_move_to_say_what_may_still_be_done_after_the_move(calls: Calls) -> None:
    """M6: a time may be so near that the booking can no longer be cancelled there."""
    calls.world.change_document(booking={"rebook_deadline": "1h", "cancel_deadline": "2h"})
    booked = calls.book(practitioner="anna")
    calls.world.now = START - timedelta(hours=4)
    today = START.date().isoformat()
    found = calls.by().slots_for(booked["manage_token"], **{"from": today, "to": today})["slots"]
    then = {slot["start"][11:16]: slot["then"] for slot in found}
    assert [then[time] for time in ("11:00", "11:30", "12:00", "12:30")] == [[], ["rebook"], ["rebook"], BOTH]
    near = START - timedelta(hours=2, minutes=30)
    moved = calls.move(booked["manage_token"], near)
    assert (moved["may"]["rebook"]["allowed"], moved["may"]["cancel"]["allowed"]) == (True, False)
    assert moved["may"] == calls.open(booked["manage_token"])["may"]


# Who may change what, until when


@pytest.mark.parametrize(
    ("changes", "refusal"),
    [
        ({"active": False}, BookingOff),
        ({"active": True, "rebook": False, "cancel": False}, FunctionOff),
        ({"active": True, "changeable": ["recall"]}, NotChangeable),
    ],
)
def test_switches_and_origins_stop_changes(calls: Calls, changes: dict[str, Any], refusal: type[Exception]) -> None:
    """B1, M3."""
    token = calls.book()["manage_token"]
    calls.world.change_document(booking=changes)
    for attempt in (lambda: calls.move(token, LATER), lambda: calls.cancel(token)):
        with pytest.raises(refusal) as refused:
            attempt()
        assert refused.value.extra["phone"] == "+46 8 123 45 67"
    assert calls.open(token)["may"]["cancel"]["reason"] == refusal.code


def test_what_staff_booked_is_changeable_where_the_clinic_opens_it(calls: Calls) -> None:
    """M3."""
    token = calls.book(STAFF)["manage_token"]
    with pytest.raises(NotChangeable):
        calls.cancel(token)
    calls.world.change_document(booking={"active": True, "changeable": ["web", "recall", "staff"]})
    assert calls.cancel(token)["status"] == "cancelled"


def test_exactly_24_hours_before_is_too_late(calls: Calls) -> None:
    """M6."""
    token = calls.book()["manage_token"]
    calls.world.now = START - timedelta(hours=24)
    for attempt in (lambda: calls.move(token, LATER), lambda: calls.cancel(token)):
        with pytest.raises(TooLate) as refused:
            attempt()
        assert refused.value.extra["phone"] == "+46 8 123 45 67"
    calls.world.now -= timedelta(seconds=1)
    assert calls.cancel(token)["status"] == "cancelled"


def test_days_and_types_and_functions_have_deadlines_of_their_own(calls: Calls) -> None:
    """M6."""
    type = {"key": "visit", "name": "B", "length": "30m", "cancel_deadline": "2d"}
    calls.world.change_document(
        types=[type], booking={"active": True, "rebook_deadline": "1h", "cancel_deadline": "0h"}
    )
    token = calls.book()["manage_token"]
    calls.world.now = datetime(2026, 11, 29, 22, 59, tzinfo=UTC)
    may = calls.open(token)["may"]
    assert may["cancel"] == {"allowed": True, "until": "2026-11-30T00:00:00+01:00", "reason": None}
    assert may["rebook"]["until"] == "2026-12-01T13:00:00+01:00"
    calls.world.now += timedelta(minutes=1)
    assert calls.open(token)["may"]["cancel"]["reason"] == "too_late"


def test_a_past_appointment_cannot_be_changed_by_the_patient(calls: Calls) -> None:
    calls.world.change_document(booking={"active": True, "rebook_deadline": "0h", "cancel_deadline": "0d"})
    token = calls.book()["manage_token"]
    calls.world.now = START
    for attempt in (lambda: calls.move(token, LATER), lambda: calls.cancel(token)):
        with pytest.raises(TooLate):
            attempt()


# Cancelling


def test_cancelling_frees_the_time_and_keeps_the_comment(calls: Calls) -> None:
    """M5."""
    booked = calls.book()
    cancelled = calls.cancel(booked["manage_token"], "Jag är sjuk")
    assert (cancelled["status"], calls.occupied()) == ("cancelled", [])
    (event,) = calls.events("BookingCancelled")
    assert (event.data["status"], event.actor["kind"]) == ("cancelled", "patient")
    assert KEYS.people.open(event.data["person"])["comment"] == "Jag är sjuk"


def test_a_cancelled_booking_still_opens_and_nothing_is_allowed(calls: Calls) -> None:
    booked = calls.book()
    calls.cancel(booked["manage_token"])
    may = calls.open(booked["manage_token"])["may"]
    assert may["rebook"] == {"allowed": False, "until": None, "reason": "already_cancelled"}
    for attempt in (lambda: calls.cancel(booked["manage_token"]), lambda: calls.move(booked["manage_token"], LATER)):
        with pytest.raises(AlreadyCancelled):
            attempt()
