"""The form about the patient: what is asked, what is wrong with what was typed, what is sent (PRODUCT B3, B4, B5)."""

import pytest

from shared.contracts import errors
from tests.builders.gateway.clinics import BOOKED, CHOSEN, DETAILS, DOCUMENT, heading_of, open_clinic
from tests.builders.gateway.visits import booked_with, confirm, get, post
from tests.builders.gateway.world import World, refusing

REFUSED = "Please call us to book this appointment"


def test_details_are_asked_as_the_clinic_sets_them_b3(world: World):
    open_clinic(world, details={"mobile": "optional", "email": "required", "message": "hidden"})
    html = get(world, **CHOSEN).text
    assert 'name="message"' not in html
    answer = post(world, **CHOSEN, **{**DETAILS, "patient.mobile": ""}, go="review")
    assert 'href="#patient-email"' in answer.text
    assert 'href="#patient-mobile"' not in answer.text


def test_every_mistake_is_listed_with_a_link_to_its_field_and_nothing_is_sent(world: World):
    open_clinic(world)
    wrong = {**CHOSEN, "patient.national_id": "19850412-1231", "patient.mobile": "12", "patient.first_name": "Eva"}
    answer = post(world, **wrong, go="review")
    assert answer.status_code == 422
    summary = answer.text.split('class="error-summary"')[1].split("</ul>")[0]
    for field in ("patient-national_id", "patient-last_name", "patient-mobile"):
        assert f'href="#{field}"' in summary
        assert f'id="{field}"' in answer.text
    assert 'value="19850412-1231"' in answer.text
    assert not world.booking.calls


@pytest.mark.parametrize(
    ("name", "says"),
    [("go to http://evil.example", "cannot contain a web or email address"), ("\u202eavE", "hidden character")],
)
def test_a_name_that_is_none_is_told_before_anything_is_sent(world: World, name: str, says: str):
    open_clinic(world)
    answer = post(world, **{**CHOSEN, **DETAILS, "patient.first_name": name}, go="review")
    assert answer.status_code == 422
    assert 'href="#patient-first_name"' in answer.text
    assert says in answer.text
    assert not world.booking.calls


def test_a_landline_is_told_to_be_no_mobile_before_anything_is_sent(world: World):
    open_clinic(world)
    answer = post(world, **{**CHOSEN, **DETAILS, "patient.mobile": "08-465 00 41"}, go="review")
    assert answer.status_code == 422
    assert 'href="#patient-mobile"' in answer.text
    assert "This number cannot receive text messages." in answer.text


def test_a_mobile_of_another_country_wants_an_email_and_no_sms_is_promised(world: World):
    open_clinic(world)
    abroad = {"patient.mobile": "+98 912 345 6789", "patient.email": ""}
    answer = post(world, **{**CHOSEN, **DETAILS, **abroad}, go="review")
    assert answer.status_code == 422
    assert 'href="#patient-email"' in answer.text
    assert "This clinic cannot send text messages to numbers in that country." in answer.text
    world.booking.answers["book"] = {**BOOKED, "reached_by": ["email"]}
    html = confirm(world, **abroad | {"patient.email": "eva@example.org"}).text
    assert "by text message" not in html
    assert "eva@example.org" in html


def test_saying_no_to_sms_is_sent_and_silence_means_yes_b18a(world: World):
    open_clinic(world)
    world.booking.answers["book"] = {**BOOKED, "reached_by": []}
    html = confirm(world, **{"patient.no_sms": "1"}).text
    assert booked_with(world)["patient"]["sms_ok"] is False
    assert "by text message" not in html


def test_what_the_service_finds_wrong_is_shown_at_its_field(world: World):
    open_clinic(world)
    world.booking.answers["book"] = refusing(errors.Invalid, errors={"patient.mobile": ["This is required."]})
    answer = confirm(world)
    assert answer.status_code == 422
    assert 'href="#patient-mobile"' in answer.text


@pytest.mark.parametrize(
    ("language", "shown"), [("en", "a little"), ("sv", "lite"), ("fr", "a little")], ids=["its own", "own", "has none"]
)
def test_choices_are_offered_in_the_readers_language_b5(world: World, language: str, shown: str):
    choices = ["nej", {"sv": "lite", "en": "a little"}]
    open_clinic(
        world, fields=[{"key": "fear", "kind": "choice", "label": "Fear?", "required": True, "choices": choices}]
    )
    asked = post(world, **CHOSEN, **DETAILS, lang=language, go="review").text
    assert f">{shown}<" in asked
    assert ">nej<" in asked
    confirm(world, lang=language, **{"answers.fear": shown})
    assert booked_with(world)["answers"] == {"fear": shown}


def test_the_clinics_own_questions_of_every_kind_reach_the_booking_b5(world: World):
    kinds = ["text", "long_text", "number", "choice", "yes_no", "date"]
    open_clinic(
        world,
        fields=[
            {"key": kind, "kind": kind, "label": f"Your {kind}?", "required": True, "types": ["exam"]}
            | ({"choices": ["a", "b"]} if kind == "choice" else {})
            for kind in kinds
        ],
    )
    missing = post(world, **CHOSEN, **DETAILS, go="review")
    assert missing.text.count('href="#answers-') == len(kinds)
    typed = {
        "answers.text": "one",
        "answers.long_text": "two",
        "answers.number": "3,5",
        "answers.choice": "b",
        "answers.yes_no": "no",
        "answers.date.day": "1",
        "answers.date.month": "2",
        "answers.date.year": "2026",
    }
    assert "1 February 2026" in post(world, **CHOSEN, **DETAILS, **typed, go="review").text
    confirm(world, **typed)
    assert booked_with(world)["answers"] == {
        "text": "one",
        "long_text": "two",
        "number": 3.5,
        "choice": "b",
        "yes_no": False,
        "date": "2026-02-01",
    }


