"""Types that are booked by those who are called for them (PRODUCT B9, B10)."""

from typing import Any

import pytest
from werkzeug.test import TestResponse

from shared.contracts import errors
from tests.builders.gateway.clinics import (
    DETAILS,
    DOCUMENT,
    START,
    buttons_of,
    fields_of,
    heading_of,
    main_of,
    open_clinic,
)
from tests.builders.gateway.logins import CONTROLLED, NEED, a_need, open_clinic_with_needs, open_recall_link, session_of
from tests.builders.gateway.visits import ENGLISH, followed, post
from tests.builders.gateway.world import World, refusing

PHONE = 'href="tel:+4681234567"'
OTHER = "b" * 32
HELD = {"start": START, "hold": "h1", "held_by": "erik"}


def by_login(world: World, **fields: str) -> TestResponse:
    return post(world, **{"type": "recall", "session": session_of(world), **fields})


def calls(world: World, name: str) -> list[dict[str, Any]]:
    return [call.fields for call in world.booking.calls if call.name == name]


def test_a_type_controlled_by_needs_is_said_to_be_so_and_asks_for_a_login_b9(world: World) -> None:
    open_clinic_with_needs(world, a_need())
    first = world.get("/solna", headers=ENGLISH).text
    assert "By invitation only" in first
    answer = world.get("/solna?type=recall", headers=ENGLISH)
    assert heading_of(answer.text) == "Log in with your mobile"
    assert not world.booking.calls + world.patient.calls


def test_going_back_from_its_login_leads_to_all_types_again(world: World) -> None:
    open_clinic(world, types=[*DOCUMENT["types"], {**CONTROLLED, "practitioners": ["erik"]}])
    login = world.get("/solna?type=recall", headers=ENGLISH).text
    back = login.split('<a class="back" href="')[1].split('"')[0]
    assert buttons_of(world.get(back, headers=ENGLISH).text, "type") == ["exam", "acute", "recall"]


def test_the_need_says_with_whom_how_long_and_until_when_b9(world: World) -> None:
    open_clinic_with_needs(world, a_need())
    answer = by_login(world)
    main = main_of(answer)
    assert heading_of(answer.text) == "When would you like to come?"
    for shown in ("Check-up", "Erik Lund", "50\u00a0min", "Book it by Sunday 13 December 2026."):
        assert shown in main
    assert calls(world, "days_for_need")[0] == {
        "type": "recall",
        "need": NEED,
        "from": "2026-11-30",
        "to": "2026-12-30",
    }
    assert not world.availability.calls


@pytest.mark.parametrize(("week", "first"), [("2026-W52", "2026-12-21"), ("2026-W40", "2026-11-23")])
def test_the_times_open_at_the_week_of_the_need_r1(world: World, week: str, first: str) -> None:
    """The days of a need that is overdue begin today."""
    open_clinic_with_needs(world, a_need(week=week))
    by_login(world)
    assert calls(world, "days_for_need")[0]["from"] == first


def test_a_time_is_held_and_booked_for_the_need_b9(world: World) -> None:
    open_clinic_with_needs(world, a_need())
    held = by_login(world, choose=START)
    assert heading_of(held.text) == "Your details"
    assert calls(world, "hold") == [{"type": "recall", "practitioner": None, "need": NEED, "start": START}]
    kept = fields_of(main_of(held))
    post(world, **{**kept, **DETAILS, "go": "confirm", "key": "k1"})
    booked = calls(world, "book")[0]
    assert (booked["type"], booked["need"], booked["practitioner"]) == ("recall", NEED, None)


def test_several_needs_are_chosen_from_b9(world: World) -> None:
    open_clinic_with_needs(world, a_need(), a_need(id=OTHER, practitioner="anna", minutes=20, week="2026-W40"))
    answer = by_login(world)
    assert heading_of(answer.text) == "Which appointment would you like to book?"
    assert buttons_of(main_of(answer), "need") == [OTHER, NEED], "the earliest first"
    chosen = post(world, **{**fields_of(main_of(answer)), "need": OTHER})
    assert "Anna Berg" in main_of(chosen)
    assert calls(world, "days_for_need")[0]["need"] == OTHER


def test_a_need_that_is_gone_meanwhile_is_chosen_anew_b9(world: World) -> None:
    open_clinic_with_needs(world, a_need(), a_need(id=OTHER))
    answer = by_login(world, need="c" * 32)
    assert buttons_of(main_of(answer), "need") == [NEED, OTHER]
    assert "need" not in fields_of(main_of(answer)), "the browser would send the old one as well"


def test_needs_of_other_types_are_not_offered_for_this_one(world: World) -> None:
    open_clinic_with_needs(world, a_need(), a_need(id=OTHER, type="exam"))
    by_login(world)
    assert calls(world, "days_for_need")[0]["need"] == NEED


@pytest.mark.parametrize("choose", [True, False])
def test_the_practitioner_is_offered_only_where_the_clinic_lets_choose_b9(world: World, choose: bool) -> None:
    open_clinic_with_needs(world, a_need(), needs={"choose_practitioner": choose})
    answer = by_login(world)
    offered = buttons_of(main_of(answer), "practitioner")
    assert offered == (["any", "anna", "erik"] if choose else [])
    if choose:
        post(world, **{**fields_of(main_of(answer)), "practitioner": "anna"})
        assert calls(world, "days_for_need")[0]["practitioner"] == "anna"


