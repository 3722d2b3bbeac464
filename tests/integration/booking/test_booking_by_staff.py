"""Staff and internal tools book for patients (PRODUCT C1, C2, C5)."""

from datetime import timedelta
from typing import Any

import pytest

from shared.actor import Actor
from shared.contracts.errors import Forbidden, Invalid, NotFound, SlotHeld, SlotNotOffered, SlotTaken, Unavailable
from tests.builders.booking.world import CLINIC, KEYS, PATIENT, STAFF, START, TOOL
from tests.integration.booking.calls import Calls, patient


def test_staff_override_every_rule_but_overlap(calls: Calls) -> None:
    calls.world.change_document(
        booking={"active": False, "new_patients": False, "without_login": False, "opens_at": "2027-01-01T00:00"},
        types=[{"key": "visit", "name": "B", "length": "30m", "online": False, "min_age": 24}],
    )
    calls.world.close(START)
    answer = calls.book(
        STAFF,
        practitioner="anna",
        minutes=50,
        outside_plan=True,
        patient={"first_name": "Kim", "last_name": "Ung", "birth_date": "2020-01-01"},
    )
    assert answer["end"] == "2026-12-01T14:50:00+01:00"
    with pytest.raises(SlotTaken):
        calls.book(STAFF, practitioner="anna")


@pytest.mark.parametrize(("actor", "origin"), [(STAFF, "staff"), (TOOL, "api")])
def test_the_origin_tells_who_booked(calls: Calls, actor: Actor, origin: str) -> None:
    """B19."""
    booked = calls.book(actor)
    assert calls.get(booked["reference"], STAFF)["origin"] == origin


@pytest.mark.parametrize("actor", [STAFF, TOOL])
def test_a3_who_opens_a_booking_is_written_down_before_it_is_shown(calls: Calls, actor: Actor) -> None:
    calls.world.patients.records["a" * 32] = {"first_name": "Maja", "last_name": "Lund", "mobile": None, "email": None}
    reference = calls.book(STAFF, patient={"id": "a" * 32})["reference"]
    calls.get(reference, actor)
    told = {"clinic": CLINIC, "patient": "a" * 32, "booking": reference, "by": actor.brief()}
    assert calls.world.patients.openings == [told]
    calls.find(actor, reference=reference)
    assert calls.world.patients.openings == [told], "lists open nothing"


def test_a3_a_booking_is_not_shown_where_that_cannot_be_written_down(calls: Calls) -> None:
    reference = calls.book(STAFF)["reference"]
    calls.world.patients.down = Unavailable.because("The patient service does not answer.")
    with pytest.raises(Unavailable):
        calls.get(reference, STAFF)


def test_a3_neither_services_nor_refused_ones_are_written_down(calls: Calls) -> None:
    reference = calls.book(STAFF, practitioner="anna")["reference"]
    calls.get(reference, Actor("service", "notification"))
    with pytest.raises(Forbidden):
        calls.get(reference, Actor("staff", "bo@solna.example", "therapist", CLINIC, "bo"))
    assert calls.world.patients.openings == []


def test_c8_a_booking_is_found_by_its_reference_a_therapist_s_own(calls: Calls) -> None:
    reference = calls.book(STAFF, practitioner="anna")["reference"]
    calls.book(STAFF, practitioner="bo")
    assert [each["reference"] for each in calls.find(STAFF, reference=reference)["bookings"]] == [reference]
    of_bo = Actor("staff", "bo@solna.example", "therapist", CLINIC, "bo")
    assert calls.find(of_bo, reference=reference)["bookings"] == []


def test_staff_see_message_answers_and_contacts_as_they_were_typed(calls: Calls) -> None:
    """B3, B5."""
    calls.world.change_document(fields=[{"key": "fear", "kind": "text", "label": "Tandvårdsrädd?"}])
    typed = {"mobile": "+46701740699", "email": "other@example.org"}
    booked = calls.book(patient=patient(**typed), message="Ring på", answers={"fear": "lite"})
    for seen in (calls.get(booked["reference"], STAFF), calls.find(STAFF)["bookings"][0]):
        assert (seen["message"], seen["answers"]) == ("Ring på", {"fear": "lite"})
        assert seen["patient"] == {"id": None, "first_name": "Maja", "last_name": "Lund", **typed}


def test_staff_name_a_patient_by_id(calls: Calls) -> None:
    record = {"first_name": "Maja", "last_name": "Lund", "mobile": "+46701234567", "email": None, "sms_ok": False}
    calls.world.patients.records["a" * 32] = record
    booked = calls.book(STAFF, patient={"id": "a" * 32})
    seen = calls.get(booked["reference"], STAFF)["patient"]
    assert seen == {
        "id": "a" * 32, "first_name": "Maja", "last_name": "Lund", "mobile": "+46701234567", "email": None,
    }  # fmt: skip
    person = KEYS.people.open(calls.events("BookingCreated")[0].data["person"])
    assert (person["patient"], person["sms_ok"]) == ("a" * 32, False)


