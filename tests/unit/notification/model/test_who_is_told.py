"""Who gets which message, by which channel (PRODUCT N1, N2, B18a)."""

from datetime import timedelta

import pytest

from services.notification.model.messages import Addressee, addressees
from shared.clinic.message_keys import BOOKED, CANCELLED, MOVED
from tests.builders.notification.messages import START, a_clinic, an_appointment, previously


def told(people: list[Addressee]) -> set[tuple[str, str, str]]:
    return {(each.audience, each.channel, each.to) for each in people}


def test_n1_patient_by_sms_and_email_practitioner_and_clinic_by_email_are_told_of_a_booking() -> None:
    assert told(addressees(an_appointment(), BOOKED, a_clinic())) == {
        ("patient", "sms", "+46701740699"),
        ("patient", "email", "eva@example.org"),
        ("practitioner", "email", "anna@solna.example"),
        ("clinic", "email", "info@solna.example"),
    }


@pytest.mark.parametrize("happened", [BOOKED, MOVED, CANCELLED])
def test_n2_each_clinic_sets_the_channels_of_each_message(happened: str) -> None:
    silent = {"booked": [], "moved": [], "cancelled": [], "practitioner": []}
    clinic = a_clinic(channels={**silent, happened: ["sms"]})
    appointment = an_appointment(previous=previously(start=START - timedelta(days=1)))
    assert told(addressees(appointment, happened, clinic)) == {("patient", "sms", "+46701740699")}


def test_n1_a_practitioner_can_be_told_by_sms() -> None:
    clinic = a_clinic(channels={"booked": [], "practitioner": ["sms"]})
    assert told(addressees(an_appointment(practitioner="bo"), BOOKED, clinic)) == {
        ("practitioner", "sms", "+46701740605")
    }
    assert addressees(an_appointment(practitioner="anna"), BOOKED, clinic) == []


@pytest.mark.parametrize(
    ("person", "channels"),
    [
        ({"sms_ok": False}, {"email"}),
        ({"email_ok": False}, {"sms"}),
        ({"sms_ok": False, "email_ok": False}, set()),
        ({"mobile": None}, {"email"}),
        ({"email": None, "email_ok": True}, {"sms"}),
        ({"sms_ok": None, "email_ok": None}, {"sms", "email"}),
    ],
)
def test_b18a_a_patient_is_written_to_only_with_an_address_and_without_a_no(
    person: dict[str, object], channels: set[str]
) -> None:
    people = addressees(an_appointment(person=person), BOOKED, a_clinic())
    assert {each.channel for each in people if each.audience == "patient"} == channels


def test_n2_when_the_practitioner_changes_the_old_and_the_new_one_are_told() -> None:
    appointment = an_appointment(practitioner="bo", previous=previously(practitioner="anna"))
    practitioners = {
        each.to: each.left for each in addressees(appointment, MOVED, a_clinic()) if each.audience == "practitioner"
    }
    assert practitioners == {"bo@solna.example": None, "anna@solna.example": "anna"}


@pytest.mark.parametrize(
    "before", [{"start": START - timedelta(hours=1)}, {"practitioner": "bo"}, {"type": "scaling"}, {"minutes": 30}]
)
def test_n2_a_change_of_time_practitioner_type_or_length_is_told(before: dict[str, object]) -> None:
    assert addressees(an_appointment(previous=previously(**before)), MOVED, a_clinic())


def test_n2_another_room_is_nobodys_news() -> None:
    assert addressees(an_appointment(previous=previously(resources=["room-1"])), MOVED, a_clinic()) == []


def test_two_practitioners_with_one_address_get_one_message() -> None:
    shared_address = [
        {"key": "anna", "name": "Anna", "email": "desk@solna.example"},
        {"key": "bo", "name": "Bo", "email": "desk@solna.example"},
    ]
    appointment = an_appointment(practitioner="bo", previous=previously(practitioner="anna"))
    people = addressees(appointment, MOVED, a_clinic(practitioners=shared_address))
    assert [each.left for each in people if each.audience == "practitioner"] == [None]


def test_a_practitioner_who_left_the_clinic_meanwhile_is_not_told() -> None:
    people = addressees(an_appointment(practitioner="gone"), BOOKED, a_clinic())
    assert {each.audience for each in people} == {"patient", "clinic"}
