"""What messages say, in every language, with the right link (PRODUCT N1, N4, M1)."""

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest

from services.notification.model.clinic import Clinic
from services.notification.model.messages import Addressee, addressees, person_addressed
from services.notification.model.segments import segments_of
from services.notification.model.told import Addressed
from services.notification.wording.calls import CallToBook, compose_call, compose_code
from services.notification.wording.compose import compose, compose_each
from shared.clinic.message_keys import BOOKED, CANCELLED, CHOOSE_AGAIN, MOVED, RECALL, REMINDER
from shared.links import token_opens
from shared.texts.language import LANGUAGES
from tests.builders.notification.addressees import PATIENT_EMAIL, PATIENT_SMS, PRACTITIONER_EMAIL, TOKEN, said
from tests.builders.notification.messages import (
    LINKS,
    NOW,
    PERSON,
    START,
    a_clinic,
    a_document,
    an_appointment,
    demo_clinics,
    previously,
)


def test_n1_a_confirmation_says_when_where_how_long_what_with_whom_and_the_clinics_texts() -> None:
    content = compose(an_appointment(language="sv"), BOOKED, PATIENT_EMAIL, a_clinic(), LINKS, NOW)
    for fact in (
        "tisdag 1 december 2026", "14:00", "45 min", "Solna Tandvård", "Storgatan 1, Solna", "+46 8 123 45 67",
        "Undersökning", "Anna Berg", "Kom tio minuter före.", f"https://booking.example/m/{TOKEN}",
    ):  # fmt: skip
        assert fact in content.text.replace("\u00a0", " "), fact


@pytest.mark.parametrize("language", ["en", "sv", "nb", "da", "fr"])
def test_n4_no_sign_of_ours_makes_an_sms_dearer_than_it_is(language: str) -> None:
    clinic = a_clinic(languages=list(dict.fromkeys(["sv", "en", language])))
    before = previously(start=START - timedelta(days=1), practitioner="bo")
    for happened in (BOOKED, MOVED, CANCELLED, CHOOSE_AGAIN, REMINDER, RECALL):
        appointment = an_appointment(language=language, previous=before, person={"code": "7K3M-9QX2"})
        text = compose(appointment, happened, PATIENT_SMS, clinic, LINKS, NOW).text
        assert segments_of(text).encoding == "GSM-7", text
    person = person_addressed(Addressed.read(PERSON))
    call = CallToBook("f" * 32, "exam", "anna", 30, "2026-W49", date(2026, 12, 20), language, person, "7K3M-9QX2")
    for text in (
        compose_call(call, PATIENT_SMS, clinic, LINKS).text,
        compose_code("471108", "", language, clinic).text,
    ):
        assert segments_of(text).encoding == "GSM-7", text


def test_n1_an_email_also_names_price_info_and_reference_in_text_and_html() -> None:
    content = compose(an_appointment(language="sv"), BOOKED, PATIENT_EMAIL, a_clinic(), LINKS, NOW)
    for part in (content.text, content.html or ""):
        for fact in ("995\u00a0kr", "Ta med kortet.", "7K3M9PQR2T", "Tandläkare", "Eva"):
            assert fact in part, fact


def test_r1_the_way_by_code_stands_below_the_link_that_it_stands_in_for() -> None:
    booked = an_appointment(language="sv", person={"code": "7K3M-9QX2"})
    person = person_addressed(Addressed.read(PERSON))
    call = CallToBook("f" * 32, "exam", "anna", 30, "2026-W49", date(2026, 12, 20), "sv", person, "7K3M-9QX2")
    for content in (
        compose(booked, RECALL, PATIENT_EMAIL, a_clinic(), LINKS, NOW),
        compose_call(call, PATIENT_EMAIL, a_clinic(), LINKS),
    ):
        for part in (content.text, content.html or ""):
            _, link, below = part.partition("https://booking.example/m/")
            assert link
            assert "Om länken inte fungerar: öppna https://booking.example/recall och fyll i koden 7K3M-9QX2." in below


def test_b21_emails_to_patients_say_what_to_bring_while_the_appointment_stands() -> None:
    line = "Ta med: Röntgenbilder"
    counts = {BOOKED: 1, MOVED: 1, REMINDER: 1, RECALL: 1, CANCELLED: 0, CHOOSE_AGAIN: 0}
    for happened, count in counts.items():
        appointment = an_appointment(language="sv", previous=previously(), person={"code": "7K3M-9QX2"})
        to_patient = compose(appointment, happened, PATIENT_EMAIL, a_clinic(), LINKS, NOW)
        assert to_patient.text.count(line) == count, happened
        assert (to_patient.html or "").count("Röntgenbilder") == count, happened
    to_practitioner = compose(an_appointment(language="sv"), BOOKED, PRACTITIONER_EMAIL, a_clinic(), LINKS, NOW)
    assert "Röntgenbilder" not in said(to_practitioner)


