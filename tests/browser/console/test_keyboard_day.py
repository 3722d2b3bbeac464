"""A receptionist's whole day by keyboard alone (PRODUCT C2, C8, C9, C10, M5)."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.console.mornings import morning_zone
from tests.browser.visitor import Visitor
from tests.system.api_client import Client, staff
from tests.system.clinics import OwnClinic, a_block, a_person, in_days, own_clinic
from tests.system.installation import ADMIN, Installation, wait_until

MOST_TABS = 120


@pytest.fixture
def clinic(running: Installation) -> OwnClinic:
    """Return a clinic where it is morning."""
    return own_clinic(
        Client(running.url),
        staff(running.url, *ADMIN),
        a_block("08:00", "20:00"),
        country="SE",
        time_zone=morning_zone().key,
    )


def tab_to(wanted: Locator) -> None:
    """Press Tab until something has the focus."""
    expect(wanted).to_be_visible()
    for _ in range(MOST_TABS):
        if wanted.evaluate("element => element === document.activeElement"):
            return
        wanted.page.keyboard.press("Tab")
    raise AssertionError(f"it cannot be reached by keyboard: {wanted}")


def press(wanted: Locator) -> None:
    """Go to something by keys, and press Enter on it."""
    tab_to(wanted)
    wanted.page.keyboard.press("Enter")


def sign_in(page: Page, clinic: OwnClinic) -> None:
    """Sign in and be led to the calendar."""
    page.goto(f"/staff/{clinic.key}")
    for name, text in zip(("email", "password"), ADMIN, strict=True):
        tab_to(page.locator(f"main [name={name}]"))
        page.keyboard.type(text)
    page.keyboard.press("Enter")
    page.locator("#calendar").wait_for()


def test_c2_a_whole_day_at_the_desk_by_keyboard_alone(visit: Callable[..., Visitor], clinic: OwnClinic) -> None:
    known = clinic.desk("POST", "patients", {"first_name": "Karin", "last_name": "Fyrgren", "mobile": "+46701740658"})
    assert known.status == 201, known
    page = visit(locale="en-GB", viewport={"width": 1280, "height": 900}).page
    sign_in(page, clinic)

    tab_to(page.locator("header [type=search]"))
    page.keyboard.type("fyrgren")
    page.keyboard.press("Enter")
    expect(page.locator(".record-head h1")).to_have_text("Karin Fyrgren")
    press(page.locator(".record-head a", has_text="Book"))
    press(page.locator("a.time").first)
    expect(page.locator("#hold input[name=hold]")).to_be_attached()
    press(page.locator("#book button", has_text="Book"))
    page.wait_for_url("**/bookings/*?done=booked*")
    (booking,) = clinic.desk("GET", "bookings", patient=known["id"])["bookings"]
    reference = booking["reference"]

    def now() -> dict[str, object]:
        found: dict[str, object] = clinic.desk("GET", f"bookings/{reference}").body
        return found

    page.goto(f"/staff/{clinic.key}/bookings/{reference}")
    press(page.get_by_role("link", name="Move", exact=True))
    press(page.locator(".booking-times button[name=start]").last)
    expect(page.locator(".notice")).to_contain_text("Moved")
    moved = now()["start"]
    assert moved != booking["start"]

    press(page.get_by_role("button", name="Arrived", exact=True))
    expect(page.get_by_text("Arrived at").first).to_be_visible()

    press(page.get_by_role("link", name="Cancel appointment"))
    press(page.locator("form[action$='/cancel'] button").first)
    press(page.get_by_role("button", name="Undo"))
    wait_until(lambda: now()["status"] == "booked", "the cancellation to be taken back")
    assert now()["start"] == moved

    slot = clinic.slots(in_days(5))[0]
    cancelled = clinic.book(slot["start"], a_person(last_name="Holm"))
    assert clinic.link(cancelled["manage_token"], "cancel", {"comment": "I am travelling."}).status == 200
    wait_until(lambda: clinic.desk("GET", "watch-list")["watch_list"], "the watch list")
    page.goto(f"/staff/{clinic.key}/calendar")
    press(page.locator(".nav a", has_text="Watch list"))
    expect(page.get_by_text("I am travelling.")).to_be_visible()
    press(page.locator(f"tr[data-reference='{cancelled['reference']}'] button", has_text="Tick off"))
    expect(page.get_by_text("Nobody has to be called back.")).to_be_visible()
    assert clinic.desk("GET", "watch-list")["watch_list"] == []
