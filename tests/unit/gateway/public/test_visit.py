"""Every step of a visit has an address: what was typed lies with us, and only a cookie opens it (ADR 29, B22)."""

from typing import Any

import pytest
from werkzeug.test import TestResponse

from gateway.public.visit import COOKIE
from tests.builders.gateway.clinics import CHOSEN, DETAILS, START, fields_of, heading_of, main_of, open_clinic
from tests.builders.gateway.logins import session_of
from tests.builders.gateway.visits import ENGLISH, followed
from tests.builders.gateway.world import World

LONG_NAMED = {**DETAILS, "patient.first_name": "Evangelina", "patient.last_name": "Lindqvist"}
"""Names that stand by chance in no visit's address."""


def arrive(world: World, **document: Any) -> None:
    """Open a clinic's page, which leaves the cookie."""
    open_clinic(world, **document)
    world.get("/solna", headers=ENGLISH)


def send(world: World, path: str = "/solna", origin: str | None = "http://localhost", **fields: str) -> TestResponse:
    headers = ENGLISH if origin is None else {**ENGLISH, "Origin": origin}
    return world.post(path, data=fields, headers=headers)


def test_the_cookie_is_for_this_host_alone_and_no_script_reads_it(world: World) -> None:
    open_clinic(world)
    (cookie,) = world.get("/solna").headers.getlist("Set-Cookie")
    name, *attributes = cookie.split("; ")
    assert name.startswith(f"{COOKIE}=")
    assert {*attributes} == {"Secure", "HttpOnly", "Path=/", "SameSite=None", "Partitioned"}


def test_each_step_leads_to_an_address_without_what_was_typed_b22(world: World) -> None:
    arrive(world)
    answer = send(world, **CHOSEN, **LONG_NAMED, go="review")
    for typed in LONG_NAMED.values():
        assert typed not in answer.location
    review = followed(world, answer)
    assert heading_of(review.text) == "Check your answers"
    assert "070-174 06 05" in review.text
    assert not fields_of(review.text).keys() & DETAILS.keys()
    details = followed(world, send(world, **{**fields_of(main_of(review)), "go": "details"}))
    assert heading_of(details.text) == "Your details"
    assert 'value="19850412-1230"' in details.text, "the number is there after going back"


def test_a_time_that_is_taken_at_once_leads_to_a_form_that_is_filled_in_again_on_going_back(world: World) -> None:
    """Its address knows the visit already."""
    arrive(world)
    form = send(world, type="exam", practitioner="anna", choose=START)
    followed(world, send(world, **fields_of(main_of(followed(world, form))), **DETAILS, go="review"))
    assert 'value="19850412-1230"' in followed(world, form).text


def test_the_confirmation_has_an_address_too_and_books_nothing_when_loaded_again(world: World) -> None:
    arrive(world)
    review = followed(world, send(world, **CHOSEN, **DETAILS, go="review"))
    booked = send(world, **{**fields_of(main_of(review)), "go": "confirm"})
    for _ in range(2):
        assert heading_of(followed(world, booked).text) == "Your appointment is booked"
    assert [call.name for call in world.booking.calls] == ["book"]
    assert "7K3M9QX2VT" not in booked.location


def test_a_review_that_is_sent_twice_is_one_booking_b13(world: World) -> None:
    arrive(world)
    review = followed(world, send(world, **CHOSEN, **DETAILS, go="review"))
    fields = {**fields_of(main_of(review)), "go": "confirm"}
    for _ in range(2):
        assert heading_of(followed(world, send(world, **fields)).text) == "Your appointment is booked"
    assert [call.name for call in world.booking.calls] == ["book"]


@pytest.mark.parametrize("go", ["review", "details", ""])
def test_who_goes_back_after_booking_reads_that_it_is_booked_and_not_that_the_time_is_held_for_them_b13(
    world: World, go: str
) -> None:
    arrive(world)
    led = send(world, **CHOSEN, **DETAILS, go="review")
    review = fields_of(main_of(followed(world, led)))
    send(world, **{**review, "go": "confirm"})
    back = world.get(led.location.replace("go=review", f"go={go}"), headers=ENGLISH)
    assert heading_of(followed(world, back).text) == "Your appointment is booked"
    other_tab = send(world, **{**review, "key": "of another tab", "go": "confirm"})
    assert heading_of(followed(world, other_tab).text) == "Your appointment is booked"
    assert [call.name for call in world.booking.calls] == ["book"]


