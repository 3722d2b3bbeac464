"""The pages by which a password is chosen (C4)."""

import pytest
from werkzeug.test import TestResponse

from shared.contracts.errors import Gone, Invalid, Unavailable
from shared.texts.language import LANGUAGES
from tests.builders.gateway.clinics import heading_of
from tests.builders.gateway.visits import ENGLISH
from tests.builders.gateway.world import World, refusing

LINK = "/staff/-/password/T0KEN"
FORGOTTEN = "/staff/-/reset"
OPENED = {"email": "ann@solna.example", "purpose": "invitation", "clinic": "solna"}
SECRET = "one of her very own"


def choose(world: World, password: str = SECRET) -> TestResponse:
    """Send a password."""
    return world.post(LINK, data={"password": password}, headers=ENGLISH)


@pytest.fixture
def opened(world: World) -> World:
    """Return a gateway whose link opens."""
    world.staff.answers["open_reset"] = OPENED
    return world


def test_a_link_asks_for_a_password_and_says_whose_it_is(opened: World) -> None:
    page = opened.get(LINK, headers=ENGLISH)
    assert (page.status_code, heading_of(page.text)) == (200, "Choose a password")
    assert "ann@solna.example" in page.text
    assert 'type="password"' in page.text
    assert 'autocomplete="new-password"' in page.text
    assert page.headers["Cache-Control"] == "no-store"
    assert page.headers["X-Frame-Options"] == "DENY"


def test_what_is_chosen_is_saved_and_not_shown(opened: World) -> None:
    page = choose(opened)
    assert (page.status_code, heading_of(page.text)) == (200, "Your password is saved")
    assert SECRET not in page.text
    call = opened.staff.calls[-1]
    assert (call.name, call.args, call.fields, call.actor.kind) == (
        "reset",
        ("T0KEN",),
        {"password": SECRET},
        "service",
    )


def test_a_password_that_is_none_is_told_at_its_field_and_not_shown_again(opened: World) -> None:
    text = "Use at least 12 characters; several words are good."
    opened.staff.answers["reset"] = Invalid.because(text, errors={"password": [text]})
    page = choose(opened, "short one")
    assert page.status_code == 422
    assert page.text.count(text) == 2, "in the summary and at the field"
    assert "short one" not in page.text


def test_nothing_typed_is_asked_for_without_asking_anybody(opened: World) -> None:
    page = choose(opened, "")
    assert page.status_code == 422
    assert [call.name for call in opened.staff.calls] == ["open_reset"]


@pytest.mark.parametrize("method", ["GET", "POST"])
def test_a_link_that_is_over_says_what_to_do(world: World, method: str) -> None:
    world.staff.answers["open_reset"] = refusing(Gone)
    page = world.send(method, LINK, headers=ENGLISH)
    assert (page.status_code, heading_of(page.text)) == (410, "This link is no longer valid")
    assert f'href="{FORGOTTEN}"' in page.text


def test_where_the_service_is_away_the_password_is_not_written_into_the_page(opened: World) -> None:
    opened.staff.answers["reset"] = refusing(Unavailable)
    page = choose(opened)
    assert page.status_code == 503
    assert SECRET not in page.text


def test_whoever_has_forgotten_their_password_is_told_the_same_whoever_they_are(world: World) -> None:
    assert heading_of(world.get(FORGOTTEN, headers=ENGLISH).text) == "Forgotten your password?"
    page = world.post(FORGOTTEN, data={"email": "ann@solna.example", "lang": "sv"})
    call = world.staff.calls[-1]
    assert (call.name, call.fields) == ("ask_reset", {"email": "ann@solna.example", "language": "sv"})
    world.staff.answers["ask_reset"] = refusing(Invalid)
    wrong = world.post(FORGOTTEN, data={"email": "no address", "lang": "sv"})
    assert (page.status_code, wrong.status_code) == (200, 200)
    assert page.text.replace("ann@solna.example", "no address") == wrong.text


def test_an_address_is_needed_and_asked_for_ten_times_in_a_quarter_of_an_hour(world: World) -> None:
    assert world.post(FORGOTTEN, data={}, headers=ENGLISH).status_code == 422
    pages = [world.post(FORGOTTEN, data={"email": "a@b.example"}, headers=ENGLISH) for _ in range(11)]
    assert [page.status_code for page in pages] == [200] * 10 + [429]
    assert "There were too many attempts." in pages[-1].text
    assert int(pages[-1].headers["Retry-After"]) > 0


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("path", [LINK, FORGOTTEN])
def test_the_pages_speak_the_reader_s_language(opened: World, path: str, language: str) -> None:
    page = opened.get(f"{path}?lang={language}")
    assert page.headers["Content-Language"] == language
    assert f'lang="{language}"' in page.text
