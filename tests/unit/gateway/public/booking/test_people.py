"""Who has logged in books for those whose telephone it is without typing who they are (PRODUCT B22)."""

from typing import Any

import pytest
from werkzeug.test import TestResponse

from shared.contracts.errors import Invalid, LoginRequired, Refusal, Unavailable
from shared.links import need_token
from tests.builders.gateway.clinics import BOOKED, START, buttons_of, fields_of, heading_of, main_of, open_clinic
from tests.builders.gateway.logins import NEED, PROVEN, a_need, open_clinic_with_needs, session_of
from tests.builders.gateway.visits import booked_with, post
from tests.builders.gateway.world import World, refusing

ASA, BO = "a" * 32, "b" * 32
TIME = {"type": "acute", "start": START, "hold": "h1", "held_by": "anna"}


def open_with(world: World, *people: dict[str, Any], **document: Any) -> None:
    open_clinic(world, **document)
    world.patient.answers["people"] = {"people": list(people)}


def asa_and_bo() -> list[dict[str, Any]]:
    return [
        {"person": ASA, "first_name": "Åsa", "last_name": "Öberg"},
        {"person": BO, "first_name": "Bo", "last_name": "Öberg"},
    ]


def by_login(world: World, **fields: str) -> TestResponse:
    return post(world, **{**TIME, "session": session_of(world), **fields})


def test_who_has_logged_in_picks_a_name_and_reviews_at_once_b22(world: World) -> None:
    open_with(world, *asa_and_bo())
    asked = by_login(world)
    assert heading_of(asked.text) == "Who is the appointment for?"
    assert buttons_of(asked.text, "person") == [ASA, BO, "else"]
    review = post(world, **fields_of(main_of(asked)), person=ASA)
    assert heading_of(review.text) == "Check your answers"
    assert "Åsa Öberg" in main_of(review)


def test_the_booking_names_the_person_and_nothing_is_typed_b22(world: World) -> None:
    open_with(world, *asa_and_bo())
    done = by_login(world, person=ASA, go="confirm", key="k1")
    assert booked_with(world)["patient"] == {"person": ASA}
    assert f"by text message to \u2066{PROVEN}\u2069" in done.text


def test_whose_telephone_alone_it_is_reviews_at_once_and_may_change_it_to_somebody_else_b22(world: World) -> None:
    open_with(world, asa_and_bo()[0])
    review = by_login(world)
    assert heading_of(review.text) == "Check your answers"
    assert "Åsa Öberg" in main_of(review)
    kept = fields_of(main_of(review))
    names = post(world, **{**kept, "go": "for_whom"})
    assert buttons_of(names.text, "person") == [ASA, "else"]
    assert 'name="patient.first_name"' in post(world, **{**fields_of(main_of(names)), "person": "else"}).text
    post(world, **{**kept, "go": "confirm"})
    assert booked_with(world)["patient"] == {"person": ASA}


def test_whose_telephone_alone_it_is_types_what_the_clinic_does_not_have_b5(world: World) -> None:
    fear = {"key": "fear", "kind": "text", "label": "Afraid?", "required": True}
    open_with(world, asa_and_bo()[0], fields=[fear])
    form = by_login(world)
    assert 'name="answers.fear"' in form.text
    assert 'name="patient.first_name"' not in form.text
    review = post(world, **{**fields_of(main_of(form)), "answers.fear": "no", "go": "review"})
    assert "Åsa Öberg" in main_of(review)


def test_what_the_clinic_does_not_have_is_asked_all_the_same_b5(world: World) -> None:
    fear = {"key": "fear", "kind": "text", "label": "Afraid?", "required": True}
    open_with(world, *asa_and_bo(), fields=[fear])
    form = by_login(world, person=ASA)
    assert heading_of(form.text) == "Your details"
    assert 'name="answers.fear"' in form.text
    assert 'name="patient.first_name"' not in form.text


def by_recall(world: World, **fields: str) -> TestResponse:
    """Choose nothing more: the recall's link says what for, and a time is held."""
    proof = need_token(world.settings.link_key, NEED)
    held = {"type": "recall", "start": START, "hold": "h1", "held_by": "erik"}
    return post(world, **{**held, "recall": proof, "need": NEED, **fields})


def called(world: World, *people: dict[str, Any]) -> None:
    open_clinic_with_needs(world, a_need())
    world.patient.answers["people"] = {"people": list(people)}


def test_who_comes_by_a_recall_confirms_at_once_by_the_name_of_whose_it_is_b22(world: World) -> None:
    called(world, asa_and_bo()[0])
    review = by_recall(world)
    assert heading_of(review.text) == "Check your answers"
    assert "Åsa Öberg" in main_of(review)
    post(world, **fields_of(main_of(review)), go="confirm")
    assert booked_with(world)["patient"] == {"person": ASA}


