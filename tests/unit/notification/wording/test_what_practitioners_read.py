"""What a clinic's own people read of a booking, and the way to it in the console (PRODUCT N1, N2)."""

import re
from dataclasses import replace
from datetime import timedelta

import pytest

from services.notification.model.messages import Addressee
from services.notification.model.segments import segments_of
from services.notification.wording.compose import compose
from shared.clinic.message_keys import BOOKED, CANCELLED, MOVED
from tests.builders.notification.addressees import CLINIC_EMAIL, PATIENT_EMAIL, PRACTITIONER_EMAIL, TOKEN, said
from tests.builders.notification.messages import LINKS, NOW, START, a_clinic, an_appointment, previously

IN_CONSOLE = "https://booking.example/staff/solna/bookings/7K3M9PQR2T"
LINKS_IN = re.compile(r"https://booking\.example/[^\s\"<]*")


def test_n1_a_practitioners_message_is_in_the_clinics_language() -> None:
    content = compose(an_appointment(language="fr"), BOOKED, PRACTITIONER_EMAIL, a_clinic(), LINKS, NOW)
    assert content.subject == "Ny bokning: Eva Lind, tisdag 1 december 2026 kl. 14:00"


@pytest.mark.parametrize("happened", [BOOKED, MOVED, CANCELLED])
@pytest.mark.parametrize("to", [PRACTITIONER_EMAIL, CLINIC_EMAIL], ids=["practitioner", "clinic"])
def test_n1_the_clinics_own_people_are_led_to_the_booking_in_the_console_by_no_token(
    happened: str, to: Addressee
) -> None:
    content = compose(an_appointment(previous=previously(practitioner="bo")), happened, to, a_clinic(), LINKS, NOW)
    assert f"Öppna bokningen: {IN_CONSOLE}\n" in content.text
    assert f'href="{IN_CONSOLE}"' in (content.html or "")
    assert LINKS_IN.findall(said(content)) == [IN_CONSOLE] * 2, "and nowhere else"
    assert TOKEN not in said(content)


def test_n1_a_practitioner_whom_the_booking_has_left_is_led_nowhere() -> None:
    left = replace(PRACTITIONER_EMAIL, left="anna")
    appointment = an_appointment(practitioner="bo", previous=previously(practitioner="anna"))
    assert not LINKS_IN.findall(said(compose(appointment, MOVED, left, a_clinic(), LINKS, NOW)))


def test_n1_a_practitioners_sms_says_the_way_to_the_console_where_there_is_room() -> None:
    to = Addressee("practitioner", "sms", "+46701740605", "Bo Ek")
    short = compose(an_appointment(), BOOKED, to, a_clinic(), LINKS, NOW).text
    assert short.endswith(f"\n{IN_CONSOLE}")
    assert segments_of(short).parts == 1
    long = compose(an_appointment(person={"last_name": "Lind " * 15}), BOOKED, to, a_clinic(), LINKS, NOW).text
    assert not LINKS_IN.findall(long)
    assert segments_of(long).parts == 1


def test_n4_a_clinics_own_text_to_practitioners_can_lead_to_the_console() -> None:
    own = {"email": {"subject": {"sv": "Ny"}, "text": {"sv": "Se {{ link }}, {{ booking.date }}"}}}
    clinic = a_clinic(messages={"practitioner_booked": own})
    content = compose(an_appointment(), BOOKED, PRACTITIONER_EMAIL, clinic, LINKS, NOW)
    assert f"Se {IN_CONSOLE}," in content.text


def test_where_the_clinic_asks_for_no_name_the_practitioner_reads_the_reference() -> None:
    nameless = an_appointment(person={"first_name": None, "last_name": None})
    content = compose(nameless, BOOKED, PRACTITIONER_EMAIL, a_clinic(), LINKS, NOW)
    assert content.subject == "Ny bokning: 7K3M9PQR2T, tisdag 1 december 2026 kl. 14:00"
    assert "Patient:" not in content.text


QUESTIONS = [
    {"key": "fear", "kind": "choice", "label": {"sv": "Tandvårdsrädd?"}, "choices": ["nej", "lite"]},
    {"key": "allergy", "kind": "yes_no", "label": {"sv": "Allergisk?", "en": "Allergic?"}},
    {"key": "last", "kind": "date", "label": {"sv": "Senaste besöket"}},
    {"key": "other", "kind": "text", "label": {"sv": "Något annat?"}},
]