def test_b21_a_document_that_version_0_1_0_stored_says_nothing_to_bring() -> None:
    document = a_document()
    for kind in document["types"]:
        del kind["bring"]
    content = compose(an_appointment(language="sv"), BOOKED, PATIENT_EMAIL, Clinic.from_document(document), LINKS, NOW)
    assert "Ta med:" not in content.text


def test_s12_patients_read_the_alias_and_practitioners_the_internal_name() -> None:
    to_patient = said(compose(an_appointment(language="sv"), BOOKED, PATIENT_EMAIL, a_clinic(), LINKS, NOW))
    to_practitioner = said(compose(an_appointment(language="en"), BOOKED, PRACTITIONER_EMAIL, a_clinic(), LINKS, NOW))
    assert "Undersökning" in to_patient
    assert "US internt" not in to_patient
    assert "US internt" in to_practitioner


def test_what_the_patient_wrote_to_the_clinic_is_not_put_into_what_the_patient_gets() -> None:
    assert "needles" not in said(compose(an_appointment(), BOOKED, PATIENT_EMAIL, a_clinic(), LINKS, NOW))


def test_a_clinic_can_keep_the_type_out_of_sms() -> None:
    clinic = a_clinic(privacy={"sms_type": False})
    before = previously(type="scaling")
    for happened in (BOOKED, MOVED, CANCELLED, REMINDER, RECALL):
        text = compose(an_appointment(previous=before), happened, PATIENT_SMS, clinic, LINKS, NOW).text
        assert "Examination" not in text
        assert "Scaling" not in text
        assert "Anna Berg" in text
    person = person_addressed(Addressed.read(PERSON))
    call = CallToBook("f" * 32, "exam", "anna", 30, "2026-W49", date(2026, 12, 20), "en", person, "7K3M-9QX2")
    assert "Examination" not in compose_call(call, PATIENT_SMS, clinic, LINKS).text
    assert "Examination" in compose(an_appointment(), BOOKED, PATIENT_EMAIL, clinic, LINKS, NOW).text


@pytest.mark.parametrize(
    ("changeable", "booking", "there"),
    [
        (True, {"active": True}, True),
        (True, {"active": True, "rebook": False}, True),
        (True, {"active": True, "cancel": False}, True),
        (True, {"active": True, "rebook": False, "cancel": False}, False),
        (True, {"active": False}, False),
        (False, {"active": True}, False),
    ],
)
def test_m1_the_link_is_there_only_where_something_may_be_changed_by_it(
    changeable: bool, booking: dict[str, bool], there: bool
) -> None:
    for to in (PATIENT_EMAIL, PATIENT_SMS):
        content = compose(an_appointment(changeable=changeable), BOOKED, to, a_clinic(booking=booking), LINKS, NOW)
        assert ("/m/" in said(content)) is there
        assert all(("/m/" in each["content"]) is there for each in content.attachments)


def test_m1_the_link_opens_the_booking_of_its_epoch() -> None:
    content = compose(an_appointment(epoch=3), BOOKED, PATIENT_SMS, a_clinic(), LINKS, NOW)
    assert token_opens(["link key"], content.text.rpartition("/m/")[2], "7K3M9PQR2T", 3)


@pytest.mark.parametrize(
    ("booking", "label"),
    [
        ({"active": True}, "Move or cancel your appointment"),
        ({"active": True, "cancel": False}, "Move your appointment"),
        ({"active": True, "rebook": False}, "Cancel your appointment"),
    ],
)
def test_b1_the_link_names_only_the_functions_that_are_on(booking: dict[str, bool], label: str) -> None:
    content = compose(an_appointment(), BOOKED, PATIENT_EMAIL, a_clinic(booking=booking), LINKS, NOW)
    assert f"{label}: https" in content.text


def test_n2_a_move_tells_what_was_before() -> None:
    before = previously(start=START - timedelta(days=1), practitioner="bo", type="scaling")
    text = compose(an_appointment(previous=before), MOVED, PATIENT_EMAIL, a_clinic(), LINKS, NOW).text
    assert "Your appointment has been changed." in text
    assert "Before the change: Monday 30 November 2026 at 14:00, Scaling, Bo Ek" in text


def test_n2_a_cancellation_holds_no_link_to_change_anything() -> None:
    content = compose(an_appointment(), CANCELLED, PATIENT_EMAIL, a_clinic(), LINKS, NOW)
    assert "Your appointment has been cancelled." in content.text
    assert "/m/" not in said(content)


@pytest.mark.parametrize("to", [PATIENT_EMAIL, PATIENT_SMS])
def test_n2_b15_a_cancellation_leads_to_a_new_time_of_the_same_type(to: Addressee) -> None:
    said_of_it = said(compose(an_appointment(), CANCELLED, to, a_clinic(), LINKS, NOW))
    assert "https://booking.example/solna?type=exam" in said_of_it
    assert "Book a new appointment" in said_of_it or to.channel == "sms"


