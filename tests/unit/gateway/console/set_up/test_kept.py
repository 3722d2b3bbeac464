"""Periods are typed in days, and what they delete is shown before they are saved, and afterwards (A3, ADR 58)."""

import re
from html import unescape

import pytest

from shared.contracts.errors import Unavailable
from tests.builders.gateway.console import Browser
from tests.builders.gateway.kept import tell_of_retention
from tests.builders.gateway.set_up import put_in_force
from tests.builders.gateway.set_up_forms import SET_UP, checked_document, typed
from tests.builders.gateway.world import World, refusing

GOES = "This goes in the night after saving, and does not come back"


@pytest.fixture
def browser(world: World) -> Browser:
    """Return the browser of an administrator, where much is old."""
    put_in_force(world)
    tell_of_retention(world, bookings=1234, messages=10_000)
    return Browser(world)


def told(text: str) -> str:
    """Return what a page says, without its tags."""
    return " ".join(re.sub(r"<[^>]+>", " ", unescape(text)).split())


def test_a3_what_periods_delete_is_shown_before_they_are_saved(browser: Browser) -> None:
    page = typed(
        browser, "/retention",
        retention__bookings__number="3653", retention__messages__number="365", retention__watch_list__number="90",
    )  # fmt: skip
    assert checked_document(browser)["retention"]["bookings"] == "3653d"
    _, _, below = told(page.text).partition(GOES)
    assert "Who past appointments were for: 1234" in below
    assert "Texts and addresses of messages: more than 10000" in below
    assert "Done entries of the watch list: none yet" in below
    asked = [call.fields for call in browser.world.notification.calls if "messages" in call.fields]
    assert asked == [{"messages": "365d"}], "of what is another alone, and it is counted by its service"


def test_a3_what_is_kept_for_ever_deletes_nothing_and_nothing_is_asked(browser: Browser) -> None:
    page = typed(browser, "/retention", retention__access_log__number="")
    assert checked_document(browser)["retention"]["access_log"] is None
    assert GOES not in told(page.text)
    assert "retention" not in [call.name for call in browser.world.booking.calls if "bookings" in call.fields]


def test_a3_it_is_said_where_a_service_is_away_that_would_have_to_count(browser: Browser) -> None:
    browser.world.booking.answers["retention"] = refusing(Unavailable.because("away"))
    page = told(typed(browser, "/retention", retention__bookings__number="365").text)
    assert "What would be deleted cannot be told just now. Try again before you save." in page
    assert "It cannot be told just now." in page
    assert typed(browser, "/clinic", name="Another").status_code == 200, "other parts of the set-up ask nobody"


def test_a3_the_page_says_when_it_ran_last_and_what_it_deleted(browser: Browser) -> None:
    _, _, below = told(browser.get(f"{SET_UP}/retention").text).partition("What was deleted last")
    assert re.search(r"Access log .*22 November 2026.* 41 ", below)
    assert "Who past appointments were for – –" in below


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"retention__bookings__number": "7"}, "30"),
        ({"retention__patients__number": "100"}, "365"),
        ({"retention__patients__number": "1000", "retention__needs__number": "365"}, "This shows who still comes."),
    ],
)
def test_a3_too_short_a_period_is_refused_with_what_is_possible(
    browser: Browser, fields: dict[str, str], said: str
) -> None:
    page = typed(browser, "/retention", **fields)
    assert page.status_code == 422
    assert said in told(page.text).partition("There is a problem")[2][:200]
