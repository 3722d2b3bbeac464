"""More take time of a clinic than can be let in at once: who waits is told so, and loses nothing (ADR 25)."""

from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest
from werkzeug.test import TestResponse

from gateway.access.rush import MOVING, taking
from gateway.http.wording import LOCALES
from shared.contracts.errors import RateLimited, SlotTaken
from shared.texts.language import LANGUAGES, format_number, translations
from tests.builders.gateway.clinics import (
    CHOSEN,
    DETAILS,
    START,
    fields_of,
    heading_of,
    main_of,
    open_clinic,
)
from tests.builders.gateway.world import World, refusing

AT_ONCE = 2
KINDS = (taking("solna"), taking("solna", "h1"), MOVING)
HOLDS, BOOKINGS, REBOOK = "/v1/clinics/solna/holds", "/v1/clinics/solna/bookings", "/v1/manage/a-token/rebook"


@pytest.fixture
def world(tmp_path: Path) -> World:
    return World(tmp_path, taking_at_once=AT_ONCE)


@pytest.fixture
def rush(world: World) -> Iterator[World]:
    """Return a gateway in which as many as can be take time, of every kind."""
    open_clinic(world, identity="se.personnummer")
    with ExitStack() as inside:
        for whose in KINDS:
            for number in range(AT_ONCE):
                inside.enter_context(world.door.rush.entered(whose, f"203.0.113.{100 + number}"))
        yield world


def calls(world: World) -> list[str]:
    """Return what was asked of booking."""
    return [call.name for call in world.booking.calls]


TAKING = [
    (HOLDS, {"type": "exam", "start": START}),
    (BOOKINGS, {"type": "exam", "start": START, "patient": {}}),
    (BOOKINGS, {"type": "exam", "start": START, "patient": {}, "hold": "h1"}),
    (REBOOK, {"start": START}),
]
"""All calls that take time."""


@pytest.mark.parametrize(("address", "body"), TAKING)
def test_a_program_is_told_at_once_when_to_come_again(rush: World, address: str, body: dict[str, Any]) -> None:
    answer = rush.post(address, json=body)
    assert (answer.status_code, answer.json["code"]) == (503, "busy")
    assert answer.headers["Retry-After"] == "2"
    assert "in_doubt" not in answer.json, "nothing was begun"
    assert calls(rush) == []


@pytest.mark.parametrize(("address", "body"), TAKING)
def test_who_keeps_calling_from_one_address_leaves_others_their_turns(
    world: World, address: str, body: dict[str, Any]
) -> None:
    open_clinic(world)
    world.booking.answers |= dict.fromkeys(("hold", "book", "rebook"), refusing(SlotTaken))
    with ExitStack() as inside:
        for whose in KINDS:
            inside.enter_context(world.door.rush.entered(whose, "203.0.113.7"))
        assert world.post(address, json=body).status_code == 503
        assert world.post(address, json=body, environ={"REMOTE_ADDR": "203.0.113.8"}).status_code == 409


def choose(world: World, language: str = "en", **changes: str) -> TestResponse:
    """Choose a time on the booking page, with all details typed."""
    draft = {**CHOSEN, **DETAILS, "hold": "", "lang": language, "choose": START, **changes}
    return world.post("/solna", data=draft)


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_page_says_that_many_are_booking_and_sends_all_again_when_its_turn_comes(rush: World, language: str) -> None:
    answer = choose(rush, language)
    say = translations(LOCALES, language).gettext
    main = main_of(answer)
    assert (answer.status_code, answer.headers["Retry-After"]) == (503, "2")
    assert heading_of(answer.text) == say("Many people are booking right now")
    assert say("Nothing you have typed is lost.").replace("'", "&#39;") in main
    assert fields_of(main).items() >= {**DETAILS, "choose": START}.items()
    assert 'data-turn="2"' in main
    seconds = {"seconds": format_number(2, language)}
    note = say("This page tries again by itself in about %(seconds)s seconds.") % seconds
    assert f"data-turn-note hidden>{note}" in main
    assert f'<button class="button">{say("Try again")}</button>' in main, "without a script"
    assert calls(rush) == []


def test_who_confirms_is_sent_again_with_the_same_key(rush: World) -> None:
    answer = rush.post("/solna", data={**CHOSEN, **DETAILS, "go": "confirm", "key": "k1"})
    assert answer.status_code == 503
    assert fields_of(main_of(answer)).items() >= {"go": "confirm", "key": "k1", "hold": CHOSEN["hold"]}.items()


def test_a_page_of_other_trouble_does_not_send_itself_again(world: World) -> None:
    """Nobody says when that ends, and thousands that try again by themselves would not help."""
    open_clinic(world)
    world.booking.answers["hold"] = refusing(RateLimited, retry_after=9)
    assert "data-turn" not in choose(world).text


def test_who_has_to_wait_spends_none_of_their_tries(rush: World) -> None:
    for _ in range(3 * rush.settings.booking_rate_limit):
        assert rush.post(HOLDS, json={"type": "exam", "start": START}).status_code == 503
    assert rush.cache.keys("frontdesk:limit:*") == []


def test_staff_take_time_for_patients_all_the_same(rush: World) -> None:
    rush.booking.answers["book"] = {"reference": "R"}
    body = {"type": "exam", "start": START, "practitioner": "anna", "patient": {"id": "p"}}
    answer = rush.post("/v1/staff/clinics/solna/bookings", json=body, token=rush.log_in())
    assert answer.status_code == 201
