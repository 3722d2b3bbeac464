"""What stands beside moving and cancelling on the page behind the link (PRODUCT M1)."""

from collections.abc import Callable
from pathlib import Path

import pytest
from icalendar import Calendar
from playwright.sync_api import expect

from tests.browser.visitor import Visitor

SMALLEST_TARGET = 44


@pytest.mark.parametrize("width", [320, 1280])
def test_the_appointment_goes_into_a_calendar_by_one_press(visit: Callable[..., Visitor], width: int) -> None:
    visitor = visit(viewport={"width": width, "height": 800}, java_script_enabled=False)
    page = visitor.page
    reference = visitor.book("frenda", "acute")
    page.locator("a.button[href*='/m/']").click()
    visitor.wait_for(".answers")
    with page.expect_download() as fetched:
        page.get_by_role("link", name="Lägg till i kalendern").click()
    assert fetched.value.suggested_filename == "appointment.ics"
    (event,) = Calendar.from_ical(Path(fetched.value.path()).read_bytes()).walk("VEVENT")
    assert str(event["UID"]) == f"{reference}@frenda.frontdesk"
    expect(page.get_by_role("link", name="Hitta hit")).to_have_attribute("target", "_blank")
    expect(page.locator(".beside a[href^='tel:']")).to_be_visible()
    page.wait_for_load_state()
    boxes = [link.bounding_box() for link in page.locator(".beside a").all()]
    assert [box for box in boxes if not box or box["height"] < SMALLEST_TARGET] == []
    assert visitor.overflow() == 0


def test_the_appointment_is_printed_whole_and_without_what_only_a_screen_can_do_m1(
    visit: Callable[..., Visitor],
) -> None:
    visitor = visit()
    page = visitor.page
    reference = visitor.book("frenda", "acute")
    confirmed = page.locator(".done"), page.locator(".what-next"), page.locator(".to-bring")
    address = page.locator("a.button[href*='/m/']").get_attribute("href")
    page.emulate_media(media="print")
    for told in (*confirmed, page.get_by_text(reference)):
        expect(told).to_be_visible()
    expect(page.locator("main :is(.actions, .beside, button)").filter(visible=True)).to_have_count(0)
    page.goto(str(address))
    for told in (page.locator(".answers"), page.locator(".to-bring"), page.get_by_text(reference)):
        expect(told).to_be_visible()
    expect(page.locator("main :is(.actions, .beside, button)").filter(visible=True)).to_have_count(0)