def test_what_a_record_holds_stands_although_it_could_no_longer_be_typed(calls: Calls) -> None:
    calls.world.patients.records["a" * 32] = {"first_name": "Maja (see evil.example)", "last_name": "Lund"}
    booked = calls.book(STAFF, patient={"id": "a" * 32})
    assert calls.get(booked["reference"], STAFF)["patient"]["first_name"] == "Maja (see evil.example)"
    with pytest.raises(Invalid) as refused:
        calls.book(STAFF, patient={"id": "a" * 32, "last_name": "evil.example"})
    assert list(refused.value.extra["errors"]) == ["patient.last_name"]


def test_a_patient_that_staff_name_must_exist(calls: Calls) -> None:
    with pytest.raises(Invalid) as refused:
        calls.book(STAFF, patient={"id": "b" * 32})
    assert list(refused.value.extra["errors"]) == ["patient.id"]


@pytest.mark.parametrize("fields", [{"minutes": 5}, {"outside_plan": True}, {"patient": {**PATIENT, "id": "a" * 32}}])
def test_patients_cannot_use_what_is_for_staff(calls: Calls, fields: dict[str, Any]) -> None:
    with pytest.raises(Invalid):
        calls.book(**fields)


def test_staff_of_another_clinic_are_refused(calls: Calls) -> None:
    with pytest.raises(Forbidden):
        calls.book(Actor(kind="staff", id="x@y.example", role="administrator", clinic="other"))


def test_therapists_book_in_their_own_calendar_only(calls: Calls) -> None:
    """C1."""
    bo = Actor(kind="staff", id="bo@solna.example", role="therapist", clinic=CLINIC, practitioner="bo")
    assert calls.book(bo)["practitioner"] == "bo"
    with pytest.raises(Forbidden):
        calls.book(bo, practitioner="anna")


def test_an_unknown_clinic_is_not_found(calls: Calls) -> None:
    calls.world.documents.document["clinic"] = "elsewhere"
    with pytest.raises(NotFound):
        calls.book()


def test_c7_staff_hold_any_time_of_any_length_and_book_what_they_hold(calls: Calls) -> None:
    calls.world.change_document(booking={"new": False}, plans=[])
    wanted = {"practitioner": "anna", "minutes": 50, "start": "2026-12-01T03:00:00+01:00"}
    with pytest.raises(SlotNotOffered):
        calls.hold(STAFF, **wanted)
    held = calls.hold(STAFF, **wanted, outside_plan=True)
    assert held["end"] == "2026-12-01T03:50:00+01:00"
    with pytest.raises(SlotHeld):
        calls.hold(STAFF, **wanted, outside_plan=True)
    again = calls.hold(STAFF, **wanted, outside_plan=True, replaces=held["hold"])
    booked = calls.book(STAFF, **wanted, hold=again["hold"])
    assert (booked["practitioner"], booked["end"]) == ("anna", "2026-12-01T03:50:00+01:00")


@pytest.mark.parametrize("fields", [{"minutes": 50}, {"outside_plan": True}])
def test_c7_patients_hold_what_their_type_takes(calls: Calls, fields: dict[str, Any]) -> None:
    with pytest.raises(Invalid) as refused:
        calls.hold(**fields)
    assert list(refused.value.extra["errors"]) == [*fields]


def test_c1_a_therapist_books_nobody_by_id_who_is_not_their_patient(calls: Calls) -> None:
    """Else the booking would make a colleague's patient theirs."""
    bo = Actor(kind="staff", id="bo@solna.example", role="therapist", clinic=CLINIC, practitioner="bo")
    calls.world.patients.records |= {each * 32: {"first_name": "Maja", "last_name": "Lund"} for each in "ab"}
    calls.world.patients.strangers.add("a" * 32)
    with pytest.raises(Forbidden):
        calls.book(bo, patient={"id": "a" * 32})
    assert calls.find(STAFF)["bookings"] == []
    assert calls.book(bo, patient={"id": "b" * 32})["practitioner"] == "bo"
    assert calls.book(STAFF, start=START + timedelta(hours=1), patient={"id": "a" * 32})["status"] == "booked"


def test_c1_therapists_hold_times_of_their_own_calendar_only(calls: Calls) -> None:
    bo = Actor(kind="staff", id="bo@solna.example", role="therapist", clinic=CLINIC, practitioner="bo")
    assert calls.hold(bo)["practitioner"] == "bo"
    with pytest.raises(Forbidden):
        calls.hold(bo, practitioner="anna")
