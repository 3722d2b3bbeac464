"""Who lives in the demo clinics: invented people whose numbers are right, at clinics that know what they do."""

import pytest

from cli.demo.clinics import demo_documents
from cli.demo.days import Fields, days
from services.availability.document import check
from shared.identity.numbers import check_number
from shared.identity.telephones import normal_mobile
from shared.texts.language import LANGUAGES

CLINICS = sorted(days())


def document(clinic: str) -> Fields:
    found = check(demo_documents()[clinic])
    assert not found.problems
    return found.document


def test_every_demo_clinic_has_a_day() -> None:
    assert days().keys() == demo_documents().keys()


@pytest.mark.parametrize("clinic", CLINICS)
def test_its_people_have_numbers_of_their_own_that_are_right(clinic: str) -> None:
    own, day = document(clinic), days()[clinic]
    people = [*day.people, *(wish["patient"] for wish in day.on_the_web)]
    numbers = [check_number(own["identity"], each["national_id"]) for each in people]
    mobiles = [normal_mobile(each["mobile"], own["country"]) for each in people]
    assert len({*numbers}) == len({*mobiles}) == len(people) > 20
    assert all(each["email"].endswith("@patients.example") for each in people if "email" in each)


@pytest.mark.parametrize("clinic", CLINICS)
def test_its_staff_do_what_the_clinic_offers(clinic: str) -> None:
    own, day = document(clinic), days()[clinic]
    types, practitioners = ({each["key"] for each in own[part]} for part in ("types", "practitioners"))
    assert set(day.work) == practitioners
    assert {type for each in day.work.values() for type in each} == types
    assert {each.get("practitioner") for each in day.staff} == {None, *practitioners}
    assert {wish["type"] for wish in day.on_the_web} <= types
    assert {need["practitioner"] for need in day.needs} <= practitioners
    assert own["languages"][0] in LANGUAGES
    assert day.regrets
    assert day.notes
