"""A repeated submit makes one booking (PRODUCT B13)."""

from datetime import timedelta

import pytest

from shared.contracts.errors import Invalid, SlotHeld
from tests.builders.booking.world import START
from tests.integration.booking.calls import Calls

HALF_HOUR = timedelta(minutes=30)


def test_a_repeated_submit_makes_one_booking_and_gets_the_first_answer(calls: Calls) -> None:
    first = calls.book(key="k-1")
    calls.move(first["manage_token"], START + HALF_HOUR)
    assert calls.book(key="k-1") == first
    assert len(calls.events("BookingCreated")) == 1


def test_the_same_key_with_another_body_is_invalid(calls: Calls) -> None:
    calls.book(key="k-1")
    with pytest.raises(Invalid):
        calls.book(key="k-1", message="another")


def test_a_key_is_free_again_after_24_hours(calls: Calls) -> None:
    first = calls.book(key="k-1")
    calls.world.now += timedelta(hours=24)
    assert calls.book(key="k-1")["reference"] != first["reference"]


def test_a_refused_attempt_does_not_use_the_key_up(calls: Calls) -> None:
    held = calls.hold(practitioner="anna")
    with pytest.raises(SlotHeld):
        calls.book(key="k-1", practitioner="anna")
    calls.release(held["hold"])
    assert calls.book(key="k-1", practitioner="anna")["status"] == "booked"


def test_without_a_key_two_submits_are_two_attempts(calls: Calls) -> None:
    assert calls.book()["reference"] != calls.book()["reference"]


@pytest.mark.parametrize("key", ["", "x" * 201, "ä", "a\nb"])
def test_a_key_that_is_none_is_refused(calls: Calls, key: str) -> None:
    with pytest.raises(Invalid):
        calls.book(key=key)
