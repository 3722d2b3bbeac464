"""A type controlled by needs that is booked without one with some practitioners (PRODUCT B9, `needs.without`)."""

import pytest

from shared.contracts.errors import LoginRequired, NewPatientsRefused, NoOpenNeed, SlotNotOffered, SlotTaken
from tests.builders.booking.world import START, a_need, logged_in
from tests.integration.booking.calls import Calls
from tests.integration.booking.needs.clinic import HALF_HOUR, controlled

LATER = (START + 2 * HALF_HOUR).isoformat()


@pytest.fixture
def calls(calls: Calls) -> Calls:
    """Return the calls of a clinic where Bo takes visits without a need, too."""
    calls.world.change_document(types=[controlled(without=["bo"])])
    return calls


def test_who_has_no_need_holds_and_books_with_those_who_take_them_without(calls: Calls) -> None:
    held = calls.hold()
    assert held["practitioner"] == "bo"
    assert calls.book(hold=held["hold"])["practitioner"] == "bo"
    assert calls.book(start=LATER)["practitioner"] == "bo"
    (first, _) = calls.events("BookingCreated")
    assert first.data["need"] is None


def test_with_anybody_else_they_are_asked_to_log_in(calls: Calls) -> None:
    for attempt in (calls.hold, calls.book):
        with pytest.raises(LoginRequired):
            attempt(practitioner="anna")


def test_where_those_are_taken_the_times_of_nobody_else_are_offered(calls: Calls) -> None:
    calls.book()
    for attempt in (calls.hold, calls.book):
        with pytest.raises(SlotTaken) as refused:
            attempt()
        assert {key for slot in refused.value.extra["alternatives"] for key in slot["practitioners"]} == {"bo"}


def test_a_login_without_a_need_is_shown_and_books_what_everybody_may(calls: Calls) -> None:
    patient = logged_in("+46700000000")
    assert {*calls.slots_for_need(patient)["slots"][0]["practitioners"]} == {"bo"}
    assert calls.days_for_need(patient)["days"]
    assert calls.hold(patient)["practitioner"] == "bo"
    assert calls.book(patient, start=LATER)["practitioner"] == "bo"
    with pytest.raises(NoOpenNeed):
        calls.hold(patient, practitioner="anna")


def test_who_has_a_need_books_as_it_says_or_with_one_of_those_by_name(calls: Calls) -> None:
    calls.hear(a_need(practitioner="anna", minutes=50))
    patient = logged_in()
    assert {*calls.slots_for_need(patient)["slots"][0]["practitioners"]} == {"anna"}
    assert {*calls.slots_for_need(patient, practitioner="bo")["slots"][0]["practitioners"]} == {"bo"}
    held = calls.hold(patient, practitioner="bo")
    assert (held["practitioner"], held["end"]) == ("bo", "2026-12-01T14:30:00+01:00")
    without = calls.book(patient, hold=held["hold"])
    assert without["practitioner"] == "bo"
    assert calls.book(patient, start=LATER)["end"] == "2026-12-01T15:50:00+01:00"
    assert [event.data["need"] is None for event in calls.events("BookingCreated")] == [True, False]


def test_who_books_without_a_need_is_a_patient_like_any_other(calls: Calls) -> None:
    """B7: only a need makes somebody known."""
    calls.world.change_document(types=[controlled(without=["bo"])], booking={"new_patients": False})
    with pytest.raises(NewPatientsRefused):
        calls.book()


def test_a_clinic_without_anonymous_booking_asks_for_a_login_all_the_same(calls: Calls) -> None:
    """B14."""
    calls.world.change_document(types=[controlled(without=["bo"])], booking={"without_login": False})
    with pytest.raises(LoginRequired):
        calls.hold()


def test_who_has_left_it_to_needs_since_is_no_longer_booked_without(calls: Calls) -> None:
    held = calls.hold()
    calls.world.change_document(types=[controlled(without=[])])
    with pytest.raises((LoginRequired, SlotNotOffered)):
        calls.book(hold=held["hold"])