@pytest.mark.parametrize("language", ["en", "sv", "fa"])
@pytest.mark.parametrize("kind", ["text", "yes_no", "date"])
def test_a_question_that_was_left_open_is_reviewed_as_open_in_every_language_b5(world: World, kind: str, language: str):
    open_clinic(world, fields=[{"key": "first", "kind": kind, "label": "First visit?"}])
    html = post(world, **CHOSEN, **DETAILS, lang=language, go="review").text
    answer = html.split("First visit?")[1].split("</dt>")[1].split("</dd>")[0]
    assert answer.strip() == '<dd><bdi></bdi><span class="quiet">–</span>'


def test_questions_of_other_types_are_not_asked_b5(world: World):
    open_clinic(world, fields=[{"key": "fear", "kind": "text", "label": "Afraid?", "types": ["acute"]}])
    assert "Afraid?" not in get(world, **CHOSEN).text


@pytest.mark.parametrize(
    ("scheme", "min_age", "asked"), [("none", None, True), ("ch.ssn", 24, True), ("ch.ssn", None, False)]
)
def test_the_birth_date_is_asked_where_no_number_tells_it_b4(world: World, scheme, min_age, asked):
    types = [{"key": "exam", "name": "US", "length": "30m", "min_age": min_age}]
    open_clinic(world, identity=scheme, types=types)
    html = get(world, **CHOSEN).text
    assert ('name="patient.birth_date.year"' in html) is asked
    assert ('name="patient.national_id"' in html) is (scheme != "none")


@pytest.mark.parametrize(
    ("scheme", "number"), [("se.personnummer", "850060-2399"), ("no.fodselsnummer", "30108299939")]
)
def test_b8_who_has_a_number_that_tells_no_birth_date_is_asked_for_it_where_an_age_is_needed(
    world: World, scheme: str, number: str
):
    for min_age in (None, 24):
        open_clinic(world, identity=scheme, types=[{"key": "exam", "name": "US", "length": "30m", "min_age": min_age}])
        answer = post(world, **{**CHOSEN, **DETAILS, "patient.national_id": number}, go="review")
        assert ('href="#patient-birth_date"' in answer.text) is (min_age is not None)
        assert ('name="patient.birth_date.year"' in answer.text) is (min_age is not None)
    born = {f"patient.birth_date.{part}": text for part, text in (("year", "1985"), ("month", "4"), ("day", "12"))}
    confirm(world, **born, **{"patient.national_id": number})
    assert booked_with(world)["patient"]["birth_date"] == "1985-04-12"


def test_a_number_with_a_wrong_digit_is_not_told_that_it_is_too_short(world: World):
    open_clinic(world)
    answer = post(world, **{**CHOSEN, **DETAILS, "patient.national_id": "19850412-1231"}, go="review")
    assert "check it digit by digit" in answer.text
    assert "10 or 12 digits, as" not in answer.text


def test_a_birth_date_is_typed_by_the_readers_own_calendar(world: World):
    open_clinic(world, identity="none")
    birth = {"patient.birth_date.year": "1364", "patient.birth_date.month": "1", "patient.birth_date.day": "23"}
    confirm(world, lang="fa", **{**birth, "patient.national_id": ""})
    assert booked_with(world)["patient"]["birth_date"] == "1985-04-12"


@pytest.mark.parametrize("year", ["2027", "1985x", "-1", "99999999999999999999"])
def test_an_impossible_birth_date_is_a_mistake_and_no_more(world: World, year):
    open_clinic(world, identity="none")
    birth = {"patient.birth_date.year": year, "patient.birth_date.month": "4", "patient.birth_date.day": "12"}
    answer = post(world, **CHOSEN, **DETAILS, **birth, go="review")
    assert answer.status_code == 422
    assert 'href="#patient-birth_date"' in answer.text


def test_what_is_typed_cannot_become_markup(world: World):
    open_clinic(world)
    evil = '"><script>alert(1)</script>'
    html = post(
        world, **{**CHOSEN, **DETAILS, "patient.first_name": evil, "hold": evil, "date": evil}, go="review"
    ).text
    assert "<script>alert" not in html


OLD_ENOUGH, TOO_YOUNG = "20021201-2389", "20021202-2388"
"""Born on the day of the appointment 24 years ago, and on the day after."""


def with_age(world: World, **changes: object) -> None:
    types = [{**DOCUMENT["types"][0], "min_age": 24, **changes}, DOCUMENT["types"][1]]
    open_clinic(world, types=types)


def test_from_which_age_a_type_can_be_booked_is_said_before_anything_is_chosen_b8(world: World):
    with_age(world)
    assert get(world).text.count("From the age of 24") == 1
    assert "You can book this online from the age of 24." in get(world, type="exam").text


@pytest.mark.parametrize(("number", "heading"), [(OLD_ENOUGH, "Check your answers"), (TOO_YOUNG, REFUSED)])
def test_who_is_too_young_learns_it_before_the_review_b8(world: World, number: str, heading: str):
    with_age(world)
    answer = post(world, **CHOSEN, **{**DETAILS, "patient.national_id": number}, go="review")
    assert heading_of(answer.text) == heading
    assert not world.booking.calls