def test_n1_a_practitioner_reads_the_patients_telephone_message_and_answers() -> None:
    answers = {"allergy": True, "fear": "lite", "last": "2026-05-04", "gone": "from a question of before"}
    appointment = an_appointment(person={"answers": answers})
    for to in (PRACTITIONER_EMAIL, CLINIC_EMAIL):
        content = compose(appointment, BOOKED, to, a_clinic(fields=QUESTIONS), LINKS, NOW)
        for part in (content.text, content.html or ""):
            for fact in ("+46701740699", "I am afraid of needles", "lite", "måndag 4 maj 2026"):
                assert fact in part.replace("\u00a0", " "), fact
        assert "Tandvårdsrädd? lite\nAllergisk? Ja\nSenaste besöket: " in content.text
        assert "from a question of before" not in said(content)


def test_m5_a_practitioner_reads_why_the_patient_cancelled() -> None:
    content = compose(
        an_appointment(person={"comment": "Jag är sjuk"}), CANCELLED, PRACTITIONER_EMAIL, a_clinic(), LINKS, NOW
    )
    assert "Orsak till avbokningen: Jag är sjuk" in content.text
    assert "Jag är sjuk" in (content.html or "")


def test_a_practitioner_whom_the_booking_has_left_reads_nothing_that_the_patient_wrote() -> None:
    left = replace(PRACTITIONER_EMAIL, left="anna")
    appointment = an_appointment(practitioner="bo", previous=previously(), person={"answers": {"fear": "lite"}})
    told = said(compose(appointment, MOVED, left, a_clinic(fields=QUESTIONS), LINKS, NOW))
    assert not any(word in told for word in ("needles", "+46701740699", "lite"))


@pytest.mark.parametrize("happened", [BOOKED, MOVED, CANCELLED])
def test_a_clinic_can_keep_patient_and_type_out_of_what_its_own_people_get(happened: str) -> None:
    own_text = "{{ patient.first_name }}{{ booking.type }}{{ comment }}: {{ booking.date }}"
    own = {"practitioner_cancelled": {"sms": {"sv": own_text}}}
    clinic = a_clinic(privacy={"practitioner": "brief"}, fields=QUESTIONS, messages=own)
    typed = {"comment": "Jag är sjuk", "answers": {"fear": "lite"}}
    appointment = an_appointment(person=typed, previous=previously(practitioner="bo"))
    for to in (PRACTITIONER_EMAIL, CLINIC_EMAIL, replace(PRACTITIONER_EMAIL, channel="sms", to="+46701740605")):
        content = compose(appointment, happened, to, clinic, LINKS, NOW)
        everything = "\n".join([said(content), *(each["content"] for each in content.attachments)])
        for secret in ("Eva", "Lind", "US internt", "needles", "46701740699", "sjuk", "lite"):
            assert secret not in everything, secret
        assert "tisdag 1 december 2026" in content.text.replace("\u00a0", " ")
    to_patient = said(compose(appointment, happened, PATIENT_EMAIL, clinic, LINKS, NOW))
    assert "Eva" in to_patient
    assert "Examination" in to_patient


def test_n2_a_practitioner_too_reads_what_was_before_however_they_are_told() -> None:
    before = previously(start=START - timedelta(days=1), practitioner="bo")
    for to in (PRACTITIONER_EMAIL, replace(PRACTITIONER_EMAIL, channel="sms", to="+46701740605")):
        text = compose(an_appointment(previous=before), MOVED, to, a_clinic(), LINKS, NOW).text
        assert "Före ändringen: måndag 30 november 2026 kl. 14:00, Bo Ek" in text


def test_n2_the_old_practitioner_is_told_of_the_time_that_was_theirs() -> None:
    appointment = an_appointment(practitioner="bo", previous=previously(start=START - timedelta(days=1)))
    left = replace(PRACTITIONER_EMAIL, left="anna")
    content = compose(appointment, MOVED, left, a_clinic(), LINKS, NOW)
    assert content.subject == "Inte längre din bokning: Eva Lind, måndag 30 november 2026 kl. 14:00"
