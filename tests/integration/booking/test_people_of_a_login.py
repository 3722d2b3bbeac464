"""Who has logged in, or comes by a recall, books without typing who it is (PRODUCT B22)."""

from typing import Any

import pytest

from shared.contracts.errors import Invalid, LoginRequired
from tests.builders.booking.world import CLINIC, KEYS, MAJA, MOBILE, PUBLIC, STAFF, by_recall, logged_in
from tests.integration.booking.calls import Calls

NUMBER = {"scheme": "se.personnummer", "number": "191212121212"}
RECORD = {
    "first_name": "Maja", "last_name": "Lund", "mobile": MOBILE, "email": None, "sms_ok": False, "email_ok": None,
    "identity": NUMBER, "birth_date": "1912-12-12",
}  # fmt: skip


@pytest.fixture
def known(calls: Calls) -> Calls:
    """Return calls in a clinic that asks for numbers and knows Maja with her mobile."""
    calls.world.change_document(identity="se.personnummer", details={"email": "optional"})
    calls.world.patients.records[MAJA] = dict(RECORD)
    return calls


def booked(calls: Calls) -> dict[str, Any]:
    """Return the person of the newest booking."""
    person: dict[str, Any] = KEYS.people.open(calls.events("BookingCreated")[-1].data["person"])
    return person


def refused(calls: Calls, **patient: Any) -> dict[str, list[str]]:
    """Book, and return what is wrong."""
    with pytest.raises(Invalid) as wrong:
        calls.book(logged_in(), patient=patient)
    errors: dict[str, list[str]] = wrong.value.extra["errors"]
    return errors


def test_b22_whoever_has_logged_in_types_nothing_that_the_clinic_has(known: Calls) -> None:
    reference = known.book(logged_in(), patient={"person": MAJA})["reference"]
    person = booked(known)
    assert {name: person[name] for name in ("first_name", "last_name", "mobile", "identity", "birth_date")} == {
        name: RECORD[name] for name in ("first_name", "last_name", "mobile", "identity", "birth_date")
    }
    assert (person["patient"], person["unconfirmed"], person["sms_ok"]) == (MAJA, [], False)
    assert known.world.patients.person.calls == [{"person": MAJA, "mobile": MOBILE, "identity": None}]
    shown = known.get(reference, STAFF)
    assert (shown["origin"], shown["patient"]["id"]) == ("web", MAJA)
    (own,) = known.my_bookings(logged_in())["bookings"]
    assert own["reference"] == reference


def test_what_they_do_type_serves_the_booking(known: Calls) -> None:
    known.book(logged_in(), patient={"person": MAJA, "email": "new@example.org", "sms_ok": True})
    person = booked(known)
    assert (person["email"], person["email_ok"], person["sms_ok"]) == ("new@example.org", True, True)


def test_who_the_person_is_cannot_be_typed_otherwise(known: Calls) -> None:
    assert refused(known, person=MAJA, first_name="Eve", national_id="19121212-1212").keys() == {
        "patient.first_name", "patient.national_id",
    }  # fmt: skip


def test_another_telephone_s_people_are_nobody_of_theirs(known: Calls) -> None:
    assert refused(known, person="b" * 32).keys() == {"patient.person"}
    with pytest.raises(Invalid):
        known.book(logged_in("+46709999999"), patient={"person": MAJA})
    assert refused(known, person="x").keys() == {"patient.person"}


def test_b22_who_comes_by_a_recall_books_for_whose_it_is(known: Calls) -> None:
    known.world.patients.of_need["1" * 32] = MAJA
    known.book(by_recall("1" * 32), patient={"person": MAJA})
    assert known.world.patients.person.calls == [{"person": MAJA, "need": "1" * 32}]
    assert booked(known)["patient"] == MAJA
    with pytest.raises(Invalid):
        known.book(by_recall("2" * 32), patient={"person": MAJA})


def test_without_a_proof_for_this_clinic_there_are_no_people(known: Calls) -> None:
    for actor in (PUBLIC, logged_in(clinic="other")):
        with pytest.raises(LoginRequired):
            known.book(actor, patient={"person": MAJA})
    assert known.world.patients.person.calls == []


def test_staff_name_patients_by_id(known: Calls) -> None:
    with pytest.raises(Invalid):
        known.by(STAFF).book(CLINIC, type="visit", start="2026-12-01T14:00:00+01:00", patient={"person": MAJA})
