"""Who hears of what, and how, at each of the five demo clinics (PRODUCT N1, N2; the clinics' manuals)."""

import pytest

from services.notification.model.messages import addressees
from shared.clinic.message_keys import BOOKED, CANCELLED, MOVED
from tests.builders.notification.messages import START, a_clinic, an_appointment, demo_clinics, previously

SMS, EMAIL, BOTH = {"sms"}, {"email"}, {"sms", "email"}
TO_PATIENT = {
    "exir": {BOOKED: SMS, MOVED: SMS, CANCELLED: SMS},
    "optamed": {BOOKED: EMAIL, MOVED: EMAIL, CANCELLED: EMAIL},
    "frenda": {BOOKED: BOTH, MOVED: BOTH, CANCELLED: BOTH},
}


@pytest.mark.parametrize("happened", [BOOKED, MOVED, CANCELLED])
@pytest.mark.parametrize("name", sorted(TO_PATIENT))
def test_n2_patients_hear_by_the_channels_that_the_manual_names(name: str, happened: str) -> None:
    clinic = demo_clinics()[name]
    key = next(iter(clinic.practitioners))
    appointment = an_appointment(practitioner=key, previous=previously(practitioner=key, minutes=30))
    found = {each.channel for each in addressees(appointment, happened, clinic) if each.audience == "patient"}
    assert found == TO_PATIENT[name][happened]


@pytest.mark.parametrize("happened", [BOOKED, MOVED, CANCELLED])
@pytest.mark.parametrize("name", ["aldente", "exir", "frenda", "norsk", "optamed"])
def test_n1_practitioner_and_clinic_hear_of_everything_by_email(name: str, happened: str) -> None:
    clinic = demo_clinics()[name]
    key, practitioner = next(iter(clinic.practitioners.items()))
    appointment = an_appointment(practitioner=key, previous=previously(practitioner=key, minutes=30))
    told = {each.to for each in addressees(appointment, happened, clinic) if each.audience != "patient"}
    assert told == {practitioner.email, clinic.email}
    assert None not in told


def test_n1_where_practitioner_and_clinic_share_an_address_it_gets_the_practitioners_message_only() -> None:
    clinic = a_clinic(contact={"email": "Anna@Solna.example"})
    people = [each for each in addressees(an_appointment(), BOOKED, clinic) if each.audience != "patient"]
    assert [(each.audience, each.to) for each in people] == [("practitioner", "anna@solna.example")]


def test_n2_a_former_practitioner_who_reads_the_clinics_mail_is_told_that_the_booking_left() -> None:
    clinic = a_clinic(contact={"email": "anna@solna.example"})
    moved = an_appointment(start=START, practitioner="bo", previous=previously(practitioner="anna"))
    told = {each.to: each.left for each in addressees(moved, MOVED, clinic) if each.audience != "patient"}
    assert told == {"bo@solna.example": None, "anna@solna.example": "anna"}


def test_n1_a_clinic_that_tells_practitioners_by_sms_only_gets_no_email_itself() -> None:
    people = addressees(an_appointment(), BOOKED, a_clinic(channels={"practitioner": ["sms"]}))
    assert "clinic" not in {each.audience for each in people}
