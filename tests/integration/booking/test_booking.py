"""Booking a new time: what it answers and tells, with a hold or without, for who loses too (PRODUCT B11, B12)."""

from datetime import datetime, timedelta
from itertools import pairwise
from typing import Any

import pytest

from services.booking.handlers.alternatives import TIME_LIMIT
from services.booking.model.bookings import is_reference
from shared.contracts.errors import HoldExpired, Invalid, SlotHeld, SlotNotOffered, SlotTaken, Timeout
from shared.links import manage_token
from tests.builders.booking.world import CLINIC, KEYS, NOW, STAFF, START
from tests.integration.booking.calls import Calls, patient

HALF_HOUR = timedelta(minutes=30)


def test_a_booking_answers_with_its_link(calls: Calls) -> None:
    answer = calls.book()
    assert is_reference(answer["reference"])
    token = manage_token(KEYS.link, answer["reference"], 1)
    assert answer == {
        "reference": answer["reference"],
        "status": "booked",
        "type": "visit",
        "practitioner": "anna",
        "start": "2026-12-01T14:00:00+01:00",
        "end": "2026-12-01T14:30:00+01:00",
        "reached_by": ["sms", "email"],
        "manage_token": token,
        "manage_url": f"https://booking.example/m/{token}",
    }


@pytest.mark.parametrize(
    ("typed", "ways"),
    [
        ({"email": "maja@example.org"}, ["sms", "email"]),
        ({"email": "maja@example.org", "sms_ok": False}, ["email"]),
        ({"email": "maja@example.org", "email_ok": False}, ["sms"]),
        ({"email": "maja@example.org", "mobile": "+98 912 345 6789"}, ["email"]),
        ({"email": None, "sms_ok": False}, []),
    ],
)
def test_a_booking_and_its_link_say_by_what_messages_reach_the_patient_b18a(
    calls: Calls, typed: dict[str, Any], ways: list[str]
) -> None:
    booked = calls.book(patient=patient(**typed))
    opened = calls.open(booked["manage_token"])
    assert booked["reached_by"] == opened["reached_by"] == ways
    assert opened["booking"]["patient"].keys() == {"first_name", "last_name"}, "never at which address"


def test_the_event_tells_the_whole_state_and_seals_the_person(calls: Calls) -> None:
    booked = calls.book(message="Ring på", language="en")
    (event,) = calls.events("BookingCreated")
    person = event.data.pop("person")
    assert event.data == {
        "reference": booked["reference"],
        "status": "booked",
        "origin": "web",
        "type": "visit",
        "practitioner": "anna",
        "resources": [],
        "start": "2026-12-01T13:00:00+00:00",
        "end": "2026-12-01T13:30:00+00:00",
        "busy_from": "2026-12-01T13:00:00+00:00",
        "busy_to": "2026-12-01T13:30:00+00:00",
        "minutes": 30,
        "hold": None,
        "need": None,
        "language": "en",
        "sms_reminder": True,
        "epoch": 1,
        "changeable": True,
        "created_at": NOW.isoformat(),
        "version": 1,
        "previous": None,
        "invited": False,
        "tell": "all",
        "undo_until": None,
        "undoes": None,
        "arrived_at": None,
        "has_note": False,
        "not_told": False,
        "imported": False,
    }
    assert KEYS.people.open(person) == {
        "identity": None,
        "birth_date": "1980-05-17",
        "first_name": "Maja",
        "last_name": "Lund",
        "mobile": "+46701234567",
        "email": "maja@example.org",
        "sms_ok": True,
        "email_ok": True,
        "message": "Ring på",
        "answers": {},
        "patient": None,
        "comment": None,
        "unconfirmed": [],
        "invitation": None,
    }
    assert (event.clinic, event.subject, event.subject_version) == (CLINIC, booked["reference"], 1)


