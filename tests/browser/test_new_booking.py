"""A receptionist finds or adds the patient, takes the next time, books; by keyboard alone, or in few presses.

PRODUCT C2, C7, C8.
"""

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.eyes import WINDOWS, Eyes
from tests.browser.visitor import Visitor
from tests.system.api_client import Client, staff
from tests.system.clinics import OwnClinic, a_block, own_clinic
from tests.system.installation import ADMIN, Installation, wait_until

Visit = Callable[..., Visitor]
PRACTITIONERS = [{"key": "anna", "name": "Anna Berg"}, {"key": "bo", "name": "Bo Ek"}]
TYPES = [
    {"key": "visit", "name": "INTERNAL", "alias": {"en": "Visit", "fa": "معاینه"}, "length": "30m"},
    {"key": "long", "name": "LONG", "alias": {"en": "Long visit", "fa": "معاینه طولانی"}, "length": "60m"},
]
MOST_TABS = 60


@pytest.fixture(scope="module")
def clinic(running: Installation) -> OwnClinic:
    """Return a clinic with two practitioners, whose patients the tests add."""
    return own_clinic(
        Client(running.url), staff(running.url, *ADMIN), a_block("08:00", "18:00"), country="SE", types=TYPES,
        practitioners=PRACTITIONERS, languages=["en", "fa"], name="The clinic by the lake",
    )  # fmt: skip


def known_patient(clinic: OwnClinic, last_name: str, **fields: Any) -> str:
    """Return the id of a patient whom the clinic knows."""
    made = clinic.desk("POST", "patients", {"first_name": "Karin", "last_name": last_name, **fields})
    assert made.status == 201, made
    return str(made["id"])


