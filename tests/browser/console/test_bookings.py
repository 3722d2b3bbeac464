"""What happens to a booking, from its panel beside the calendar, in a real browser (PRODUCT C6, C9, C10)."""

from collections.abc import Callable
from typing import Any
from urllib.parse import urlencode

import pytest
from playwright.sync_api import Page, expect

from tests.browser.called import known
from tests.browser.console.desk import Desk
from tests.browser.eyes import WINDOWS, Eyes
from tests.system.clinics import OwnClinic, a_block, a_person, at, in_days
from tests.system.installation import wait_until

DAY = in_days(6)
Sit = Callable[..., Desk]


def booked(clinic: OwnClinic, time: str = "09:00", **fields: Any) -> str:
    """Return the reference of a booking with Anna that staff made for somebody new."""
    sent = {"type": "visit", "practitioner": "anna", "start": at(DAY, time), "patient": a_person(), **fields}
    made = clinic.desk("POST", "bookings", sent)
    assert made.status == 201, made
    return str(made["reference"])


class Clicks:
    """Presses what is named, and counts."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.number = 0

    def press(self, role: Any, name: str) -> None:
        """Press a button or link of the panel."""
        self.page.locator("#panel").get_by_role(role, name=name, exact=True).first.click()
        self.number += 1


def test_c10_a_booking_is_moved_by_two_clicks_and_undone_by_one(desk: Sit, clinic: OwnClinic) -> None:
    reference = booked(clinic)
    page = desk(f"/bookings/{reference}").page
    clicks = Clicks(page)
    clicks.press("link", "Move")
    expect(page.locator("#panel")).to_contain_text("Everybody: Test")
    clicks.press("button", "10:30")
    assert clicks.number == 2
    expect(page.get_by_role("status").filter(has_text="Moved to")).to_be_visible()
    assert clinic.desk("GET", f"bookings/{reference}")["start"] == at(DAY, "10:30")
    clicks.press("button", "Undo")
    expect(page.get_by_role("status").filter(has_text="Undone. Nobody is told.")).to_be_visible()
    assert clinic.desk("GET", f"bookings/{reference}")["start"] == at(DAY, "09:00")

    def of_the_move() -> set[str]:
        told = clinic.desk("GET", "messages", booking=reference)["messages"]
        return {each["state"] for each in told if "moved" in each["event"]}

    wait_until(lambda: of_the_move() == {"withdrawn"}, "what tells of the move is withdrawn")


def test_c8_a_record_shows_what_was_done_in_the_panel_beside_it(desk: Sit, clinic: OwnClinic) -> None:
    patient = known(clinic, a_person())
    reference = booked(clinic, patient={"id": patient})
    page = desk(f"/patients/{patient}").page
    coming = page.locator("#main section", has=page.locator("#coming"))
    coming.locator(f"[href$='{reference}']").first.click()
    clicks = Clicks(page)
    clicks.press("link", "Move")
    clicks.press("button", "10:30")
    expect(page.get_by_role("status").filter(has_text="Moved to")).to_be_visible()
    expect(coming).to_contain_text("10:30")
    expect(page.locator("#panel")).to_contain_text("10:30")
    page.locator("#panel [data-close]").click()
    page.get_by_role("link", name="Correct").click()
    page.locator("#panel [name=last_name]").fill("Renamed")
    page.locator("#panel").get_by_role("button", name="Save").click()
    expect(page.locator("#main h1")).to_contain_text("Renamed")
    expect(page.locator("#panel")).to_be_empty()


def test_c10_a_booking_is_cancelled_by_two_clicks_and_a_third_tells_nobody(desk: Sit, clinic: OwnClinic) -> None:
    reference = booked(clinic)
    page = desk(f"/bookings/{reference}").page
    clicks = Clicks(page)
    clicks.press("link", "Cancel appointment")
    page.locator("#panel [name=comment]").fill("Has a cold")
    clicks.press("radio", "Nobody")
    expect(page.locator("#panel [name=tell][value=none]")).to_be_checked()
    clicks.press("button", "Cancel appointment")
    assert clicks.number == 3
    expect(page.get_by_role("status").filter(has_text="Cancelled.")).to_be_visible()
    expect(page.locator("#panel")).to_contain_text("Has a cold")
    assert clinic.desk("GET", f"bookings/{reference}")["status"] == "cancelled"


def test_c10_a_time_that_was_just_freed_is_given_to_another_which_is_the_end_of_undoing(
    desk: Sit, clinic: OwnClinic
) -> None:
    reference = booked(clinic)
    other = clinic.desk("POST", "patients", {"first_name": "Karin", "last_name": "Fyrgren"})["id"]
    at_desk = desk(f"/bookings/{reference}/cancel")
    panel = at_desk.page.locator("#panel")
    Clicks(at_desk.page).press("button", "Cancel appointment")
    expect(panel).to_contain_text("Once you give somebody else the freed time, this can no longer be undone.")
    there = urlencode({"start": at(DAY, "09:00"), "practitioner": "anna", "patient": other})
    at_desk.page.goto(f"/staff/{clinic.key}/bookings/new?{there}")
    expect(panel).to_contain_text("Once you book here, you can no longer.")
    Clicks(at_desk.page).press("button", "Book")
    expect(at_desk.page.get_by_role("status").filter(has_text="Booked.")).to_be_visible()
    assert clinic.desk("GET", f"bookings/{reference}")["undo_until"] is None


def test_c9_one_press_notes_who_has_arrived_and_takes_it_back(desk: Sit, clinic: OwnClinic) -> None:
    today = {"start": at(in_days(0), "00:00"), "outside_plan": True}
    reference = booked(clinic, **today)
    page = desk(f"/bookings/{reference}").page
    Clicks(page).press("button", "Arrived")
    expect(page.locator("#panel")).to_contain_text("Arrived at")
    Clicks(page).press("button", "Not arrived after all")
    expect(page.get_by_role("status").filter(has_text="No longer noted as arrived.")).to_be_visible()


def test_what_changed_under_ones_hands_is_said_and_what_was_typed_stays(desk: Sit, clinic: OwnClinic) -> None:
    reference = booked(clinic)
    page = desk(f"/bookings/{reference}").page
    clinic.desk("POST", f"bookings/{reference}/note", {"text": "From the other desk"})
    page.locator("#panel [name=note]").fill("Mine")
    Clicks(page).press("button", "Save note")
    expect(page.get_by_role("alert")).to_contain_text("Somebody else has changed this in the meantime")
    assert page.locator("#panel [name=note]").input_value() == "Mine"


def test_everything_is_done_without_scripts_too(desk: Sit, clinic: OwnClinic) -> None:
    reference = booked(clinic)
    page = desk(f"/bookings/{reference}", java_script_enabled=False).page
    page.get_by_role("link", name="Move", exact=True).click()
    page.get_by_role("button", name="11:00", exact=True).click()
    expect(page.locator(".notice")).to_contain_text("Moved to")
    page.get_by_role("button", name="Undo").click()
    expect(page.locator(".notice")).to_contain_text("Undone")


def test_a_long_question_leaves_a_telephone_number_whole(desk: Sit, clinic: OwnClinic) -> None:
    question = {"key": "fear", "kind": "text", "label": "Are you nervous about seeing the dentist? " * 2}
    clinic.apply(a_block("08:00", "12:00"), fields=[question])
    reference = booked(clinic, answers={"fear": "A little"})
    page = desk(f"/bookings/{reference}", **WINDOWS["telephone"]).page
    number = page.locator("#panel a[href^='tel:']")
    expect(number).to_be_visible()
    assert number.evaluate(
        "each => each.getBoundingClientRect().right <= each.closest('dl').getBoundingClientRect().right"
    )


@pytest.mark.parametrize("window", list(WINDOWS))
@pytest.mark.parametrize("language", ["en", "fa"])
def test_every_panel_is_fit_for_everybody(desk: Sit, clinic: OwnClinic, window: str, language: str) -> None:
    reference = booked(clinic, message="Ring at the back door, please.")
    clinic.desk("POST", f"bookings/{reference}/note", {"text": "Afraid of the drill"})
    clinic.desk("POST", f"bookings/{reference}/rebook", {"start": at(DAY, "09:30"), "tell": "none"})
    page = desk(f"/bookings/{reference}", **WINDOWS[window], locale=language).page
    eyes = Eyes(page, f"booking-{language}-{window}")
    for path in ("", "/move", "/cancel", f"/move?start={at(DAY, '10:00').replace('+', '%2B')}&practitioner=bo"):
        page.goto(f"/staff/{clinic.key}/bookings/{reference}{path}")
        page.evaluate("document.querySelectorAll('#panel details').forEach((each) => { each.open = true; })")
        eyes.look(path.strip("/").partition("?")[0] or "panel")
        assert page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth"), path
    assert eyes.faults == {}