def test_a_hold_becomes_the_booking_without_a_second_check(calls: Calls) -> None:
    """Booking has closed by the clock meanwhile; what is held is held."""
    calls.world.change_document(booking={"active": True, "closes_at": "2026-11-02T10:05"})
    held = calls.hold()
    calls.world.now += timedelta(minutes=6)
    answer = calls.book(hold=held["hold"], practitioner=held["practitioner"])
    assert answer["practitioner"] == held["practitioner"]
    assert calls.occupied() == [("practitioner:anna", START, START + HALF_HOUR)]
    assert calls.events("BookingCreated")[0].data["hold"] == held["hold"]


def test_a_hold_of_an_older_document_is_checked_again(calls: Calls) -> None:
    held = calls.hold()
    calls.world.close(START)
    with pytest.raises(SlotNotOffered):
        calls.book(hold=held["hold"])
    calls.world.change_document()
    assert calls.book(hold=held["hold"])["status"] == "booked"
    assert len(calls.occupied()) == 1


def test_a_held_time_is_not_there_for_others_until_it_is_given_back(calls: Calls) -> None:
    """B12."""
    held = calls.hold(practitioner="anna")
    assert (
        held["expires"] == (NOW + timedelta(minutes=10)).astimezone(calls.world.desk().rules(CLINIC).zone).isoformat()
    )
    with pytest.raises(SlotHeld):
        calls.hold(practitioner="anna")
    with pytest.raises(SlotHeld):
        calls.book(practitioner="anna")
    calls.release(held["hold"])
    calls.release(held["hold"])
    assert calls.book(practitioner="anna")["status"] == "booked"
    assert len(calls.events("SlotReleased")) == 1


def test_a_hold_stays_its_holder_s_where_clocks_are_seconds_apart(calls: Calls) -> None:
    """B12: by a clock that is some seconds ahead of the one that promised it, it is still kept."""
    held = calls.hold(practitioner="anna")
    calls.world.now += timedelta(minutes=10, seconds=3)
    with pytest.raises(SlotHeld):
        calls.hold(practitioner="anna")
    assert calls.book(practitioner="anna", hold=held["hold"])["status"] == "booked"


def test_a_hold_gives_back_the_one_that_it_replaces(calls: Calls) -> None:
    """B12: who goes back and chooses another time holds one."""
    first = calls.hold(practitioner="anna")["hold"]
    calls.hold(practitioner="anna", start=(START + HALF_HOUR).isoformat(), replaces=first)

    assert [start for _, start, _ in calls.occupied()] == [START + HALF_HOUR]
    assert [event.subject for event in calls.events("SlotReleased")] == [first]


def test_a_hold_may_replace_one_that_is_in_its_own_way(calls: Calls) -> None:
    first = calls.hold(practitioner="anna")["hold"]
    second = calls.hold(practitioner="anna", replaces=first)["hold"]

    assert len(calls.occupied()) == 1
    assert calls.book(practitioner="anna", hold=second)["status"] == "booked"


def test_a_hold_stays_where_the_time_that_was_to_replace_it_is_not_free(calls: Calls) -> None:
    first = calls.hold(practitioner="anna")["hold"]
    calls.hold(practitioner="anna", start=(START + HALF_HOUR).isoformat())

    with pytest.raises(SlotHeld):
        calls.hold(practitioner="anna", start=(START + HALF_HOUR).isoformat(), replaces=first)
    assert calls.events("SlotReleased") == []
    assert calls.book(practitioner="anna", hold=first)["status"] == "booked"


def test_what_is_over_or_unknown_is_replaced_by_a_hold_like_any_other(calls: Calls) -> None:
    booked = calls.hold(practitioner="anna")["hold"]
    calls.book(practitioner="anna", hold=booked)

    later = {"practitioner": "anna", "start": (START + HALF_HOUR).isoformat()}
    released = calls.hold(**later, replaces=booked)["hold"]
    calls.release(released)
    assert calls.hold(**later, replaces=released)["practitioner"] == "anna"
    assert calls.hold(practitioner="bo", replaces="never-given")["practitioner"] == "bo"
    with pytest.raises(SlotTaken):
        calls.hold(practitioner="anna", replaces=booked)
    with pytest.raises(Invalid):
        calls.hold(practitioner="bo", replaces="no hold at all")


