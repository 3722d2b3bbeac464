"""How long a time is still kept, as patients see and hear it (PRODUCT B12)."""

import re
from collections.abc import Callable
from datetime import datetime, timedelta

from playwright.sync_api import expect

from tests.browser.visitor import Visitor


def test_the_minutes_are_counted_down_and_said_when_few_are_left(visit: Callable[..., Visitor]) -> None:
    """The browser's clock is stopped when six minutes are left, of which a slow machine may need four to come there."""
    visitor = visit(locale="en")
    page = visitor.page
    page.clock.install()
    visitor.open("frenda", lang="en").choose_type("acute").choose_day().choose_time()
    hold, said = page.locator(".hold"), page.locator(".hold [role=status]")
    page.clock.pause_at(datetime.fromisoformat(str(hold.get_attribute("data-until"))) - timedelta(minutes=6))
    expect(page.locator("[data-countdown]")).to_contain_text(re.compile("6:0[01]"))
    expect(said).to_have_text("")
    page.clock.run_for(61_000)
    expect(said).to_have_text("5 minutes left")
    page.clock.run_for(4 * 60_000)
    expect(said).to_have_text("1 minute left")
    page.clock.run_for(61_000)
    expect(hold).to_contain_text("The time is no longer held for you.")
    expect(hold.locator("[role=status]").first).to_be_visible()