def bookings_of(clinic: OwnClinic, patient: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = clinic.desk("GET", "bookings", patient=patient)["bookings"]
    return found


def at_desk(clinic: OwnClinic, visit: Visit, path: str, language: str = "en", **options: Any) -> Page:
    """Return the page of somebody who has opened an address and logged in there, by keyboard."""
    page = visit(locale={"en": "en-GB", "fa": "fa-IR"}[language], **options).page
    page.goto(f"/staff/{clinic.key}{path}")
    for field, text in zip(("email", "password"), ADMIN, strict=True):
        tab_to(page.locator(f"#{field}"))
        page.keyboard.type(text)
    page.keyboard.press("Enter")
    page.wait_for_url(f"**/staff/{clinic.key}{path}")
    return page


def tab_to(wanted: Locator) -> None:
    """Press Tab until something has the focus."""
    page = wanted.page
    expect(wanted).to_be_visible()
    for _ in range(MOST_TABS):
        if wanted.evaluate("element => element === document.activeElement"):
            return
        page.keyboard.press("Tab")
    raise AssertionError("it cannot be reached by keyboard")


def take_the_next_time(page: Page) -> None:
    """Take the first time and book it, by keyboard, from where the focus is."""
    expect(page.locator("#type")).to_be_focused()
    tab_to(page.locator("a.time").first)
    page.keyboard.press("Enter")
    expect(page.locator("#hold input[name=hold]")).to_be_attached()
    expect(page.locator("#book button", has_text="Book")).to_be_focused()
    page.keyboard.press("Enter")


def test_c2_a_known_patient_is_found_while_typing_and_booked_by_keyboard_alone(clinic: OwnClinic, visit: Visit) -> None:
    patient = known_patient(clinic, "Öberg", mobile="+46701740655", note="Afraid of needles.")
    page = at_desk(clinic, visit, "/bookings/new")
    expect(page.locator("#q")).to_be_focused()
    page.keyboard.type("öber")
    expect(page.locator("#found a", has_text="Karin Öberg")).to_be_visible()
    page.keyboard.press("ArrowDown")
    expect(page.locator("#found a").first).to_be_focused()
    page.keyboard.press("ArrowUp")
    expect(page.locator("#q")).to_be_focused()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    expect(page.get_by_text("Afraid of needles.")).to_be_visible()
    take_the_next_time(page)
    wait_until(lambda: bookings_of(clinic, patient), "the booking")
    (booking,) = bookings_of(clinic, patient)
    assert (booking["status"], booking["origin"], booking["type"]) == ("booked", "staff", "visit")


def test_c8_a_new_patient_is_added_in_the_same_place_and_booked_by_keyboard_alone(
    clinic: OwnClinic, visit: Visit
) -> None:
    page = at_desk(clinic, visit, "/bookings/new")
    page.keyboard.type("Nora Dahlström")
    expect(page.get_by_text("Nobody found.")).to_be_visible()
    tab_to(page.locator("#found button"))
    page.keyboard.press("Enter")
    expect(page.locator("#last_name")).to_have_value("Dahlström")
    tab_to(page.locator("#mobile"))
    page.keyboard.type("070-174 06 56")
    page.keyboard.press("Enter")
    take_the_next_time(page)
    (found,) = clinic.desk("GET", "patients", q="dahlström")["patients"]
    assert found["mobile"] == "+46701740656"
    wait_until(lambda: len(bookings_of(clinic, found["id"])) == 1, "the booking")


def test_c7_a_known_patient_is_booked_in_four_presses_and_the_next_time_found_in_two(
    clinic: OwnClinic, visit: Visit
) -> None:
    patient = known_patient(clinic, "Fyrgren")
    page = at_desk(clinic, visit, "/patients")
    page.keyboard.type("fyrgr")
    pressed = [
        page.locator("#found a", has_text="Fyrgren"),
        page.locator(".record-head a", has_text="Book"),
        page.locator("a.time").first,
        page.locator("#book button", has_text="Book"),
    ]
    for place in pressed:
        place.click()
    wait_until(lambda: len(bookings_of(clinic, patient)) == 1, "the booking")
    page.goto(f"/staff/{clinic.key}/patients/{patient}")
    page.locator(".record-head a", has_text="Book").click()
    page.locator("#type").select_option("long")
    expect(page.locator("a.time").first).to_be_visible()


def test_c7_a_time_that_was_held_is_given_back_when_the_panel_closes(clinic: OwnClinic, visit: Visit) -> None:
    patient = known_patient(clinic, "Hallgren")
    page = at_desk(clinic, visit, f"/patients/{patient}")
    page.locator(".record-head a", has_text="Book").click()
    page.locator("a.time").first.click()
    held = page.locator("#hold input[name=hold]")
    expect(held).to_be_attached()
    hold = held.input_value()
    with page.expect_request("**/bookings/new/release") as sent:
        page.locator("#panel [data-close]").click()
    assert (sent.value.post_data_json or {}).get("hold") == hold
    expect(page.locator("#hold")).to_have_count(0)


@pytest.mark.parametrize(
    ("window", "language"), [("desktop", "en"), ("telephone", "en"), ("desktop", "fa"), ("telephone", "fa")]
)
def test_c8_pages_of_patients_and_bookings_are_fit_for_everybody(
    clinic: OwnClinic, visit: Visit, window: str, language: str
) -> None:
    patient = known_patient(clinic, f"Syn {window} {language}", mobile="+46701740657", note="Rings first.\nThen comes.")
    page = at_desk(clinic, visit, "/patients", language, **WINDOWS[window])
    eyes = Eyes(page, f"patients-{window}-{language}")
    eyes.look("search")
    page.locator("#q").fill("syn")
    expect(page.locator("#found a").first).to_be_visible()
    eyes.look("found")
    for path in ("", "/edit", "/appointments"):
        page.goto(f"/staff/{clinic.key}/patients/{patient}{path}")
        eyes.look(f"record{path.replace('/', '-')}")
    for query in ("", f"?patient={patient}"):
        page.goto(f"/staff/{clinic.key}/bookings/new{query}")
        eyes.look("new-booking")
    page.locator("a.time").first.click()
    expect(page.locator("#hold input[name=hold]")).to_be_attached()
    eyes.look("chosen")
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), "nothing is wider than the window"
    assert eyes.faults == {}
