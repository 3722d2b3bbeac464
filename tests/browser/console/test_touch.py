"""The calendar by finger, and in narrow windows (PRODUCT C6)."""

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.console.desk import Desk, asked_for
from tests.browser.eyes import WINDOWS
from tests.system.clinics import OwnClinic, a_person, at, in_days

Desks = Callable[..., Desk]
DAY = in_days(12)
CALENDAR = f"/calendar?date={DAY}"
NARROW: dict[str, dict[str, Any]] = {
    "zoomed to 200 %": {"viewport": {"width": 640, "height": 450}},
    "telephone": WINDOWS["telephone"],
}


def booked(clinic: OwnClinic) -> str:
    """Book with Anna at nine as staff; return the reference."""
    sent = {"type": "visit", "practitioner": "anna", "start": at(DAY, "09:00"), "patient": a_person()}
    return str(clinic.desk("POST", "bookings", sent)["reference"])


def drag(item: Locator, *, to: Locator, from_end: bool = False, to_end: bool = False) -> None:
    """Rest a finger on an item, at its middle or its end, until it is held, and drag it to a place."""
    page = item.page
    to.scroll_into_view_if_needed()
    item.scroll_into_view_if_needed()
    start, end = item.bounding_box(), to.bounding_box()
    assert start
    assert end
    x, first = start["x"] + start["width"] / 3, start["y"] + (start["height"] - 2 if from_end else 4)
    last = end["y"] + (end["height"] if to_end else 4)
    session = page.context.new_cdp_session(page)

    def touch(kind: str, *points: float) -> None:
        session.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": [{"x": x, "y": y} for y in points]})

    touch("touchStart", first)
    page.locator(".ghost").wait_for(state="attached")
    for step in range(1, 9):
        touch("touchMove", first + (last - first) * step / 8)
    touch("touchEnd")


def test_c6_a_finger_that_rests_moves_a_booking_lengthens_it_and_blocks_a_place(clinic: OwnClinic, desk: Desks) -> None:
    reference = booked(clinic)
    at_desk = desk(CALENDAR, **WINDOWS["telephone"])
    page = at_desk.page
    card, moving = at_desk.booking(reference), f"/bookings/{reference}/move"

    asked = asked_for(page, lambda: drag(card, to=at_desk.place("anna", "10:00")), moving)
    assert asked == {"start": at(DAY, "10:00"), "practitioner": "anna"}

    page.goto(f"/staff/{clinic.key}{CALENDAR}")
    longer = lambda: drag(card, to=at_desk.place("anna", "09:45"), from_end=True, to_end=True)  # noqa: E731
    assert asked_for(page, longer, moving) == {"start": at(DAY, "09:00"), "practitioner": "anna", "minutes": "60"}

    page.goto(f"/staff/{clinic.key}{CALENDAR}")

    def block() -> None:
        drag(at_desk.place("anna", "10:00"), to=at_desk.place("anna", "10:45"), to_end=True)
        page.get_by_role("button", name="Block this time").tap()

    asked = asked_for(page, block, "/absences/new")
    assert asked == {"practitioner": "anna", "from": f"{DAY}T10:00", "to": f"{DAY}T11:00"}


def test_c6_a_finger_that_does_not_rest_scrolls_and_opens(clinic: OwnClinic, desk: Desks) -> None:
    reference = booked(clinic)
    at_desk = desk(CALENDAR, **WINDOWS["telephone"])
    assert asked_for(at_desk.page, at_desk.booking(reference).tap, f"/bookings/{reference}") == {}
    expect(at_desk.page.locator("#panel .booking-who")).to_be_visible()


def is_too_wide(page: Page) -> bool:
    """Tell whether one would have to scroll sideways."""
    return bool(page.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth"))


@pytest.mark.parametrize("window", NARROW)
@pytest.mark.parametrize("language", ["en-GB", "fa-IR"])
def test_c6_in_a_narrow_window_nothing_is_wider_than_it_and_everything_is_reached(
    clinic: OwnClinic, desk: Desks, window: str, language: str
) -> None:
    """The calendar, a booking beside it, and a new one: what acts can be pressed."""
    reference = booked(clinic)
    at_desk = desk(CALENDAR, locale=language, **NARROW[window])
    page, panel = at_desk.page, at_desk.page.locator("#panel")
    assert not is_too_wide(page)
    at_desk.booking(reference).click()
    panel.locator(f"a[href$='{reference}/move']").click(trial=True)
    assert not is_too_wide(page)
    panel.locator("[data-close]").click()
    at_desk.place("anna", "10:00").click()
    panel.locator("#q").click(trial=True)
    assert not is_too_wide(page)
