"""The calendar file of an email, read back as a calendar reads it (PRODUCT N1; RFC 5545, RFC 5546)."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from icalendar import Calendar

from services.notification.model.messages import Addressee, Appointment
from services.notification.wording.compose import compose
from shared.clinic.message_keys import BOOKED, CANCELLED, MOVED, RECALL
from tests.builders.notification.addressees import CLINIC_EMAIL, PATIENT_EMAIL, PRACTITIONER_EMAIL
from tests.builders.notification.messages import LINKS, NOW, START, a_clinic, an_appointment, demo_clinics, previously

LEFT = replace(PRACTITIONER_EMAIL, left="anna")


def invitation(
    appointment: Appointment, happened: str, to: Addressee = PATIENT_EMAIL, **clinic: Any
) -> tuple[Any, Any]:
    """Return the calendar and its one event."""
    (file,) = compose(appointment, happened, to, a_clinic(**clinic), LINKS, NOW).attachments
    calendar = Calendar.from_ical(file["content"])
    (event,) = calendar.walk("VEVENT")
    assert file["name"] == "appointment.ics"
    assert file["type"] == f"text/calendar; method={calendar['METHOD']}; charset=utf-8"
    return calendar, event


def test_n1_a_confirmation_is_a_request_with_all_that_itip_requires() -> None:
    calendar, event = invitation(an_appointment(), BOOKED)
    assert calendar["METHOD"] == "REQUEST"
    assert calendar["VERSION"] == "2.0"
    assert event.start == START
    assert event.end == START + timedelta(minutes=45)
    assert event["DTSTAMP"].dt == NOW
    assert event["UID"] == "7K3M9PQR2T@solna.frontdesk"
    assert event["SEQUENCE"] == 0
    assert event["STATUS"] == "CONFIRMED"
    assert event["SUMMARY"] == "Examination, Solna Tandvård"
    assert event["LOCATION"] == "Solna Tandvård, Storgatan 1, Solna"
    assert event["ORGANIZER"] == "mailto:info@solna.example"
    assert event["ATTENDEE"] == "mailto:eva@example.org"
    assert event["ATTENDEE"].params["PARTSTAT"] == "ACCEPTED"
    assert event["URL"].startswith("https://booking.example/m/")
    assert "Come ten minutes early." in event["DESCRIPTION"]


def test_n2_a_move_is_a_request_of_the_same_event_with_a_higher_sequence() -> None:
    later = START + timedelta(days=7)
    _, before = invitation(an_appointment(version=1), BOOKED)
    calendar, after = invitation(an_appointment(version=4, start=later, previous=previously()), MOVED)
    assert calendar["METHOD"] == "REQUEST"
    assert after["UID"] == before["UID"]
    assert after["SEQUENCE"] == 3 > before["SEQUENCE"]
    assert after.start == later


def test_n2_a_cancellation_takes_the_event_out_of_the_calendar() -> None:
    calendar, event = invitation(an_appointment(version=2), CANCELLED)
    assert calendar["METHOD"] == "CANCEL"
    assert event["STATUS"] == "CANCELLED"
    assert event["SEQUENCE"] == 1
    assert "URL" not in event


def test_n2_the_practitioner_whom_a_booking_has_left_gets_a_cancellation() -> None:
    appointment = an_appointment(version=2, practitioner="bo", previous=previously(practitioner="anna"))
    assert invitation(appointment, MOVED, LEFT)[0]["METHOD"] == "CANCEL"
    assert invitation(appointment, MOVED, PRACTITIONER_EMAIL)[0]["METHOD"] == "REQUEST"


def test_n2_who_is_uninvited_from_what_goes_on_is_not_told_that_it_is_cancelled() -> None:
    """RFC 5546, 3.2.5: STATUS is CANCELLED where all of it is, and left out where single attendees are removed."""
    appointment = an_appointment(version=2, practitioner="bo", previous=previously(practitioner="anna"))
    calendar, event = invitation(appointment, MOVED, LEFT)
    assert (calendar["METHOD"], event["ATTENDEE"], event["SEQUENCE"]) == ("CANCEL", "mailto:anna@solna.example", 1)
    assert "STATUS" not in event


def test_n1_the_clinics_own_mail_brings_no_calendar_file() -> None:
    content = compose(an_appointment(), BOOKED, CLINIC_EMAIL, a_clinic(), LINKS, NOW)
    assert content.attachments == ()


def test_r1_a_booked_recall_enters_the_calendar_as_a_booking_does() -> None:
    calendar, event = invitation(an_appointment(person={"code": "7K3M-9QX2"}), RECALL)
    assert (calendar["METHOD"], event["STATUS"], event["SEQUENCE"]) == ("REQUEST", "CONFIRMED", 0)


@pytest.mark.parametrize("name", ["exir", "frenda", "optamed"])
def test_lines_are_folded_at_75_octets_and_end_as_calendars_want_them(name: str) -> None:
    """RFC 5545, 3.1: also where a letter takes two octets, and never in the middle of one."""
    clinic = demo_clinics()[name]
    appointment = an_appointment(
        type=next(iter(clinic.types)), practitioner=next(iter(clinic.practitioners)), language=clinic.languages[0]
    )
    (file,) = compose(appointment, BOOKED, PATIENT_EMAIL, clinic, LINKS, NOW).attachments
    lines = file["content"].encode().split(b"\r\n")
    assert b"\n" not in b"".join(lines)
    assert max(map(len, lines)) <= 75
    for line in lines:
        line.decode()  # would fail on half a letter


def test_n1_a_practitioners_calendar_shows_the_patient_and_leads_to_the_console() -> None:
    _, event = invitation(an_appointment(), BOOKED, PRACTITIONER_EMAIL)
    assert event["SUMMARY"] == "Eva Lind: US internt"
    assert event["URL"] == "https://booking.example/staff/solna/bookings/7K3M9PQR2T"


@pytest.mark.parametrize("start", [datetime(2026, 3, 29, 0, 30, tzinfo=UTC), datetime(2026, 10, 25, 0, 30, tzinfo=UTC)])
def test_s16_times_are_exact_over_a_change_of_the_clock(start: datetime) -> None:
    _, event = invitation(an_appointment(start=start, minutes=120), BOOKED)
    assert (event.start, event.end) == (start, start + timedelta(hours=2))


def test_a_clinic_without_email_address_still_has_an_organizer() -> None:
    _, event = invitation(an_appointment(), BOOKED, contact={"email": None})
    assert event["ORGANIZER"] == "mailto:no-reply@booking.example"


def test_names_with_signs_of_their_own_meaning_in_calendars_survive() -> None:
    person = {"first_name": 'Eva "E"; x', "last_name": "Lind,\\n: y"}
    calendar, event = invitation(an_appointment(person=person), BOOKED, PRACTITIONER_EMAIL)
    assert event["SUMMARY"] == 'Eva "E"; x Lind,\\n: y: US internt'
    assert len(calendar.subcomponents) == 1