def test_a_draft_is_of_one_clinic(world: World) -> None:
    arrive(world)
    led = send(world, **CHOSEN, **LONG_NAMED, go="review")
    elsewhere = world.get(led.location.replace("/solna", "/tanum"), headers=ENGLISH)
    assert LONG_NAMED["patient.first_name"] not in elsewhere.text
    assert heading_of(elsewhere.text) == "Your details"


def test_a_login_lasts_as_long_as_its_session_on_the_pages_too_b14(world: World) -> None:
    arrive(world)
    followed(world, send(world, session=session_of(world), type="acute"))
    (session,), (draft,) = (world.cache.keys(f"frontdesk:{each}:*") for each in ("patient-session", "draft"))
    assert world.cache.ttl(draft) >= world.cache.ttl(session) - 5


def test_a_login_lies_in_the_draft_and_in_no_address_b14(world: World) -> None:
    arrive(world)
    session = session_of(world)
    answer = send(world, session=session, type="acute")
    assert session not in answer.location
    shown = followed(world, answer).text
    assert session not in shown
    assert 'method="get"' in shown.split("<main")[1], "its days are links again"


@pytest.mark.parametrize("origin", [None, "null", "https://elsewhere.example"])
def test_a_form_that_another_site_sends_opens_no_draft(world: World, origin: str | None) -> None:
    arrive(world)
    kept = followed(world, send(world, **CHOSEN, **DETAILS, go="review"))
    stolen = {name: text for name, text in fields_of(main_of(kept)).items() if name != "key"}
    answer = send(world, origin=origin, **stolen, go="confirm")
    assert [call.name for call in world.booking.calls] == []
    assert "070-174 06 05" not in answer.text


def test_an_address_opens_nothing_without_the_cookie(world: World) -> None:
    arrive(world)
    answer = send(world, **CHOSEN, **DETAILS, go="review")
    world.client.delete_cookie(COOKIE, domain="localhost")
    elsewhere = world.get(answer.location, headers=ENGLISH)
    assert "070-174 06 05" not in elsewhere.text
    assert heading_of(elsewhere.text) == "Your details"


def test_where_the_cookie_does_not_come_back_the_pages_carry_what_was_typed(world: World) -> None:
    open_clinic(world)
    html = send(world, **CHOSEN, **DETAILS, go="review").text
    assert fields_of(html).items() >= DETAILS.items()


def test_a_box_that_is_emptied_is_empty(world: World) -> None:
    arrive(world)
    first = {**DETAILS, "patient.email": "eva@example.org", "patient.no_email": "1"}
    review = followed(world, send(world, **CHOSEN, **first, go="review"))
    kept = fields_of(main_of(review))
    again = followed(world, send(world, **{**kept, **DETAILS, "patient.email": "", "go": "review"}))
    assert "eva@example.org" not in again.text
    assert "No emails" not in again.text


def test_mistakes_are_shown_at_an_address_too(world: World) -> None:
    arrive(world)
    answer = followed(world, send(world, **CHOSEN, **{**DETAILS, "patient.mobile": "12"}, go="review"))
    assert answer.status_code == 422
    assert heading_of(answer.text) == "Your details"
    assert 'value="Eva"' in answer.text


def test_a_time_that_is_chosen_after_the_details_leads_to_the_address_of_the_review(world: World) -> None:
    arrive(world)
    kept = fields_of(main_of(followed(world, send(world, **CHOSEN, **DETAILS, go="review"))))
    world.booking.calls.clear()
    answer = send(world, **{**kept, "choose": START})
    assert "go=review" in answer.location
    assert heading_of(followed(world, answer).text) == "Check your answers"


def test_the_own_page_has_an_address_once_somebody_has_logged_in_m7(world: World) -> None:
    arrive(world)
    world.booking.answers["my_bookings"] = {"bookings": [], "next": None}
    world.patient.answers["needs"] = {"needs": [], "next": None}
    session = session_of(world)
    answer = send(world, "/solna/my", session=session)
    assert session not in answer.location
    assert heading_of(followed(world, answer).text) == "Your appointments"
