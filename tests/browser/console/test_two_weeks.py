"""The next two weeks as patients see them: as they are, and before and after a change (issue 14, point 1)."""

from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from tests.browser.console.desk import Desk
from tests.browser.eyes import WINDOWS, Eyes

OpenDesk = Callable[..., Desk]
FORMS = [("desktop", "light", "en"), ("telephone", "dark", "fa"), ("telephone", "light", "sv")]


@pytest.mark.parametrize(("window", "scheme", "language"), FORMS)
def test_c3_a_change_is_seen_as_patients_would_see_it_before_it_is_saved(
    desk: OpenDesk, window: str, scheme: str, language: str
) -> None:
    """Each day before and after, what comes and goes marked by signs and words; and so without scripts."""
    at_desk = desk("/set-up/types/visit", **WINDOWS[window], color_scheme=scheme, locale=language)
    page, eyes = at_desk.page, Eyes(at_desk.page, f"weeks-{window}-{language}")
    page.locator("[name='length.number']").fill("60")
    weeks = page.locator("#checked .two-weeks")
    expect(weeks.locator("tbody tr.changes").first).to_be_visible()
    assert weeks.locator("li.mark-gone, li.mark-new, li.mark-other").count()
    for mark in weeks.locator(".times [class^=mark]").all()[:20]:
        assert mark.locator(".hush").inner_text().strip(), "never by colour alone"
    eyes.look("changes")
    weeks.locator("#weeks-practitioner").focus()
    weeks.locator("#weeks-practitioner").select_option("bo")
    expect(page.locator("#checked[aria-busy]")).to_have_count(0)
    expect(weeks.locator("#weeks-practitioner")).to_have_value("bo")
    expect(weeks.locator("#weeks-practitioner")).to_be_focused()
    expect(page.locator("[name='length.number']")).to_have_value("60")
    page.locator("[name='length.number']").fill("30")
    page.locator("#name").fill("Another name")
    expect(weeks.locator("tbody tr.changes")).to_have_count(0)
    expect(weeks.locator("tbody details").first).to_be_visible()
    eyes.look("the-same")
    assert eyes.faults == {}


@pytest.mark.parametrize(("window", "scheme", "language"), FORMS)
def test_c3_the_overview_leads_to_what_patients_see_now(
    desk: OpenDesk, window: str, scheme: str, language: str
) -> None:
    at_desk = desk("/set-up", **WINDOWS[window], color_scheme=scheme, locale=language)
    page, eyes = at_desk.page, Eyes(at_desk.page, f"preview-{window}-{language}")
    page.locator("a[href$='/set-up/preview']").click()
    page.wait_for_url("**/set-up/preview")
    expect(page.locator(".weeks .times li").first).to_be_visible()
    eyes.look("now")
    page.locator("#weeks-practitioner").select_option("anna")
    page.locator("#weeks-from").select_option(index=1)
    page.locator(".two-weeks .choices button").click()
    page.wait_for_url("**/set-up/preview?*practitioner=anna*")
    expect(page.locator("#weeks-practitioner")).to_have_value("anna")
    expect(page.locator(".weeks tbody tr")).to_have_count(14)
    assert eyes.faults == {}


def test_c3_without_scripts_the_choice_of_what_is_seen_keeps_what_was_typed(desk: OpenDesk) -> None:
    page = desk("/set-up/types/visit", java_script_enabled=False).page
    page.locator("[name='length.number']").fill("60")
    page.get_by_role("button", name="Check", exact=True).click()
    page.locator("#weeks-practitioner").select_option("bo")
    page.get_by_role("button", name="Show", exact=True).click()
    expect(page.locator("#weeks-practitioner")).to_have_value("bo")
    expect(page.locator("[name='length.number']")).to_have_value("60")
    expect(page.locator(".weeks .changes").first).to_be_visible()
