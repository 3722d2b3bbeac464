"""What a recall's link opens (PRODUCT B10, R2)."""

import pytest

from shared.contracts import errors
from tests.builders.gateway.clinics import (
    fields_of,
    heading_of,
    main_of,
)
from tests.builders.gateway.logins import NEED, a_need, open_clinic_with_needs, open_recall_link
from tests.builders.gateway.visits import ENGLISH, post
from tests.builders.gateway.world import World, refusing

PHONE = 'href="tel:+4681234567"'


def test_a_recalls_link_says_what_it_is_time_for_and_nothing_of_the_patient_r2(world: World) -> None:
    path = open_recall_link(world)
    answer = world.get(path, headers=ENGLISH)
    main = main_of(answer)
    assert heading_of(answer.text) == "It is time to book your appointment"
    for shown in ("Erik Lund", "50\u00a0min", "Sunday 13 December 2026", PHONE):
        assert shown in main
    for hidden in ("Maja", "+46701740605", "p1", "2026-W49"):
        assert hidden not in main
    assert "X-Frame-Options" in answer.headers


def test_a_recalls_link_leads_into_the_booking_page_with_its_token_hidden_r2(world: World) -> None:
    path = open_recall_link(world)
    page = world.get(f"{path}?lang=sv", headers=ENGLISH)
    sent = fields_of(main_of(page))
    assert sent == {"lang": "sv", "type": "recall", "recall": path.removeprefix("/m/"), "need": NEED}
    answer = post(world, **sent)
    assert heading_of(answer.text) == "När vill du komma?"
    actor = next(call.actor for call in world.booking.calls if call.name == "days_for_need")
    assert (actor.clinic, actor.need, actor.login) == ("solna", NEED, None)


def test_a_recalls_link_proves_no_more_than_its_need(world: World) -> None:
    path = open_recall_link(world)
    sent = {**fields_of(main_of(world.get(path))), "go": "type"}
    open_clinic_with_needs(world, a_need(), booking={"without_login": False})
    assert heading_of(post(world, **sent).text) == "Log in with your mobile"


@pytest.mark.parametrize(
    ("state", "heading", "said"),
    [
        ("used", "This appointment is already booked", "Open the link in your confirmation"),
        ("expired", "Please call us to book this appointment", "Call us and we will find a time together."),
        ("closed", "There is nothing to book any more", "Call us if you have any questions."),
    ],
)
def test_a_need_that_is_over_says_so_kindly_with_the_number_b10(
    world: World, state: str, heading: str, said: str
) -> None:
    answer = world.get(open_recall_link(world, state=state), headers=ENGLISH)
    assert answer.status_code == 410
    assert heading_of(answer.text) == heading
    assert said in main_of(answer)
    assert PHONE in main_of(answer)
    assert "recall" not in fields_of(main_of(answer))


@pytest.mark.parametrize("switch", ["active", "new"])
def test_a_recall_cannot_be_booked_where_booking_is_off_b1(world: World, switch: str) -> None:
    path = open_recall_link(world)
    open_clinic_with_needs(world, booking={switch: False})
    answer = world.get(path, headers=ENGLISH)
    assert answer.status_code == 410
    assert heading_of(answer.text) == "This cannot be done online"
    assert PHONE in main_of(answer)


def test_a_forged_link_opens_nothing(world: World) -> None:
    path = open_recall_link(world)
    world.booking.answers["open_link"] = refusing(errors.NotFound)
    assert world.get(f"{path[:-1]}{'A' if path[-1] != 'A' else 'B'}").status_code == 404
    assert [call.name for call in world.booking.calls] == ["open_link"]
