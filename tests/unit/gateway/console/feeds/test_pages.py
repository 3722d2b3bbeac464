"""The console's page of secret addresses by which other programs show a calendar (PRODUCT C16)."""

from html import unescape
from typing import Any

import pytest

from gateway.access.sessions import Account
from shared.contracts.errors import Invalid
from tests.builders.gateway.clinics import heading_of
from tests.builders.gateway.console import THERAPIST, Browser
from tests.builders.gateway.world import World

AT = "/staff/solna/calendar-feeds"
ROW = {
    "id": "f1", "practitioner": "anna", "names": False, "email": "ann@solna.example", "own": True,
    "created_at": "2026-11-20T08:00:00+00:00", "fetched_at": "2026-11-23T07:15:00+00:00",
}  # fmt: skip


@pytest.fixture
def world(clinic: World) -> World:
    """Return a clinic where an address was made."""
    clinic.staff.answers |= {"calendar_feeds": {"feeds": [ROW]}, "remove_calendar_feed": None}
    clinic.staff.answers["add_calendar_feed"] = lambda _clinic, **fields: {**ROW, **fields, "token": "c123"}
    return clinic


def shown(browser: Browser, path: str = AT, **options: Any) -> str:
    """Return a page as its reader sees it."""
    return unescape(browser.get(path, **options).text)


def test_c16_it_shows_what_was_made_for_whom_and_when_it_was_last_fetched(world: World) -> None:
    page = shown(Browser(world, THERAPIST))
    assert heading_of(page) == "Calendar in other programs"
    for said in ("Busy times only", "23 Nov at 08:15", "Revoke"):
        assert said in page
    assert ROW["email"] not in page, "for a therapist all are their own"
    assert "c123" not in page
    world.staff.answers["calendar_feeds"] = {"feeds": []}
    assert "No address has been made yet." in shown(Browser(world, THERAPIST))


def test_c1_a_therapist_makes_one_of_their_own_calendar_without_choosing(world: World) -> None:
    page = shown(Browser(world, THERAPIST))
    assert "<select" not in page.partition('id="make"')[2].partition("</form>")[0]


def test_c16_the_address_is_shown_once_with_how_to_use_it(world: World) -> None:
    browser = Browser(world, THERAPIST)
    made = browser.post(AT, {"practitioner": "anna", "names": "yes"})
    page = unescape(made.text)
    assert (made.status_code, made.headers["Cache-Control"]) == (200, "no-store")
    assert heading_of(page) == "The address is made"
    _, _, address = f"{world.settings.public_url}/calendar/c123.ics".partition("://")
    for said in (f'value="{world.settings.public_url}/calendar/c123.ics"', f"webcal://{address}", "Outlook", "Google"):
        assert said in page
    call = next(each for each in world.staff.calls if each.name == "add_calendar_feed")
    assert call.fields == {"practitioner": "anna", "names": True, "language": "en"}


def test_what_is_refused_is_told_beside_the_form(world: World) -> None:
    why = "You have as many calendar addresses as one may have. Revoke those that you no longer use."
    world.staff.answers["add_calendar_feed"] = Invalid.because(why)
    answer = Browser(world, THERAPIST).post(AT, {"practitioner": "anna"})
    assert answer.status_code == 422
    assert why in unescape(answer.text)


def test_c16_an_address_is_revoked_by_a_press(world: World) -> None:
    browser = Browser(world, THERAPIST)
    answer = browser.post(f"{AT}/f1/revoke", {})
    assert (answer.status_code, answer.headers["Location"]) == (303, f"{AT}?done=revoked")
    assert world.staff.calls[-1].args == ("solna", "f1")
    assert "The address is revoked." in shown(browser, f"{AT}?done=revoked")


def test_the_administrator_of_the_installation_has_no_account_and_makes_none(world: World) -> None:
    page = shown(Browser(world, Account("admin@frontdesk.example", None)))
    assert "Make an address" not in page
    assert ROW["email"] in page
