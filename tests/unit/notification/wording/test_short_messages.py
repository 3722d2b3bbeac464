"""What finds room in an SMS: one part of the GSM alphabet, two of another (PRODUCT N1, N4)."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from services.notification.model.clinic import Clinic
from services.notification.model.messages import person_addressed
from services.notification.model.segments import UCS_2, segments_of
from services.notification.model.told import Addressed
from services.notification.wording.calls import CallToBook, compose_call, compose_code
from services.notification.wording.compose import compose
from services.notification.wording.short import Brief, fitted, in_cheap_signs
from shared.clinic.message_keys import BOOKED, CANCELLED, CHOOSE_AGAIN, MOVED, RECALL, REMINDER
from tests.builders.notification.addressees import PATIENT_SMS
from tests.builders.notification.messages import (
    LINKS,
    NOW,
    PERSON,
    START,
    a_clinic,
    an_appointment,
    demo_clinics,
    previously,
)

HAPPENINGS = (BOOKED, MOVED, CANCELLED, CHOOSE_AGAIN, REMINDER, RECALL)


LONGEST_DATES = (datetime(2026, 9, 30, 15, 45, tzinfo=UTC), datetime(2027, 5, 20, 15, 45, tzinfo=UTC))
"""Wednesday in September, and the 30th of Ordibehesht, a Thursday: no day's name, number and month are longer."""


def told(clinic: Clinic, happened: str, type: str, practitioner: str, start: datetime = START) -> str:
    return told_in(clinic.languages[0], clinic, happened, type, practitioner, start)


def told_in(language: str, clinic: Clinic, happened: str, type: str, practitioner: str, start: datetime) -> str:
    appointment = an_appointment(
        language=language, type=type, practitioner=practitioner, person={"code": "7K3M-9QX2"}, start=start,
        previous=previously(start=start - timedelta(days=1), type=type, practitioner=practitioner),
    )  # fmt: skip
    return compose(appointment, happened, PATIENT_SMS, clinic, LINKS, NOW).text


@pytest.mark.parametrize("name", ["frenda", "optamed", "aldente", "norsk", "exir"])
def test_a_demo_clinics_sms_is_one_part_and_in_persian_two(name: str) -> None:
    clinic = demo_clinics()[name]
    texts = [
        told(clinic, each, type, who) for each in HAPPENINGS for type in clinic.types for who in clinic.practitioners
    ]
    for type in clinic.types:
        person, who = person_addressed(Addressed.read(PERSON)), next(iter(clinic.practitioners))
        last, language = date(2026, 12, 20), clinic.languages[0]
        call = CallToBook("f" * 32, type, who, 30, "2026-W49", last, language, person, "7K3M-9QX2")
        texts += [
            compose_call(call, PATIENT_SMS, clinic, LINKS).text,
            compose_code("471108", "", language, clinic).text,
        ]
    assert len(texts) > 10
    for text in texts:
        counted = segments_of(text)
        assert counted.parts <= (2 if name == "exir" else 1), text
        assert (counted.encoding == UCS_2) is (name == "exir"), text


@pytest.mark.parametrize("name", ["frenda", "optamed", "aldente", "norsk", "exir"])
def test_a_demo_clinics_sms_takes_no_more_parts_in_its_other_languages_and_on_the_days_of_the_longest_names(
    name: str,
) -> None:
    clinic = demo_clinics()[name]
    for language in clinic.languages:
        for start in LONGEST_DATES:
            for happened in HAPPENINGS:
                for type in clinic.types:
                    text = told_in(language, clinic, happened, type, next(iter(clinic.practitioners)), start)
                    assert segments_of(text).parts <= (2 if name == "exir" else 1), text


@pytest.mark.parametrize("happened", HAPPENINGS)
def test_however_long_a_name_is_an_sms_says_who_writes_when_it_is_and_its_link(happened: str) -> None:
    text = told(replace(a_clinic(), name="A" * 100), happened, "exam", "anna")
    assert text.startswith("A" * 100)
    assert "tis 1 dec. kl. 14:00" in text
    assert "https://booking.example/" in text
    assert segments_of(text).parts == 2


@pytest.mark.parametrize(
    ("name", "language", "begins"),
    [
        ("مطب دکتر پارسا", "fa", "مطب دکتر پارسا: نوبت"),
        ("مطب دکتر پارسا", "en", "\u200eمطب دکتر پارسا: Your"),
        ("Solna Tandvård", "fa", "\u200fSolna Tandvård: نوبت"),
        ("Solna Tandvård", "en", "Solna Tandvård: Your"),
        ("2 & 4", "en", "2 & 4: Your"),
    ],
)
def test_an_sms_is_laid_out_by_its_language_though_the_clinics_name_is_written_the_other_way(
    name: str, language: str, begins: str
) -> None:
    clinic = replace(a_clinic(languages=["sv", "en", "fa"]), name=name)
    assert told_in(language, clinic, BOOKED, "exam", "anna", START).startswith(begins)


def test_c12_however_much_room_there_is_a_new_time_is_asked_for_once() -> None:
    text = told(replace(a_clinic(), name="A"), CHOOSE_AGAIN, "exam", "anna")
    assert text.startswith("A: Tyvärr kan vi inte ta emot dig. Välj en ny tid.\n")
    assert text.count("Välj en ny tid") == 1


def test_lines_are_taken_by_rank_and_said_in_their_order() -> None:
    lines = [Brief("a" * 60), Brief("b" * 60, 2), Brief("c" * 60, 1), Brief("", 1), Brief("d" * 30)]
    assert fitted(lines) == "\n".join(["a" * 60, "c" * 60, "d" * 30])


def test_a_line_that_finds_no_room_leaves_it_to_a_shorter_one() -> None:
    assert fitted([Brief("a" * 100), Brief("b" * 60, 1), Brief("c" * 59, 2)]) == "\n".join(["a" * 100, "c" * 59])


def test_a_part_that_is_begun_anyway_is_filled() -> None:
    assert fitted([Brief("a" * 200), Brief("b" * 60, 1)]) == "\n".join(["a" * 200, "b" * 60])


def test_no_line_that_may_be_left_out_makes_an_sms_dearer_by_its_signs() -> None:
    assert fitted([Brief("a" * 100), Brief("Zażółć", 1)]) == "a" * 100


def test_signs_and_words_that_have_a_cheap_twin_are_written_so() -> None:
    assert in_cheap_signs("sam. 1er août à 14h00\u202f– «\u00a0d’ici\u00a0»") == "sam. 1er aout à 14h00 - « d'ici »"
