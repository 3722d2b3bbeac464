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