def test_b1_a_cancellation_leads_nowhere_where_patients_book_nothing_themselves() -> None:
    for booking in ({"active": False}, {"active": True, "new": False}):
        content = compose(an_appointment(), CANCELLED, PATIENT_EMAIL, a_clinic(booking=booking), LINKS, NOW)
        assert "https://booking.example" not in said(content)


def test_a_cancelled_type_that_is_gone_leads_to_all_that_can_be_booked() -> None:
    text = compose(an_appointment(type="gone"), CANCELLED, PATIENT_SMS, a_clinic(), LINKS, NOW).text
    assert "https://booking.example/solna\n" in f"{text}\n"


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("happened", [BOOKED, MOVED, CANCELLED, CHOOSE_AGAIN])
def test_every_message_is_whole_in_every_language(language: str, happened: str) -> None:
    clinic = a_clinic(
        languages=[language], texts={"confirmation": None}, types=[{"key": "exam", "name": "X", "length": "45m"}]
    )
    appointment = an_appointment(language=language, previous=previously(practitioner="bo"))
    for to in addressees(appointment, happened, clinic):
        content = compose(appointment, happened, to, clinic, LINKS, NOW)
        assert "%(" not in said(content)
        assert "None" not in said(content)
        assert to.channel == "sms" or f'lang="{language}"' in (content.html or "")


@pytest.mark.parametrize("name", ["frenda", "exir", "optamed", "aldente", "norsk"])
def test_the_demo_clinics_write_in_their_own_language(name: str) -> None:
    clinic = demo_clinics()[name]
    appointment = an_appointment(
        language=clinic.languages[0], type=next(iter(clinic.types)), practitioner=next(iter(clinic.practitioners))
    )
    english = compose(
        an_appointment(language="en", type=appointment.type, practitioner=appointment.practitioner),
        BOOKED, PATIENT_EMAIL, clinic, LINKS, NOW,
    )  # fmt: skip
    own = compose(appointment, BOOKED, PATIENT_EMAIL, clinic, LINKS, NOW)
    assert own.text != english.text
    assert "Your appointment is booked." in english.text


def test_persian_messages_run_from_right_to_left_with_jalali_dates_and_readable_numbers() -> None:
    clinic = demo_clinics()["exir"]
    appointment = an_appointment(language="fa", type=next(iter(clinic.types)), practitioner="parsa")
    content = compose(appointment, BOOKED, PATIENT_EMAIL, clinic, LINKS, NOW)
    assert '<html lang="fa" dir="rtl">' in (content.html or "")
    assert "سه‌شنبه ۱۰ آذر ۱۴۰۵" in content.text
    assert "۱۶:۳۰–۱۷:۱۵" in content.text
    assert "\u2066+98 21 8877 6655\u2069" in content.text
    assert "\u20667K3M9PQR2T\u2069" in content.text


def test_a_language_that_the_interface_lacks_becomes_the_clinics_first() -> None:
    text = compose(an_appointment(language="de"), BOOKED, PATIENT_SMS, a_clinic(), LINKS, NOW).text
    assert "Din tid är bokad." in text


def test_html_shows_names_as_text() -> None:
    person = {"first_name": "<b>Eva</b>", "last_name": "& co"}
    for to in (PATIENT_EMAIL, PRACTITIONER_EMAIL):
        html = compose(an_appointment(person=person), BOOKED, to, a_clinic(), LINKS, NOW).html or ""
        assert "<b>Eva" not in html
        assert "&lt;b&gt;Eva" in html


def test_a_type_that_was_removed_meanwhile_still_gives_a_message() -> None:
    content = compose(an_appointment(type="gone"), CANCELLED, PATIENT_EMAIL, a_clinic(), LINKS, NOW)
    assert "Your appointment has been cancelled." in content.text


@pytest.mark.parametrize("privacy", [None, {"sms_type": False}, {"practitioner": "brief"}], ids=str)
def test_n1_who_is_told_with_others_reads_what_they_would_read_alone(
    privacy: dict[str, Any] | None,
) -> None:
    clinic = a_clinic(privacy=privacy)
    moved = an_appointment(version=2, practitioner="bo", previous=previously(practitioner="anna"))
    told = [
        (appointment, Addressee(audience, channel, to, to, left))
        for appointment in (moved, replace(moved, former=None))
        for audience, left in (("patient", None), ("practitioner", None), ("practitioner", "anna"), ("clinic", None))
        for channel, to in (("sms", "+46701740699"), ("email", "eva@example.org"))
    ]
    alone = [compose(appointment, MOVED, to, clinic, LINKS, NOW) for appointment, to in told]
    assert list(compose_each(told, MOVED, clinic, LINKS, NOW)) == alone
    assert len(set(map(repr, alone))) > len(alone) / 2
