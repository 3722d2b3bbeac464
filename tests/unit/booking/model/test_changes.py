"""What each change of a booking leaves behind: its new state, what its history notes, what others hear (PRODUCT M4)."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from services.booking.model import changes
from services.booking.model.bookings import Booking
from services.booking.model.changes import Change
from shared.contracts.errors import AlreadyCancelled, Invalid
from tests.builders.booking.bookings import HOUR, a_booking, found_free
from tests.builders.booking.world import START, rules

RULES = rules()
MINUTES_LATER = timedelta(minutes=30)


def move(booking: Booking, type: str = "visit", **changed: Any) -> Change:
    """Return the change that moves a booking to another time that is free."""
    return changes.move(booking, found_free(booking, **changed), type, replace(RULES, revision=2))


def test_a_new_booking_tells_all_of_itself_and_of_nothing_before_it() -> None:
    change = changes.create(a_booking(resources=("room-1",)), RULES)
    assert (change.event.type, change.event.subject, change.event.version) == ("BookingCreated", "7K3M9PQR2T", 1)
    assert change.event.data.previous is None
    assert change.noted["resources"] == [None, ["room-1"]]
    assert change.noted["start"] == [None, START.isoformat()]


def test_another_time_alone_is_a_move() -> None:
    """M4."""
    change = move(a_booking(), later=MINUTES_LATER)
    assert (change.event.type, change.event.version) == ("BookingMoved", 2)
    assert (change.after.starts_at, change.after.revision) == (START + MINUTES_LATER, 2)
    assert change.event.data.previous.start == START
    assert list(change.noted) == ["start", "end"]


@pytest.mark.parametrize(
    "changed", [{"practitioner": "bo"}, {"type": "roomy"}, {"minutes": 90, "end": START + 1.5 * HOUR}]
)
def test_another_practitioner_type_or_length_is_a_change(changed: dict[str, Any]) -> None:
    change = move(a_booking(), **changed)
    assert change.event.type == "BookingChanged"
    assert set(change.noted) == set(changed)


def test_a_cancelled_booking_keeps_its_need_and_says_so() -> None:
    """M5: whoever hears of it knows that the need is open again."""
    change = changes.cancel(a_booking(need="1" * 32), "sealed anew", RULES)
    assert change.event.type == "BookingCancelled"
    assert (change.event.data.status, change.event.data.need) == ("cancelled", "1" * 32)
    assert (change.event.data.person, change.event.data.previous) == ("sealed anew", None)
    assert change.noted == {"status": ["booked", "cancelled"]}


def test_a_reminder_switched_off_is_a_change_that_left_the_appointment_as_it_was() -> None:
    """N3."""
    change = changes.switch_sms_reminder(a_booking(), False, RULES)
    assert (change.event.type, change.event.data.previous) == ("BookingChanged", None)
    assert change.noted == {"sms_reminder": [True, False]}


def test_who_did_not_come_can_be_noted_from_the_start_on() -> None:
    with pytest.raises(Invalid):
        changes.miss(a_booking(), START - timedelta(seconds=1), RULES)
    change = changes.miss(a_booking(), START, RULES)
    assert (change.event.type, change.after.status) == ("BookingMissed", "missed")


@pytest.mark.parametrize(
    "attempt",
    [
        lambda booking: changes.cancel(booking, "sealed", RULES),
        lambda booking: changes.miss(booking, START, RULES),
        lambda booking: changes.switch_sms_reminder(booking, False, RULES),
    ],
)
def test_what_is_cancelled_or_was_missed_changes_no_more(attempt: Callable[[Booking], Change]) -> None:
    with pytest.raises(AlreadyCancelled):
        attempt(a_booking(status="cancelled"))
    with pytest.raises(Invalid):
        attempt(a_booking(status="missed"))


def test_every_change_is_one_version_more_and_tells_the_state_after_it() -> None:
    booking = a_booking(version=7)
    for change in (
        move(booking, later=HOUR),
        changes.cancel(booking, "sealed", RULES),
        changes.miss(booking, START, RULES),
        changes.switch_sms_reminder(booking, False, RULES),
    ):
        assert (change.before, change.after.version) == (booking, 8)
        assert (change.event.version, change.event.data.version) == (8, 8)
        assert change.event.data.status == change.after.status


def test_the_clinic_says_whether_the_patient_may_change_it() -> None:
    """M1, M3."""
    only_web = rules(booking={"changeable": ["web"]})
    assert changes.create(a_booking(), only_web).event.data.changeable
    assert not changes.create(replace(a_booking(), origin="staff"), only_web).event.data.changeable
