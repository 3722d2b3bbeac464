"""What staff change: whom, what, when and how long, over every rule but overlap, and only at their own clinic."""

from datetime import timedelta

import pytest

from shared.actor import Actor
from shared.contracts.errors import (
    AlreadyCancelled,
    ChangedMeanwhile,
    Forbidden,
    Invalid,
    LoginRequired,
    NotFound,
    SlotTaken,
)
from tests.builders.booking.world import CLINIC, STAFF, START
from tests.integration.booking.calls import Calls

LATER = START + timedelta(hours=2)
THERAPIST = Actor(kind="staff", id="bo@solna.example", role="therapist", clinic=CLINIC, practitioner="bo")


def test_staff_change_practitioner_type_and_length(calls: Calls) -> None:
    """N2: only then it is BookingChanged."""
    booked = calls.book(practitioner="anna")
    changed = calls.change(STAFF, booked["reference"], practitioner="bo", type="laser", minutes=45, version=1)
    assert (changed["practitioner"], changed["type"], changed["resources"], changed["version"]) == (
        "bo", "laser", ["laser"], 2,
    )  # fmt: skip
    assert changed["end"] == "2026-12-01T14:45:00+01:00"
    (event,) = calls.events("BookingChanged")
    assert event.data["previous"]["practitioner"] == "anna"
    calls.change(STAFF, booked["reference"], start=LATER.isoformat())
    assert len(calls.events("BookingMoved")) == 1


def test_staff_move_although_it_is_too_late_and_not_offered(calls: Calls) -> None:
    booked = calls.book()
    calls.world.now = START
    calls.world.close(LATER)
    assert calls.change(STAFF, booked["reference"], start=LATER.isoformat())["version"] == 2


def test_a_booking_whose_practitioner_has_left_moves_to_somebody_else_alone(calls: Calls) -> None:
    booked = calls.book(practitioner="bo")
    calls.world.change_document(practitioners=[{"key": "anna", "name": "Anna Berg"}])
    with pytest.raises(Invalid) as refused:
        calls.change(STAFF, booked["reference"], start=LATER.isoformat())
    assert refused.value.extra["errors"] == {"practitioner": ["There is no such practitioner."]}
    assert calls.change(STAFF, booked["reference"], practitioner="anna")["version"] == 2


def test_staff_do_not_overwrite_what_changed_meanwhile(calls: Calls) -> None:
    booked = calls.book()
    calls.move(booked["manage_token"], LATER)
    with pytest.raises(ChangedMeanwhile):
        calls.change(STAFF, booked["reference"], start=START.isoformat(), version=1)


def test_staff_cannot_overlap(calls: Calls) -> None:
    booked = calls.book(practitioner="anna")
    calls.book(practitioner="bo")
    with pytest.raises(SlotTaken):
        calls.change(STAFF, booked["reference"], practitioner="bo")


def test_a_change_of_nothing_is_no_event(calls: Calls) -> None:
    booked = calls.book(practitioner="anna")
    assert calls.change(STAFF, booked["reference"], practitioner="anna", start=START.isoformat())["version"] == 1
    assert len(calls.events()) == 1


def test_staff_cancel_at_any_time_and_once(calls: Calls) -> None:
    booked = calls.book()
    calls.world.now = START
    assert calls.cancel_as_staff(STAFF, booked["reference"])["status"] == "cancelled"
    with pytest.raises(AlreadyCancelled):
        calls.cancel_as_staff(STAFF, booked["reference"])


def test_a_no_show_is_marked_once_the_appointment_has_begun(calls: Calls) -> None:
    booked = calls.book()
    with pytest.raises(Invalid):
        calls.mark_no_show(booked["reference"])
    calls.world.now = START
    for _ in range(2):
        assert calls.mark_no_show(booked["reference"])["status"] == "missed"
    assert len(calls.events("BookingMissed")) == 1


def test_the_sms_reminder_of_one_appointment_is_switched(calls: Calls) -> None:
    """N3."""
    booked = calls.book()
    for _ in range(2):
        assert calls.by(STAFF).set_sms_reminder(CLINIC, booked["reference"], on=False)["sms_reminder"] is False
    (event,) = calls.events("BookingChanged")
    assert (event.data["sms_reminder"], event.data["previous"]) == (False, None)


@pytest.mark.parametrize(
    ("actor", "refusal"),
    [
        (Actor(kind="patient"), LoginRequired),
        (Actor(kind="staff", id="x", role="administrator", clinic="other"), Forbidden),
        (THERAPIST, Forbidden),
    ],
)
def test_only_the_clinic_s_staff_change_by_reference(calls: Calls, actor: Actor, refusal: type[Exception]) -> None:
    """C1: Bo is no master of Anna's calendar. That is said before a mistake in the fields is (CONTRACTS 2)."""
    booked = calls.book(practitioner="anna")
    with pytest.raises(refusal):
        calls.change(actor, booked["reference"], start=LATER.isoformat())
    with pytest.raises(refusal):
        calls.get(booked["reference"], actor)
    with pytest.raises(refusal):
        calls.change(actor, booked["reference"], start="soon")


def test_a_booking_of_another_clinic_is_not_found(calls: Calls) -> None:
    booked = calls.book()
    calls.world.documents.document["clinic"] = "other"
    with pytest.raises(NotFound):
        calls.by(Actor(kind="tool", id="t")).get("other", booked["reference"])