def test_a_hold_that_has_run_out_does_not_book(calls: Calls) -> None:
    held = calls.hold()
    calls.world.now += timedelta(minutes=11)
    with pytest.raises(HoldExpired) as refused:
        calls.book(hold=held["hold"])
    assert "2026-12-01T14:00:00+01:00" in [slot["start"] for slot in refused.value.extra["alternatives"]]


@pytest.mark.parametrize(
    "changes", [{"type": "roomy"}, {"start": (START + HALF_HOUR).isoformat()}, {"practitioner": "bo"}]
)
def test_a_hold_of_something_else_is_invalid(calls: Calls, changes: dict[str, str]) -> None:
    held = calls.hold()
    with pytest.raises(Invalid) as refused:
        calls.book(hold=held["hold"], **changes)
    assert list(refused.value.extra["errors"]) == ["hold"]


def test_an_unknown_hold_counts_as_expired(calls: Calls) -> None:
    with pytest.raises(HoldExpired):
        calls.book(hold="never-given")


def test_a_hold_that_was_used_means_the_time_is_taken(calls: Calls) -> None:
    held = calls.hold()
    calls.book(hold=held["hold"])
    with pytest.raises(SlotTaken):
        calls.book(hold=held["hold"])


def test_losers_see_the_nearest_free_times_of_the_day_and_the_next_by_booking_s_own_knowledge(calls: Calls) -> None:
    """B11: who can come at no other hour has a choice as well."""
    calls.book(practitioner="anna")
    calls.book(practitioner="anna", start=(START - HALF_HOUR).isoformat())
    with pytest.raises(SlotTaken) as refused:
        calls.book(practitioner="anna")
    assert [slot["start"] for slot in refused.value.extra["alternatives"]] == [
        "2026-12-01T13:00:00+01:00",
        "2026-12-01T14:30:00+01:00",
        "2026-12-01T15:00:00+01:00",
        "2026-12-02T14:00:00+01:00",
        "2026-12-03T14:00:00+01:00",
    ]


def test_losers_where_only_that_day_is_free_see_five_of_it(calls: Calls) -> None:
    """B11."""
    calls.world.availability.closed |= {
        START + timedelta(days=days) + number * HALF_HOUR for days in (1, 2) for number in range(-10, 6)
    }
    calls.book(practitioner="anna")
    with pytest.raises(SlotTaken) as refused:
        calls.book(practitioner="anna")
    alternatives = refused.value.extra["alternatives"]
    assert {slot["start"][:10] for slot in alternatives} == {"2026-12-01"}
    assert len(alternatives) == 5
    assert len(calls.world.availability.limits) == 1, "nothing more is asked"


def test_losers_of_a_type_with_many_starts_see_times_that_lie_apart(calls: Calls) -> None:
    """B11: the nearest starts of all, five minutes apart, would be one choice."""
    calls.world.availability.every = timedelta(minutes=5)
    calls.book(practitioner="anna")
    with pytest.raises(SlotTaken) as refused:
        calls.book(practitioner="anna")
    starts = [datetime.fromisoformat(slot["start"]) for slot in refused.value.extra["alternatives"]]
    assert len(starts) == 5
    assert all(later - earlier >= HALF_HOUR for earlier, later in pairwise(starts))


