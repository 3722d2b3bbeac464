"""A clinic's own texts, which take the place of the built-in ones (PRODUCT N4)."""

import logging
from dataclasses import replace

import pytest

from services.notification.model.clinic import OwnTexts
from services.notification.wording.compose import compose
from shared.clinic.message_keys import BOOKED, CANCELLED
from shared.texts.message_templates import names_in, variables_of
from tests.builders.notification.addressees import PATIENT_EMAIL, PATIENT_SMS, TOKEN
from tests.builders.notification.messages import LINKS, NOW, a_clinic, an_appointment


def test_n4_the_clinics_own_texts_take_the_place_of_the_built_in_ones() -> None:
    own = {
        "booked": {
            "sms": {"en": "{{ patient.first_name }}: {{ booking.date }} {{ booking.time }}, {{ link }}"},
            "email": {
                "subject": {"en": "{{ clinic.name }} {{ booking.reference }}"},
                "text": {"en": "{{ booking.type }} {{ booking.practitioner }} {{ texts.confirmation }} <3"},
            },
        }
    }
    clinic = a_clinic(messages=own)
    sms = compose(an_appointment(), BOOKED, PATIENT_SMS, clinic, LINKS, NOW)
    assert sms.text == f"Eva: Tuesday 1 December 2026 14:00, https://booking.example/m/{TOKEN}"
    email = compose(an_appointment(), BOOKED, PATIENT_EMAIL, clinic, LINKS, NOW)
    assert email.subject == "Solna Tandvård 7K3M9PQR2T"
    assert email.text == "Examination Anna Berg Come ten minutes early. <3"
    assert "Examination Anna Berg Come ten minutes early. &lt;3" in (email.html or "")


def test_n4_every_variable_that_a_message_has_can_be_named_in_its_template() -> None:
    template = (
        "own {{ patient.first_name }} {{ patient.last_name }} {{ booking.type }} {{ booking.practitioner }} "
        "{{ booking.start }} {{ booking.end }} {{ booking.date }} {{ booking.time }} {{ booking.length }} "
        "{{ booking.reference }} {{ booking.message }} {{ clinic.name }} {{ clinic.phone }} {{ clinic.address }} "
        "{{ clinic.website }} {{ texts.confirmation }} {{ link }} {{ comment }}"
    )
    assert names_in(template) == variables_of("cancelled")
    clinic = a_clinic(messages={"cancelled": {"sms": {"en": template}}})
    text = compose(an_appointment(person={"comment": "ill"}), CANCELLED, PATIENT_SMS, clinic, LINKS, NOW).text
    assert text.startswith("own Eva Lind Examination Anna Berg")
    assert text.endswith("ill")


def test_n4_own_html_is_escaped_around_what_patients_typed() -> None:
    clinic = a_clinic(messages={"booked": {"email": {"html": {"en": "<p>{{ patient.first_name }}</p>"}}}})
    content = compose(an_appointment(person={"first_name": "<i>"}), BOOKED, PATIENT_EMAIL, clinic, LINKS, NOW)
    assert content.html == "<p>&lt;i&gt;</p>"
    assert "Your appointment is booked." in content.text


@pytest.mark.parametrize(
    "broken",
    [
        "{{ booking.nothing }}", "{{ nobody }}", "{{ 1 / 0 }}", "{% if %}", "{{ 'x' * 10**9 }}", "{{ range(3) }}",
        "{{ patient.__class__.__mro__ }}", "{% include 'notice.txt' %}", "{{ ''.join }}{{ booking.type() }}",
    ],
)  # fmt: skip
def test_n4_a_broken_template_does_not_lose_the_message(broken: str, caplog: pytest.LogCaptureFixture) -> None:
    clinic = replace(a_clinic(), own_texts={"booked": OwnTexts({"en": broken}, {}, {}, {})})
    with caplog.at_level(logging.WARNING):
        text = compose(an_appointment(), BOOKED, PATIENT_SMS, clinic, LINKS, NOW).text
    assert "Your appointment is booked." in text
    assert "messages.booked.sms of solna" in caplog.text
    assert "Eva" not in caplog.text


def test_n4_a_reader_whose_language_the_clinic_did_not_write_gets_the_built_in_text() -> None:
    clinic = a_clinic(messages={"booked": {"sms": {"sv": "Välkommen"}}})
    assert compose(an_appointment(language="sv"), BOOKED, PATIENT_SMS, clinic, LINKS, NOW).text == "Välkommen"
    english = compose(an_appointment(language="en"), BOOKED, PATIENT_SMS, clinic, LINKS, NOW).text
    assert "Your appointment is booked." in english
