"""Booking after proving a mobile, and seeing one's own bookings (PRODUCT B14, M7)."""

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import update

from services.booking.handlers.bookings.hashing import hash_typed
from services.booking.store.tables import bookings
from shared.actor import Actor
from shared.contracts.envelope import new_event
from shared.contracts.errors import Invalid, LoginRequired
from shared.storage.database import Database
from tests.builders.booking.world import (
    CLINIC,
    KEYS,
    MAJA,
    MOBILE,
    NOW,
    PATIENT,
    PUBLIC,
    STAFF,
    START,
    World,
    a_contact,
    a_need,
    by_recall,
    logged_in,
)
from tests.integration.booking.calls import Calls

OTHER = "+46709999999"
HALF_HOUR = timedelta(minutes=30)


def without_anonymous_booking(calls: Calls, **changes: Any) -> None:
    """Let the clinic want a login of everybody."""
    calls.world.change_document(booking={"without_login": False, "active": True}, **changes)


def of_patient(calls: Calls, reference: str, patient: str) -> None:
    """Let booking hear whose a booking is."""
    calls.hear(
        new_event(
            "patient", "PatientCreated", clinic=CLINIC, subject=patient, version=1, now=NOW,
            data={"patient": patient, "booking": reference, "person": a_contact()},
            actor={"kind": "patient", "id": None}, correlation_id="c",
        )
    )  # fmt: skip


# Booking (B14)


def test_who_has_proven_a_mobile_books_where_a_login_is_wanted(calls: Calls) -> None:
    """B14: known or not."""
    without_anonymous_booking(calls)
    held = calls.hold(logged_in())
    assert calls.book(logged_in(), hold=held["hold"])["status"] == "booked"


@pytest.mark.parametrize("actor", [PUBLIC, logged_in(clinic="other"), by_recall("1" * 32)])
def test_nobody_else_does(calls: Calls, actor: Actor) -> None:
    without_anonymous_booking(calls)
    for attempt in (calls.hold, calls.book):
        with pytest.raises(LoginRequired):
            attempt(actor)


def test_a_recall_s_link_is_login_enough_for_its_need(calls: Calls) -> None:
    controlled = {"key": "visit", "name": "B", "length": "30m", "needs": {"controlled": True}}
    without_anonymous_booking(calls, types=[controlled])
    calls.hear(a_need())
    assert calls.book(by_recall("1" * 32), patient={**PATIENT, "mobile": "+46709999999"})["status"] == "booked"


@pytest.mark.parametrize("typed", ["070-123 45 67", "+46 70 123 45 67", "0046701234567"])
def test_the_proven_mobile_may_be_written_in_any_way(calls: Calls, typed: str) -> None:
    without_anonymous_booking(calls)
    assert calls.book(logged_in(), patient={**PATIENT, "mobile": typed})["status"] == "booked"


def test_another_mobile_than_the_proven_one_is_invalid(calls: Calls) -> None:
    """Before the login is asked for: fields come first (CONTRACTS 2)."""
    without_anonymous_booking(calls)
    with pytest.raises(Invalid) as refused:
        calls.book(logged_in("+46709999999"))
    assert refused.value.extra["errors"] == {"patient.mobile": ["Use the mobile number that you logged in with."]}


def test_where_no_login_is_wanted_any_mobile_may_be_given(calls: Calls) -> None:
    assert calls.book(logged_in("+46709999999"))["status"] == "booked"


def test_a_clinic_that_asks_for_no_mobile_keeps_the_proven_one(calls: Calls) -> None:
    without_anonymous_booking(calls, details={"mobile": "hidden"})
    patient = {name: value for name, value in PATIENT.items() if name != "mobile"}
    reference = calls.book(logged_in(), patient=patient)["reference"]
    assert calls.get(reference, STAFF)["patient"]["mobile"] == MOBILE


def test_a_mobile_that_is_optional_may_be_left_out(calls: Calls) -> None:
    without_anonymous_booking(calls, details={"mobile": "optional"})
    patient = {name: value for name, value in PATIENT.items() if name != "mobile"}
    reference = calls.book(logged_in(), patient=patient)["reference"]
    assert calls.get(reference, STAFF)["patient"]["mobile"] is None


def test_the_login_goes_to_patient_as_it_was_proven(calls: Calls) -> None:
    """Number and mobile after a login in two steps: patient decides whose they are."""
    identity = {"scheme": "se.personnummer", "number": "191212121212"}
    login = KEYS.people.seal({"mobile": MOBILE, "identity": identity})
    calls.my_bookings(Actor(kind="patient", clinic=CLINIC, login=login))
    assert calls.world.patients.of_login.calls == [{"mobile": MOBILE, "identity": identity}]


# One's own bookings (M7)


def test_a_login_shows_the_patient_s_bookings_and_what_may_be_done(calls: Calls) -> None:
    booked = calls.book(practitioner="anna")
    of_patient(calls, booked["reference"], MAJA)
    stranger = calls.book(practitioner="bo", patient={**PATIENT, "first_name": "Ann", "mobile": OTHER})
    of_patient(calls, stranger["reference"], "b" * 32)
    page = calls.my_bookings(logged_in())
    (own,) = page["bookings"]
    assert (page["next"], own["reference"], own["manage_token"]) == (None, booked["reference"], booked["manage_token"])
    assert own["patient"] == {"first_name": "Maja", "last_name": "Lund"}
    assert own["may"]["cancel"] == {"allowed": True, "until": "2026-11-30T14:00:00+01:00", "reason": None}
    calls.move(own["manage_token"], START + HALF_HOUR)
    assert calls.my_bookings(logged_in())["bookings"][0]["start"] == "2026-12-01T14:30:00+01:00"


