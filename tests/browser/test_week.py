"""A week's times at a glance, in a real browser (PRODUCT B20)."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from playwright.sync_api import Locator, expect

from tests.browser.eyes import WINDOWS, Eyes
from tests.browser.visitor import Visitor
from tests.system.api_client import Client, staff
from tests.system.clinics import OwnClinic, a_block, in_days, own_clinic
from tests.system.installation import ADMIN, Installation

Visit = Callable[..., Visitor]
FIRST = in_days(3)
"""The first day that can be booked: no hour that passes, nor midnight, takes times from it."""

SEEN = {"telephone": 3, "desktop": 7}
"""How many of the seven days on which the clinic is open stand in the window at once."""


@pytest.fixture(scope="module")
def clinic(running: Installation) -> OwnClinic:
    """Return a clinic that is open every day, for more starts than a column shows."""
    return own_clinic(
        Client(running.url), staff(running.url, *ADMIN), a_block("08:00", "18:00"), languages=["en", "fa"],
        visit={"slots": {"mode": "flexible", "step": "15m"}}, booking={"first_date": FIRST.isoformat()},
    )  # fmt: skip


def days_of(visitor: Visitor) -> Locator:
    visitor.wait_for(".week")
    return visitor.page.locator(".week > li")


def seen(visitor: Visitor) -> int:
    """Return how many days stand wholly in the window."""
    width = visitor.page.evaluate("document.documentElement.clientWidth")
    boxes = [each.bounding_box() for each in days_of(visitor).all()]
    return sum(box is not None and box["x"] >= 0 and box["x"] + box["width"] <= width for box in boxes)


@pytest.mark.parametrize("language", ["en", "fa"])
@pytest.mark.parametrize("window", WINDOWS)
def test_days_stand_side_by_side_and_a_telephone_has_three_of_them_b20(
    visit: Visit, clinic: OwnClinic, window: str, language: str
) -> None:
    visitor = visit(**WINDOWS[window])
    visitor.page.goto(f"/{clinic.key}?lang={language}")
    days = days_of(visitor)
    assert (days.count(), seen(visitor), visitor.overflow()) == (7, SEEN[window], 0)
    first, second = days.nth(0).bounding_box(), days.nth(1).bounding_box()
    assert first
    assert second
    assert (first["x"] < second["x"]) is (language == "en")
    eyes = Eyes(visitor.page, f"week-{language}-{window}")
    eyes.look("week")
    assert eyes.faults == {}


@pytest.mark.parametrize("script", [True, False], ids=["with script", "without script"])
def test_weeks_are_turned_a_day_shows_all_its_times_and_a_date_is_chosen_in_the_month(
    visit: Visit, clinic: OwnClinic, script: bool
) -> None:
    visitor = visit(**WINDOWS["telephone"], java_script_enabled=script)
    page = visitor.page
    page.goto(f"/{clinic.key}?lang=en")
    first, later = (page.locator(f".week h3[id='day-{FIRST + timedelta(days=number)}']") for number in (0, 7))
    visitor.wait_for(".week")
    expect(first).to_have_count(1)
    page.locator(".turn.next").click()
    expect(later).to_have_count(1)
    expect(first).to_have_count(0)
    if script:
        expect(page.locator("[data-said]")).to_contain_text(f"Available times, {later.text_content()}")
    page.locator(".turn.previous").click()
    expect(first).to_have_count(1)
    page.locator(".week button[name=date]").nth(1).click()
    visitor.wait_for(".times")
    expect(page.locator(".times button.time").filter(has_text="08:15")).to_have_count(1)
    page.locator(".calendar button[name=week]").click()
    assert days_of(visitor).count() == 7
    page.locator("button[name=month]").click()
    visitor.wait_for(".calendar")
    visitor.choose_day().choose_time()


def test_the_keyboard_reaches_each_day_and_brings_it_into_view(visit: Visit, clinic: OwnClinic) -> None:
    visitor = visit(viewport=WINDOWS["telephone"]["viewport"])
    page = visitor.page
    page.goto(f"/{clinic.key}?lang=en")
    times = days_of(visitor).nth(6).locator("button.time")
    for _ in range(120):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.closest('.week > li:last-child') !== null"):
            break
    expect(times.first).to_be_focused()
    expect(times.first).to_be_in_viewport(ratio=1)
    page.keyboard.press("Enter")
    visitor.wait_for("form.details")
