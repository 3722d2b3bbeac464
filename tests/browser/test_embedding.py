"""The booking page inside a clinic's site (PRODUCT B16)."""

import re
from collections.abc import Callable
from math import inf

import pytest
from playwright.sync_api import Page, expect

from tests.browser.clinic_site import OpenSite
from tests.browser.visitor import Visitor
from tests.system.api_client import staff
from tests.system.installation import ADMIN, Installation, wait_until

Visit = Callable[..., Visitor]
FRAME = 600
"""How many pixels high the snippet alone is."""

A_LATER_TIME = 1
"""The first one may be too near, and is then no longer to be had, before it is pressed."""


@pytest.fixture(scope="module")
def snippet(running: Installation) -> str:
    """Return the HTML that a clinic copies from its links."""
    rows = staff(running.url, *ADMIN).get("/staff/clinics/frenda/links")["links"]
    return next(str(row["snippet"]) for row in rows if row["kind"] == "type" and row["key"] == "acute")


def height_of(page: Page) -> float:
    """Return the frame's height in pixels."""
    return float(page.evaluate("document.querySelector('iframe').getBoundingClientRect().height"))


@pytest.mark.parametrize("script", [True, False], ids=["with script", "without script"])
def test_the_snippet_alone_shows_the_page_at_its_own_height_b16(
    visit: Visit, site: OpenSite, snippet: str, script: bool
) -> None:
    page, frame = site(visit(java_script_enabled=script), snippet.partition("<script")[0])
    frame.locator("button.time").nth(A_LATER_TIME).click()
    expect(frame.locator("h1")).to_have_text("Dina uppgifter")
    assert page.locator("iframe").bounding_box()["height"] == pytest.approx(FRAME, abs=5)  # type: ignore[index]
    assert [cookie["name"] for cookie in page.context.cookies()] == ["__Host-visit"]


def test_with_our_script_the_frame_is_as_high_as_each_step_b16(visit: Visit, site: OpenSite, snippet: str) -> None:
    page, frame = site(visit(), snippet)

    def fits(least: float, most: float = inf) -> bool:
        wanted = frame.locator("body").evaluate("body => body.offsetHeight")
        return abs(height_of(page) - wanted) < 9 and least < wanted < most

    frame.locator("button.time").first.wait_for()
    wait_until(lambda: fits(300), "the frame is as high as the week")
    frame.locator("button.time").nth(A_LATER_TIME).click()
    expect(frame.locator("h1")).to_have_text("Dina uppgifter")
    wait_until(lambda: fits(700), "it is as high as the form")
    details = height_of(page)
    frame.locator("button[name=go][value=when]").click()
    frame.locator("button.time").first.wait_for()
    wait_until(lambda: fits(300, details), "it shrinks as well")


def test_with_our_script_the_beginning_of_the_next_step_comes_into_view_b16(
    visit: Visit, site: OpenSite, snippet: str, running: Installation
) -> None:
    """Also where the script, which is not waited for, has come after the page in the frame."""
    alone = snippet.partition("<script")[0]
    page, frame = site(visit(), f'<div style="height: 900px"></div>{alone}<div style="height: 3000px"></div>')
    top = "document.querySelector('iframe').getBoundingClientRect().top"
    frame.locator("button.time").first.wait_for()
    page.wait_for_load_state()
    page.add_script_tag(url=f"{running.url}/static/embed.js")
    wait_until(lambda: height_of(page) != FRAME, "the frame is as high as the week")
    page.evaluate(f"scrollBy(0, {top} + 50)")
    assert page.evaluate(top) == pytest.approx(-50, abs=1), "its beginning is out of view"
    frame.locator("button.time").nth(A_LATER_TIME).click()
    expect(frame.locator("h1")).to_have_text("Dina uppgifter")
    wait_until(lambda: -1 < page.evaluate(top) < 100, "its beginning is in view")


def test_the_height_is_told_to_the_site_that_asks_and_is_all_that_is_told_b16(
    visit: Visit, site: OpenSite, snippet: str
) -> None:
    heard = "<script>window.heard = []; addEventListener('message', (e) => heard.push([e.origin, e.data]))</script>"
    page, frame = site(visit(), heard + snippet.partition("<script")[0])
    frame.locator("button.time").first.wait_for()
    assert page.evaluate("heard") == [], "nobody asked"
    page.evaluate("document.querySelector('iframe').contentWindow.postMessage('frontdesk-height', '*')")
    page.wait_for_function("heard.length > 0")
    (_, told), *_ = page.evaluate("heard")
    assert list(told) == ["frontdeskHeight"]
    assert told["frontdeskHeight"] > 0


@pytest.mark.parametrize("path", ["/staff", "/m/anything", "/recall", "/outbox"])
def test_personal_pages_are_framed_nowhere_b16(visit: Visit, site: OpenSite, running: Installation, path: str) -> None:
    page, _ = site(visit(), f'<iframe src="{running.url}{path}"></iframe>')
    page.frames[1].wait_for_url(re.compile("^chrome-error:"))