def test_bookings_are_shown_from_thirty_days_back_by_start(database: Database) -> None:
    calls = Calls(World(database))
    references = []
    for days in (2, 0, 1):
        references.append(calls.book(start=(START + timedelta(days=days)).isoformat())["reference"])
        of_patient(calls, references[-1], MAJA)
    calls.cancel_as_staff(STAFF, references[2])
    calls.world.now = START + timedelta(days=30)
    first = calls.my_bookings(logged_in(), limit=2)
    second = calls.my_bookings(logged_in(), limit=2, cursor=first["next"])
    shown = [(each["reference"], each["status"]) for each in first["bookings"] + second["bookings"]]
    assert shown == [(references[1], "done"), (references[2], "cancelled"), (references[0], "done")]
    assert second["next"] is None
    calls.world.now += timedelta(seconds=1)
    assert len(calls.my_bookings(logged_in())["bookings"]) == 2


def test_a_telephone_that_several_share_shows_all_of_theirs_and_no_other(calls: Calls) -> None:
    calls.world.patients.of_mobile[MOBILE] = [MAJA, "b" * 32]
    for practitioner, patient in (("anna", MAJA), ("bo", "b" * 32)):
        booked = calls.book(practitioner=practitioner, patient={**PATIENT, "mobile": OTHER})
        of_patient(calls, booked["reference"], patient)
    assert len(calls.my_bookings(logged_in())["bookings"]) == 2
    calls.world.patients.of_mobile[MOBILE] = []
    assert calls.my_bookings(logged_in()) == {"bookings": [], "next": None}


def references(calls: Calls, actor: Actor) -> list[str]:
    return sorted(each["reference"] for each in calls.my_bookings(actor)["bookings"])


def test_b14_a_login_shows_what_was_booked_with_its_own_mobile_whoever_the_record_says_it_is(calls: Calls) -> None:
    """A stranger books first with somebody's number; both bookings are of one record, and each sees their own."""
    calls.world.patients.of_mobile = {}
    planted = calls.book(practitioner="anna", patient={**PATIENT, "mobile": OTHER})["reference"]
    own = calls.book(practitioner="bo")["reference"]
    for reference in (planted, own):
        of_patient(calls, reference, MAJA)
    assert references(calls, logged_in(OTHER)) == [planted]
    assert references(calls, logged_in()) == [own]
    assert references(calls, logged_in("+46701112233")) == []


def test_b14_a_login_in_two_steps_shows_what_was_booked_with_that_number_alone(calls: Calls) -> None:
    calls.world.change_document(identity="se.personnummer")
    calls.world.patients.of_mobile = {}
    numbers = ("191212121212", "198112289874")
    booked = [
        calls.book(practitioner=practitioner, patient={**PATIENT, "national_id": number})["reference"]
        for practitioner, number in zip(("anna", "bo"), numbers, strict=True)
    ]
    for reference, number in zip(booked, numbers, strict=True):
        identity = {"scheme": "se.personnummer", "number": number}
        login = KEYS.people.seal({"mobile": MOBILE, "identity": identity})
        assert references(calls, Actor(kind="patient", clinic=CLINIC, login=login)) == [reference]
    assert references(calls, logged_in()) == sorted(booked)


def test_b14_what_staff_booked_for_a_patient_of_the_records_is_found_by_its_record_alone(calls: Calls) -> None:
    calls.world.patients.of_mobile = {}
    record = {"first_name": "Maja", "last_name": "Lund", "mobile": OTHER, "identity": None, "birth_date": None}
    calls.world.patients.records[MAJA] = record
    of_record = calls.book(STAFF, practitioner="anna", patient={"id": MAJA})["reference"]
    typed = calls.book(STAFF, practitioner="bo", patient={**PATIENT, "mobile": OTHER})["reference"]
    assert references(calls, logged_in(OTHER)) == [typed]
    calls.world.patients.of_mobile = {OTHER: [MAJA]}
    assert references(calls, logged_in(OTHER)) == sorted([of_record, typed])


def test_bookings_of_version_0_1_0_are_found_once_the_service_has_looked_at_them(calls: Calls) -> None:
    calls.world.patients.of_mobile = {}
    reference = calls.book()["reference"]
    with calls.world.work() as store:
        store.connection.execute(update(bookings).values(typed_hash=None))
    assert references(calls, logged_in()) == []
    assert hash_typed(calls.world.desk()) == 1
    assert hash_typed(calls.world.desk()) == 0
    assert references(calls, logged_in()) == [reference]


@pytest.mark.parametrize("actor", [PUBLIC, by_recall("1" * 32), logged_in(clinic="other"), STAFF])
def test_without_a_login_there_are_no_own_bookings(calls: Calls, actor: Actor) -> None:
    with pytest.raises(LoginRequired):
        calls.my_bookings(actor)


@pytest.mark.parametrize("query", [{"limit": 0}, {"cursor": "!"}, {"other": 1}])
def test_a_page_that_makes_no_sense_is_invalid(calls: Calls, query: dict[str, Any]) -> None:
    with pytest.raises(Invalid):
        calls.my_bookings(logged_in(), **query)
