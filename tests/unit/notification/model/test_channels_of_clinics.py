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
    person = {"mobile": "+989123456789"} if name == "exir" else {}
    appointment = an_appointment(person=person, practitioner=key, previous=previously(practitioner=key, minutes=30))
    found = {each.channel for each in addressees(appointment, happened, clinic) if each.audience == "patient"}
    assert found == TO_PATIENT[name][happened]


NO_SMS_TO = ["+989123456789", "+4684650041", "+979123456789", "+881612345678", "+46900123456", "+18764101234"]


@pytest.mark.parametrize("number", NO_SMS_TO)
def test_no_sms_is_written_to_what_is_no_mobile_of_the_clinics_countries_whoever_noted_it(number: str) -> None:
    clinic = a_clinic(channels={"booked": ["sms", "email"], "practitioner": ["sms", "email"]})
    appointment = an_appointment(person={"mobile": number}, origin="staff")
    assert {each.channel for each in addressees(appointment, BOOKED, clinic) if each.audience == "patient"} == EMAIL
    practitioners = [{"key": "anna", "name": "Anna", "email": "anna@solna.example", "phone": number}]
    told = addressees(
        an_appointment(), BOOKED, a_clinic(channels={"practitioner": ["sms", "email"]}, practitioners=practitioners)
    )
    assert {each.channel for each in told if each.audience == "practitioner"} == EMAIL


def test_a_clinic_may_send_sms_to_countries_of_its_own_choice() -> None:
    abroad = an_appointment(person={"mobile": "+989123456789"})
    clinic = a_clinic(sms_countries=["SE", "IR"])
    assert {each.channel for each in addressees(abroad, BOOKED, clinic) if each.audience == "patient"} == BOTH
    at_home = addressees(an_appointment(), BOOKED, a_clinic(sms_countries=["NO"]))
    assert {each.channel for each in at_home if each.audience == "patient"} == EMAIL


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
