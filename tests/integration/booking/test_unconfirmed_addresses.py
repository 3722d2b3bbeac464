"""What staff book for somebody whose record the web has brought (CONTRACTS 1, Patients)."""

from dataclasses import replace
from typing import Any

import pytest

from shared.contracts.envelope import Event, new_event
from shared.contracts.errors import Invalid
from shared.contracts.patient import PATIENT_UPDATED
from tests.builders.booking.world import CLINIC, KEYS, MAJA, MOBILE, NOW, PATIENT, STAFF
from tests.integration.booking.calls import Calls

OTHER = "+46709999999"
RECORD = {
    "first_name": "Maja", "last_name": "Lund", "mobile": OTHER, "email": "other@example.org", "sms_ok": True,
    "email_ok": True, "identity": None, "birth_date": "1912-12-12",
}  # fmt: skip


@pytest.fixture
def brought(calls: Calls) -> Calls:
    """Return calls in a clinic that knows Maja by what somebody has typed on the web."""
    calls.world.patients.records[MAJA] = {**RECORD, "mobile_confirmed": False, "email_confirmed": False}
    return calls


def doubted(calls: Calls) -> Any:
    """Return what of a booking's addresses its newest event says to be unconfirmed."""
    person: dict[str, Any] = KEYS.people.open(calls.events("BookingCreated", "BookingChanged")[-1].data["person"])
    return person["unconfirmed"]


def record_told(*unconfirmed: str, kind: str = "staff", booking: str | None = None) -> Event:
    """Return what patient tells of Maja's record."""
    person = {name: RECORD[name] for name in ("first_name", "last_name", "mobile", "email", "sms_ok", "email_ok")}
    sealed = KEYS.people.seal({**person, "unconfirmed": unconfirmed})
    return new_event(
        "patient", PATIENT_UPDATED, clinic=CLINIC, subject=MAJA, version=2, now=NOW, actor={"kind": kind, "id": "a"},
        data={"patient": MAJA, "booking": booking, "sms_reminder": True, "person": sealed}, correlation_id="c",
    )  # fmt: skip


def test_what_comes_from_the_record_stays_in_doubt_and_staff_are_told(brought: Calls) -> None:
    made = brought.book(STAFF, patient={"id": MAJA})
    assert made["unconfirmed"] == ["mobile", "email"]
    assert doubted(brought) == ["mobile", "email"]


def test_what_staff_type_for_this_time_is_their_word(brought: Calls) -> None:
    made = brought.book(STAFF, patient={"id": MAJA, "mobile": "070-123 45 67"})
    assert made["unconfirmed"] == doubted(brought) == ["email"]


def test_staff_who_send_the_record_s_own_back_have_not_confirmed_it(brought: Calls) -> None:
    assert brought.book(STAFF, patient={"id": MAJA, "mobile": "070-999 99 99"})["unconfirmed"] == ["mobile", "email"]


def test_staff_confirm_as_they_book(brought: Calls) -> None:
    made = brought.book(STAFF, practitioner="bo", patient={"id": MAJA}, confirm=["mobile"])
    assert made["unconfirmed"] == doubted(brought) == ["email"]
    assert brought.world.patients.update.calls == [{"confirm": ["mobile"]}]
    assert brought.recall(patient=MAJA, confirm=["mobile", "email"])["unconfirmed"] == []
    assert brought.world.patients.update.calls[1:] == [{"confirm": ["email"]}]
    assert doubted(brought) == []


@pytest.mark.parametrize("other", [{"mobile": "070-123 45 67"}, {"mobile": "07"}, {"email": "maja@example.org"}])
def test_who_types_another_address_has_not_confirmed_the_record_s(brought: Calls, other: dict[str, str]) -> None:
    """Staff who ask for the mobile, type it and confirm it mean that one, and not the one that a stranger brought."""
    with pytest.raises(Invalid) as refused:
        brought.book(STAFF, patient={"id": MAJA, **other}, confirm=[*other])
    assert list(refused.value.extra["errors"]) == ["confirm"]
    assert brought.world.patients.update.calls == []