@pytest.mark.parametrize(
    ("ways", "says"),
    [
        (["sms"], ["by text message to the number that we have."]),
        (["sms", "email"], ["by text message to the number that we have.", "by email to the address that we have,"]),
        ([], []),
    ],
)
def test_who_is_confirmed_by_name_is_told_by_what_the_confirmation_comes_and_no_stored_address(
    world: World, ways: list[str], says: list[str]
) -> None:
    called(world, asa_and_bo()[0])
    world.booking.answers["book"] = {**BOOKED, "reached_by": ways}
    done = post(world, **fields_of(main_of(by_recall(world))), go="confirm")
    assert main_of(done).count("You will get a confirmation") == len(says)
    for sentence in says:
        assert sentence in done.text


def test_who_has_said_no_to_text_messages_is_promised_none_though_nothing_was_typed_b18a(world: World) -> None:
    open_with(world, *asa_and_bo(), reminders=[{"before": "24h", "channel": "sms"}])
    world.booking.answers["book"] = {**BOOKED, "reached_by": []}
    done = by_login(world, person=ASA, go="confirm", key="k1")
    assert heading_of(done.text) == "Your appointment is booked"
    assert "by text message" not in done.text


def test_a_service_of_the_version_before_tells_of_no_way_and_none_is_promised(world: World) -> None:
    open_with(world, *asa_and_bo())
    world.booking.answers["book"] = {name: told for name, told in BOOKED.items() if name != "reached_by"}
    assert "You will get a confirmation" not in by_login(world, person=ASA, go="confirm", key="k1").text


def test_whose_recall_it_is_may_be_somebody_else_all_the_same(world: World) -> None:
    called(world, asa_and_bo()[0])
    asked = by_recall(world, person=ASA, go="for_whom")
    assert buttons_of(asked.text, "person") == [ASA, "else"]
    assert 'name="patient.first_name"' in by_recall(world, person="else").text


@pytest.mark.parametrize("refusal", [Unavailable, LoginRequired])
def test_of_a_recall_nobody_is_told_by_the_version_before(world: World, refusal: type[Refusal]) -> None:
    called(world)
    world.patient.answers["people"] = refusing(refusal)
    assert 'name="patient.first_name"' in by_recall(world).text


def test_what_the_clinic_wants_and_does_not_have_is_asked_for_alone_b22(world: World) -> None:
    open_with(world, *asa_and_bo(), details={"email": "required"})
    world.booking.answers["book"] = refusing(Invalid, errors={"patient.email": ["This is required."]})
    form = by_login(world, person=ASA, go="confirm", key="k1")
    assert 'name="patient.email"' in form.text
    assert 'name="patient.first_name"' not in form.text
    world.booking.answers["book"] = BOOKED
    world.booking.calls.clear()
    by_login(world, person=ASA, go="confirm", key="k2", **{"patient.email": "asa@example.org"})
    assert booked_with(world)["patient"] == {"person": ASA, "email": "asa@example.org"}


def test_of_whom_the_clinic_does_not_know_who_they_are_all_is_asked(world: World) -> None:
    open_with(world, *asa_and_bo())
    world.booking.answers["book"] = refusing(Invalid, errors={"patient.national_id": ["Enter it."]})
    assert 'name="patient.national_id"' in by_login(world, person=ASA, go="confirm", key="k1").text


def test_somebody_else_is_typed_as_ever(world: World) -> None:
    open_with(world, *asa_and_bo())
    assert 'name="patient.first_name"' in by_login(world, person="else").text


@pytest.mark.parametrize("login", [True, False])
def test_nobody_is_shown_to_whom_none_is_confirmed_or_who_has_not_logged_in(world: World, login: bool) -> None:
    open_with(world, *([] if login else asa_and_bo()))
    answer = by_login(world) if login else post(world, **TIME, **{"patient.first_name": "Eva"}, go="details")
    assert heading_of(answer.text) == "Your details"
    assert "Åsa" not in answer.text
    assert login or not world.patient.calls


def test_where_nobody_can_say_who_they_are_they_type_it(world: World) -> None:
    """A patient service of the version before does not know the call."""
    open_with(world)
    world.patient.answers["people"] = refusing(Unavailable)
    assert 'name="patient.first_name"' in by_login(world).text


def test_a_review_leads_back_to_the_names_and_to_a_message(world: World) -> None:
    open_with(world, *asa_and_bo())
    review = by_login(world, person=ASA, go="review")
    kept = fields_of(main_of(review))
    assert heading_of(post(world, **{**kept, "go": "for_whom"}).text) == "Who is the appointment for?"
    assert 'name="message"' in post(world, **{**kept, "go": "details"}).text