def test_a_need_that_names_nobody_is_booked_with_whoever_is_free(world: World) -> None:
    open_clinic_with_needs(world, a_need(practitioner=None, usable_until=None))
    main = main_of(by_login(world))
    assert "First available" in main
    assert "Book it by" not in main


@pytest.mark.parametrize("choose", [True, False])
@pytest.mark.parametrize(
    ("refusal", "said"),
    [
        (errors.NoOpenNeed, "we cannot find an invitation for you"),
        (errors.NeedExpired, "The deadline for booking this appointment yourself"),
    ],
)
def test_who_has_no_need_or_an_expired_one_is_told_what_to_do_with_the_number_b10(
    world: World, refusal: type[errors.Refusal], said: str, choose: bool
) -> None:
    open_clinic_with_needs(world, needs={"choose_practitioner": choose})
    world.booking.answers["days_for_need"] = refusing(refusal, phone="+46 8 123 45 67")
    answer = by_login(world)
    assert answer.status_code == 422
    assert heading_of(answer.text) == "Please call us to book this appointment"
    assert said in main_of(answer)
    assert PHONE in main_of(answer)
    assert "Book something else" in main_of(answer)


def test_a_number_that_is_not_the_patients_can_be_corrected_b9(world: World) -> None:
    open_clinic_with_needs(world, a_need())
    world.booking.answers["book"] = refusing(errors.NoOpenNeed, phone="+46 8 123 45 67")
    answer = by_login(world, **HELD, **DETAILS, go="confirm", key="k1")
    assert "Back to your details" in main_of(answer)
    assert PHONE in main_of(answer)
    assert fields_of(main_of(answer)).items() >= DETAILS.items()


@pytest.mark.parametrize("by_link", [True, False])
def test_a_need_of_a_type_that_others_book_without_is_booked_as_it_says_r1(world: World, by_link: bool) -> None:
    path = open_recall_link(world, type="exam")
    sent = (
        fields_of(main_of(world.get(path))) if by_link else {"session": session_of(world), "type": "exam", "need": NEED}
    )
    held = post(world, **sent, choose=START)
    assert "50\u00a0min" in main_of(held)
    assert calls(world, "hold") == [{"type": "exam", "practitioner": None, "need": NEED, "start": START}]
    post(world, **{**fields_of(main_of(held)), **DETAILS, "go": "confirm", "key": "k1"})
    assert calls(world, "book")[0]["need"] == NEED


def test_a_need_is_put_aside_by_who_chooses_another_type(world: World) -> None:
    open_clinic_with_needs(world, a_need())
    chosen = by_login(world, need=NEED, go="type")
    assert "need" not in fields_of(main_of(chosen))
    post(world, **{**fields_of(main_of(chosen)), "type": "exam", "practitioner": "any"})
    assert calls(world, "days_for_need") == []


@pytest.mark.parametrize("choose", [True, False])
def test_a_confirmation_that_is_loaded_again_is_the_same_submit_though_its_need_is_used_b13(
    world: World, choose: bool
) -> None:
    open_clinic_with_needs(world, a_need(), needs={"choose_practitioner": choose})
    sent = {"session": session_of(world), "type": "recall", "practitioner": "erik", "need": NEED, **HELD, **DETAILS}
    post(world, **sent, go="confirm", key="k1")
    world.patient.answers["needs"] = {"needs": [], "next": None}
    post(world, **sent, go="confirm", key="k1")
    first, again = calls(world, "book")
    assert again == first


WITHOUT = {"without": ["erik"]}


def test_who_takes_a_type_without_a_need_is_booked_without_a_login_b9(world: World) -> None:
    open_clinic_with_needs(world, needs=WITHOUT)
    assert "By invitation" not in world.get("/solna", headers=ENGLISH).text
    answer = world.get("/solna?type=recall", headers=ENGLISH)
    assert heading_of(answer.text) == "When would you like to come?"
    assert world.availability.calls[0].fields["practitioner"] == "erik"
    assert "Has the clinic invited you" in answer.text
    login = post(world, type="recall", practitioner="erik", go="login")
    assert heading_of(followed(world, login).text) == "Log in with your mobile"


def test_of_several_who_take_it_without_one_is_chosen_and_nobody_else_is_offered_b9(world: World) -> None:
    three = [*DOCUMENT["practitioners"][:2], {"key": "cy", "name": "Cy Ek"}]
    open_clinic_with_needs(world, needs={"without": ["erik", "cy"]}, practitioners=three)
    answer = world.get("/solna?type=recall", headers=ENGLISH)
    assert buttons_of(main_of(answer), "practitioner") == ["any", "erik", "cy"]


def test_who_is_called_books_as_the_need_says_also_where_others_need_none_b9(world: World) -> None:
    open_clinic_with_needs(world, a_need(practitioner="anna"), needs=WITHOUT)
    main = main_of(by_login(world))
    assert "Anna Berg" in main
    assert "Has the clinic invited you" not in main
    assert calls(world, "days_for_need")[0]["need"] == NEED


@pytest.mark.parametrize("chosen", ["", "anna"])
def test_a_login_without_a_need_sees_what_everybody_may_book_b9(world: World, chosen: str) -> None:
    open_clinic_with_needs(world, needs=WITHOUT)
    assert heading_of(by_login(world, practitioner=chosen).text) == "When would you like to come?"
    assert world.availability.calls[0].fields["practitioner"] == "erik"