def test_all_who_lose_a_time_at_the_same_moment_have_others_looked_for_once(calls: Calls) -> None:
    """B11: in a rush there are hundreds. What is taken meanwhile is shown to none of them."""
    calls.book(practitioner="anna")
    shown = []
    for number in range(1, 4):
        with pytest.raises(SlotTaken) as refused:
            calls.book(practitioner="anna")
        shown.append([datetime.fromisoformat(slot["start"]) for slot in refused.value.extra["alternatives"]])
        calls.book(practitioner="anna", start=(START + number * HALF_HOUR).isoformat())
    assert [START + number * HALF_HOUR in found for number, found in enumerate(shown, 1)] == [True, True, True]
    assert not any(START + HALF_HOUR in found for found in shown[1:])
    assert len(calls.world.availability.limits) == 1
    calls.world.now += timedelta(seconds=1)
    with pytest.raises(SlotTaken):
        calls.book(practitioner="anna")
    assert len(calls.world.availability.limits) == 2
    calls.world.change_document()
    with pytest.raises(SlotTaken):
        calls.book(practitioner="anna")
    assert len(calls.world.availability.limits) == 3, "a document that was changed is acted by at once"


def test_without_availability_losers_are_refused_all_the_same(calls: Calls) -> None:
    held = calls.hold(practitioner="anna")
    calls.world.availability.down = Timeout.because("late")
    calls.world.now += timedelta(minutes=11)
    with pytest.raises(HoldExpired) as refused:
        calls.book(hold=held["hold"])
    assert refused.value.extra["alternatives"] == []
    assert calls.world.availability.limits == [TIME_LIMIT], "asked once, and not waited for long"


def test_any_practitioner_is_the_first_in_document_order_and_then_the_next(calls: Calls) -> None:
    assert [calls.book()["practitioner"], calls.book()["practitioner"]] == ["anna", "bo"]
    with pytest.raises(SlotTaken):
        calls.book()


def test_a_pool_gives_its_first_free_room(calls: Calls) -> None:
    """S14."""
    first, second = calls.book(type="roomy", practitioner="anna"), calls.book(type="roomy", practitioner="bo")
    rooms = [calls.get(each["reference"], STAFF)["resources"] for each in (first, second)]
    assert rooms == [["room-1"], ["room-2"]]


def test_buffers_are_kept_free(calls: Calls) -> None:
    calls.book(type="laser", practitioner="anna")
    with pytest.raises(SlotTaken):
        calls.book(type="visit", practitioner="anna", start=(START + HALF_HOUR).isoformat())
    after = (START + timedelta(minutes=40)).isoformat()
    assert calls.book(type="visit", practitioner="anna", start=after)["status"] == "booked"


TWO_LENGTHS = {"types": [{"key": "visit", "name": "B", "length": "30m", "lengths": {"anna": "45m"}}]}


def test_of_times_that_begin_together_the_first_practitioner_s_is_taken_unless_an_end_is_named(calls: Calls) -> None:
    """S13: a slot is listed once for each end; without one, document order decides."""
    calls.world.change_document(**TWO_LENGTHS)
    short = (START + HALF_HOUR).isoformat()
    assert calls.book(end=short)["practitioner"] == "bo"
    later = {"start": (START + 2 * HALF_HOUR).isoformat(), "end": (START + 3 * HALF_HOUR).isoformat()}
    held = calls.hold(**later)
    assert (held["practitioner"], held["end"]) == ("bo", "2026-12-01T15:30:00+01:00")
    assert calls.book(hold=held["hold"], **later)["practitioner"] == "bo"
    assert calls.book()["end"] == "2026-12-01T14:45:00+01:00"


def test_a_time_that_nobody_takes_that_long_is_not_offered(calls: Calls) -> None:
    calls.world.change_document(**TWO_LENGTHS)
    for attempt in (calls.hold, calls.book):
        with pytest.raises(SlotNotOffered):
            attempt(end=(START + 2 * HALF_HOUR).isoformat())
    held = calls.hold()
    with pytest.raises(Invalid):
        calls.book(hold=held["hold"], end=(START + HALF_HOUR).isoformat())
