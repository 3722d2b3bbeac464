"""The chosen time is held while the panel is open (PRODUCT C7, B12)."""

from typing import Any

import pytest
from werkzeug.test import TestResponse

from shared.contracts.errors import SlotHeld, SlotNotOffered, Unavailable
from tests.builders.gateway.clinics import START
from tests.builders.gateway.console import Browser
from tests.builders.gateway.patients import with_eva
from tests.builders.gateway.world import World, refusing

HOLD = "/staff/solna/bookings/new/hold"
WANTED = {"type": "exam", "practitioner": "anna", "start": START, "minutes": "60"}


@pytest.fixture
def browser(clinic: World) -> Browser:
    """Return an administrator's browser at Eva's clinic."""
    return with_eva(Browser(clinic))


def asks(browser: Browser, fields: dict[str, str]) -> TestResponse:
    """Return what is answered to the panel that asks by itself."""
    return browser.post(HOLD, fields, headers={"HX-Request": "true", "HX-Target": "hold"})


def asked(browser: Browser) -> dict[str, Any]:
    return {name: value for name, value in browser.world.booking.calls[-1].fields.items() if value}


def test_c7_a_time_is_held_and_the_hold_goes_along_with_the_booking(browser: Browser) -> None:
    part = asks(browser, WANTED).text
    assert asked(browser) == {"type": "exam", "practitioner": "anna", "start": START, "minutes": 60}
    assert 'name="hold" value="h2"' in part
    assert "Held for you until 10:10." in part
    assert "every 240s" in part


def test_c7_a_hold_is_renewed_in_place_of_the_one_before_and_not_for_ever(browser: Browser) -> None:
    part = asks(browser, {**WANTED, "hold": "h1", "renewed": "4"}).text
    assert asked(browser)["replaces"] == "h1"
    assert "every 240s" not in part


def test_c7_what_somebody_else_holds_is_said(browser: Browser) -> None:
    browser.world.booking.answers["hold"] = refusing(SlotHeld)
    part = asks(browser, {**WANTED, "hold": "h1"}).text
    assert 'name="hold"' not in part
    assert 'name="replaces" value="h1"' in part
    assert 'class="alert"' in part


def test_c10_what_one_can_still_undo_keeps_the_time_from_others_alone(browser: Browser) -> None:
    browser.world.booking.answers["hold"] = refusing(SlotHeld, gives_up_undo=True)
    part = asks(browser, WANTED).text
    assert "Once you book here, you can no longer." in part
    assert 'class="alert"' not in part


def test_c6_outside_the_plan_is_asked_about_and_then_held(browser: Browser) -> None:
    browser.world.booking.answers["hold"] = refusing(SlotNotOffered)
    assert 'name="outside_plan" value="yes">' in asks(browser, WANTED).text
    browser.world.booking.answers["hold"] = {"hold": "h3", "expires": "2026-11-23T10:10:00+01:00"}
    part = asks(browser, {**WANTED, "outside_plan": "yes"}).text
    assert asked(browser)["outside_plan"] is True
    assert 'name="outside_plan" value="yes" checked' in part


def test_c7_where_nothing_can_be_held_it_is_booked_without(browser: Browser) -> None:
    browser.world.booking.answers["hold"] = refusing(Unavailable)
    part = asks(browser, WANTED)
    assert part.status_code == 200
    assert 'class="alert"' not in part.text


def test_c7_a_closed_panel_gives_the_time_back(browser: Browser) -> None:
    assert browser.post("/staff/solna/bookings/new/release", {"hold": "h1"}).status_code == 204
    assert browser.world.booking.calls[-1].args == ("h1",)
