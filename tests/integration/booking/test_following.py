"""What booking does with others' events."""

from datetime import timedelta

from tests.builders.booking.world import CLINIC, STAFF, START, a_contact
from tests.integration.booking.calls import Calls, an_event

HALF_HOUR = timedelta(minutes=30)


def test_the_patient_is_linked_once_made_or_found(calls: Calls) -> None:
    booked = calls.book()
    assert calls.get(booked["reference"], STAFF)["patient"]["id"] is None
    for patient in ("a" * 32, "b" * 32):
        told = {"patient": patient, "booking": booked["reference"], "person": a_contact()}
        calls.hear(an_event("patient", "PatientCreated", **told))
    assert calls.get(booked["reference"], STAFF)["patient"]["id"] == "a" * 32
    assert calls.get(booked["reference"], STAFF)["version"] == 1


def test_staff_see_where_a_booking_has_other_addresses_than_its_record(calls: Calls) -> None:
    """CONTRACTS 1, Patients: the booking keeps what was typed, and staff see the difference."""
    reference = calls.book()["reference"]
    marks = lambda: [each["contact_differs"] for each in calls.find(STAFF)["bookings"]]  # noqa: E731 - asked each time
    assert marks() == [[]]
    of_record = a_contact("+46709999999", "MAJA@example.org")
    told = {"patient": "a" * 32, "booking": reference}
    calls.hear(an_event("patient", "PatientCreated", **told, person=of_record))
    assert marks() == [["mobile"]]
    assert calls.get(reference, STAFF)["version"] == 1
    calls.change(STAFF, reference, start=(START + HALF_HOUR).isoformat())
    assert marks() == [["mobile"]], "a move keeps it"
    corrected = {"patient": "a" * 32, "booking": None, "person": a_contact("+46701234567", "other@example.org")}
    calls.hear(an_event("patient", "PatientUpdated", **corrected))
    assert marks() == [["email"]], "staff have corrected the record"


def test_a_patient_without_a_booking_is_no_business_of_booking(calls: Calls) -> None:
    told = {"patient": "a" * 32, "booking": None, "person": a_contact()}
    calls.hear(an_event("patient", "PatientUpdated", **told))


def test_deliveries_are_noted_once_whatever_the_bus_repeats(calls: Calls) -> None:
    """A1."""
    booked = calls.book()
    told = {"message": "m" * 32, "event": "booked", "channel": "sms", "booking": booked["reference"], "person": "x"}
    sent = an_event("notification", "MessageSent", state="sent", **told)
    failed = an_event("notification", "MessageFailed", state="failed", **told)
    for event in (failed, sent, sent, failed):
        calls.hear(event)
    entries = calls.history(STAFF, booked["reference"])["history"][1:]
    assert [entry["type"] for entry in entries] == ["MessageFailed", "MessageSent"]
    assert entries[1]["changes"]["state"] == [None, "sent"]
    assert calls.by(STAFF).verify_history(CLINIC)["broken"] == []


def test_consoles_see_what_became_of_messages_and_what_was_ticked_off(calls: Calls) -> None:
    """What publishes an event is seen by itself; of these booking tells once they are written."""
    booked = calls.book()
    told = {"message": "m" * 32, "event": "booked", "channel": "sms", "booking": booked["reference"], "person": "x"}
    calls.by(STAFF).note_delivery(an_event("notification", "MessageFailed", state="failed", **told))
    calls.by(STAFF).note_delivery(an_event("notification", "MessageSent", **{**told, "booking": None}, state="sent"))
    assert calls.changes.beats == [{CLINIC}]
    calls.cancel(booked["manage_token"], "Jag är sjuk")
    calls.by(STAFF).watch_done(CLINIC, calls.watch_list(STAFF)["watch_list"][0]["id"])
    assert calls.changes.beats == [{CLINIC}, {CLINIC}]


def test_a_move_after_a_delivery_continues_the_same_chain(calls: Calls) -> None:
    booked = calls.book()
    told = {"message": "m", "event": "booked", "channel": "sms", "state": "sent", "booking": booked["reference"]}
    calls.hear(an_event("notification", "MessageSent", **told))
    calls.move(booked["manage_token"], START + HALF_HOUR)
    assert len(calls.history(STAFF, booked["reference"])["history"]) == 3
    assert calls.by(STAFF).verify_history(CLINIC)["broken"] == []
