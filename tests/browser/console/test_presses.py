"""How often one presses something, from the calendar, for what is done most (PRODUCT C2, C6, C7, C9, C10)."""

import re
from collections.abc import Callable
from datetime import datetime

import pytest
from playwright.sync_api import Locator, expect

from tests.browser.console.desk import Desk, asked_for
from tests.browser.console.mornings import morning_zone
from tests.browser.console.presses import count_presses, presses
from tests.browser.visitor import Visitor
from tests.system.api_client import Client, staff
from tests.system.clinics import OwnClinic, a_block, a_person, own_clinic
from tests.system.installation import ADMIN, Installation

ZONE = morning_zone()


def today(clock: str) -> str:
    """Return a moment of the clinic's today."""
    return f"{datetime.now(ZONE).date()}T{clock}:00{datetime.now(ZONE).isoformat()[-6:]}"


def booked(clinic: OwnClinic, clock: str) -> str:
    """Book with Anna today; return the reference."""
    sent = {"type": "visit", "practitioner": "anna", "start": today(clock), "patient": a_person()}
    return str(clinic.desk("POST", "bookings", sent)["reference"])


@pytest.fixture
def at_desk(visit: Callable[..., Visitor], running: Installation) -> Desk:
    """Return somebody before today's calendar of a clinic where it is morning, whose presses are counted."""
    clinic = own_clinic(Client(running.url), staff(running.url, *ADMIN), a_block("08:00", "20:00"), time_zone=ZONE.key)
    page = visit(locale="en-GB", viewport={"width": 1280, "height": 900}).page
    count_presses(page)
    return Desk(page, clinic)


def on(card: Locator, what: str) -> None:
    """Press what a booking offers when the pointer is over it."""
    card.hover(position={"x": 20, "y": 10})
    card.page.locator(f"[data-card-menu] [data-does={what}]").click()


def test_what_is_done_most_takes_few_presses_from_the_calendar(at_desk: Desk) -> None:
    clinic, page = at_desk.clinic, at_desk.page
    known = clinic.desk("POST", "patients", {"first_name": "Karin", "last_name": "Fyrgren"})["id"]
    arrives, moves = booked(clinic, "14:00"), booked(clinic, "15:00")
    at_desk.sign_in()
    panel, said = page.locator("#panel"), page.get_by_role("status")
    before = presses(page)

    def since() -> int:
        nonlocal before
        before, earlier = presses(page), before
        return before - earlier

    on(at_desk.booking(arrives), "arrived")
    expect(said.filter(has_text="Noted as arrived.")).to_be_visible()
    assert since() == 1, "arrived"
    expect(at_desk.booking(arrives)).to_have_accessible_name(re.compile("has arrived"))

    on(at_desk.booking(moves), "move")
    panel.get_by_role("button", name="16:30", exact=True).click()
    expect(said.filter(has_text="Moved to 16:30")).to_be_visible()
    assert since() == 2, "moved"

    on(at_desk.booking(moves), "cancel")
    panel.get_by_role("button", name="Cancel appointment").click()
    expect(said.filter(has_text="Cancelled.")).to_be_visible()
    assert since() == 2, "cancelled"

    page.locator(".calendar-head").get_by_role("link", name="New booking").click()
    panel.locator("a.time").first.click()
    expect(panel.locator("#hold [name=hold]")).to_be_attached()
    assert since() == 2, "the next free time found, and held"

    at_desk.place("anna", "12:00").click()
    panel.locator("#q").press_sequentially("fyrgren")
    panel.locator("#found a", has_text="Fyrgren").click()
    panel.get_by_role("button", name="Book", exact=True).click()
    expect(said.filter(has_text="Booked.")).to_be_visible()
    assert since() <= 4, "a known patient booked"
    (made,) = clinic.desk("GET", "bookings", patient=known)["bookings"]
    assert made["start"] == today("12:00")


def test_what_a_booking_offers_stays_where_the_page_moves_or_is_drawn_anew_under_a_mouse_that_rests(
    at_desk: Desk,
) -> None:
    """C9: nobody takes the mouse away and back because somebody else books, or the wheel turned a little."""
    reference = booked(at_desk.clinic, "14:00")
    page = at_desk.sign_in().page
    page.set_viewport_size({"width": 1280, "height": 500})
    cancel, grid = page.locator("[data-card-menu] [data-does=cancel]"), page.locator("#calendar [data-grid]")
    at_desk.booking(reference).hover(position={"x": 20, "y": 20})
    expect(cancel).to_be_visible()
    before = grid.evaluate("grid => grid.scrollTop")
    page.mouse.wheel(0, 8)
    page.wait_for_function("before => document.querySelector('#calendar [data-grid]').scrollTop !== before", arg=before)
    expect(cancel).to_be_visible()
    expect(at_desk.booking(booked(at_desk.clinic, "17:00"))).to_be_attached()
    expect(cancel).to_be_visible()
    cancel.click()
    expect(page.locator("#panel").get_by_role("button", name="Cancel appointment")).to_be_visible()


def test_the_same_by_letters_where_a_booking_has_the_focus(at_desk: Desk) -> None:
    reference = booked(at_desk.clinic, "14:00")
    page = at_desk.sign_in().page
    at_desk.booking(reference).focus()
    page.keyboard.press("a")
    expect(page.get_by_role("status").filter(has_text="Noted as arrived.")).to_be_visible()
    at_desk.booking(reference).focus()
    assert asked_for(page, lambda: page.keyboard.press("c"), f"/bookings/{reference}/cancel") == {}