def test_the_record_s_own_may_stand_beside_what_confirms_it(brought: Calls) -> None:
    patient = {"id": MAJA, "mobile": "070-999 99 99", "email": "Other@example.org"}
    assert brought.book(STAFF, patient=patient, confirm=["mobile", "email"])["unconfirmed"] == []


def test_only_mobile_and_email_are_confirmed(brought: Calls) -> None:
    with pytest.raises(Invalid) as refused:
        brought.book(STAFF, patient={"id": MAJA}, confirm=["name"])
    assert list(refused.value.extra["errors"]) == ["confirm.0"]
    with pytest.raises(Invalid) as refused:
        brought.book(STAFF, confirm=["mobile"])
    assert list(refused.value.extra["errors"]) == ["confirm"]


def test_a_booking_on_the_web_serves_itself_whatever_the_record_says(brought: Calls) -> None:
    answer = brought.book(patient={**PATIENT, "mobile": MOBILE})
    assert "unconfirmed" not in answer
    assert doubted(brought) == []


def test_a_booking_of_staff_follows_what_they_confirm_afterwards(brought: Calls) -> None:
    reference = brought.book(STAFF, patient={"id": MAJA})["reference"]
    brought.hear(record_told("mobile", kind="patient"))
    assert doubted(brought) == ["mobile", "email"], "patients confirm nothing"
    brought.hear(record_told("email"))
    (changed,) = brought.events("BookingChanged")
    assert (changed.subject, changed.subject_version, changed.data["previous"]) == (reference, 2, None)
    assert doubted(brought) == ["email"]
    brought.hear(record_told("email"))
    assert len(brought.events("BookingChanged")) == 1, "the same news changes nothing"


def test_what_differs_is_noted_also_of_a_booking_that_changes_by_the_same_news(brought: Calls) -> None:
    """Staff confirm the record's mobile and give it another email; S8 shows where messages do not go."""
    reference = brought.book(STAFF, patient={"id": MAJA})["reference"]
    told = record_told()
    person = {**KEYS.people.open(told.data["person"]), "email": "new@example.org"}
    brought.hear(replace(told, data={**told.data, "person": KEYS.people.seal(person)}))
    assert doubted(brought) == []
    assert brought.get(reference, STAFF)["contact_differs"] == ["email"]


def test_bookings_of_version_0_1_0_learn_what_of_their_record_is_in_doubt(calls: Calls) -> None:
    calls.world.patients.records[MAJA] = dict(RECORD)
    of_record = calls.book(STAFF, practitioner="anna", patient={"id": MAJA})["reference"]
    typed = calls.book(STAFF, practitioner="bo", patient={**PATIENT, "mobile": OTHER})["reference"]
    calls.hear(record_told(booking=typed, kind="patient"))
    calls.hear(record_told("mobile", "email"))
    assert [event.subject for event in calls.events("BookingChanged")] == [of_record], "what staff typed is their word"
    assert doubted(calls) == ["mobile", "email"]


def test_an_event_that_comes_again_takes_nothing_back(brought: Calls) -> None:
    """An embedded installation publishes at each start what it has of the last days."""
    brought.book(STAFF, patient={"id": MAJA})
    first, second = record_told("email"), record_told()
    for event in (first, second, first, second):
        brought.hear(event)
    assert doubted(brought) == []
    assert len(brought.events("BookingChanged")) == 2


def test_what_a_process_of_version_0_1_0_tells_confirms_nothing(brought: Calls) -> None:
    brought.book(STAFF, patient={"id": MAJA})
    told = record_told()
    person = {name: value for name, value in KEYS.people.open(told.data["person"]).items() if name != "unconfirmed"}
    brought.hear(replace(told, data={**told.data, "person": KEYS.people.seal(person)}))
    assert doubted(brought) == ["mobile", "email"]


def test_what_the_web_says_of_messages_to_another_address_is_not_said_of_this_one(brought: Calls) -> None:
    brought.world.patients.records[MAJA] |= {"sms_ok": False, "email_ok": False}
    brought.book(STAFF, patient={"id": MAJA, "mobile": "070-123 45 67"})
    person = KEYS.people.open(brought.events("BookingCreated")[-1].data["person"])
    assert (person["sms_ok"], person["email_ok"], person["unconfirmed"]) == (True, False, ["email"])
