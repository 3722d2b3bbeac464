"""The set-up is checked while one types, and nothing of it gets into the way of who types (issue 14, point 1)."""

from collections.abc import Callable
from contextlib import suppress

import pytest
from playwright.sync_api import Error, Locator, Page, Request, Route, expect

from tests.browser.console.desk import Desk
from tests.browser.eyes import WINDOWS, Eyes

OpenDesk = Callable[..., Desk]
WHERE = """(field) => ({top: Math.round(field.getBoundingClientRect().top), caret: field.selectionStart,
                        has: document.activeElement === field})"""


def is_check(request: Request) -> bool:
    """Tell whether a page asks by itself what would become different."""
    return request.headers.get("hx-target") == "checked"


TYPING = """(field, text) => [...text].forEach((sign) => {
    field.value += sign;
    field.dispatchEvent(new InputEvent("input", {bubbles: true}));
})"""
"""Each sign by itself, and never a pause between them, however busy the machine is."""


def checked(page: Page) -> Locator:
    return page.locator("#checked")


def test_c3_who_types_fast_is_never_overtaken_by_an_older_answer(desk: OpenDesk) -> None:
    """Answers come out of order here: the second before the first. Each pause asks once."""
    page = desk("/set-up/practitioners/anna").page
    asked: list[Route] = []

    def answered_but_the_first(route: Route) -> None:
        asked.append(route)
        if len(asked) > 1:
            route.continue_()

    page.route("**/set-up/practitioners/anna", answered_but_the_first)
    name = page.locator("#name")
    with page.expect_request(is_check):
        name.evaluate(TYPING, " first")
    with page.expect_event("requestfailed", is_check):  # nobody waits for it any more
        name.evaluate(TYPING, " second")
    expect(checked(page)).to_contain_text("Anna Berg first second")
    with suppress(Error):
        asked[0].fulfill(status=200, body="<p>What was found of the first</p>")
    name.evaluate(TYPING, " third")
    expect(checked(page)).to_contain_text("Anna Berg first second third")
    expect(checked(page)).not_to_contain_text("What was found of the first")
    assert len(asked) == 3, "one question for each pause, however many keys were pressed"


@pytest.mark.parametrize(("window", "scheme", "language"), [("desktop", "light", "en"), ("telephone", "dark", "fa")])
def test_c3_a_mistake_comes_and_goes_beside_its_field_and_the_caret_stays(
    desk: OpenDesk, window: str, scheme: str, language: str
) -> None:
    at_desk = desk("/set-up/types/visit", **WINDOWS[window], color_scheme=scheme, locale=language)
    page, eyes = at_desk.page, Eyes(at_desk.page, f"typing-{window}-{language}")
    length = page.locator("[name='length.number']")
    tells = page.locator("[data-tells]")
    length.focus()
    before = length.evaluate(WHERE)
    page.keyboard.press("End")
    page.keyboard.type("1")
    expect(page.locator("#error-length")).to_be_visible()
    expect(tells).to_have_text("اشتباه‌ها: ۱" if language == "fa" else "Mistakes: 1")
    assert length.evaluate(WHERE) == {**before, "caret": 3, "has": True}
    eyes.look("mistake")
    length.scroll_into_view_if_needed()  # a picture of the whole page may have moved it
    before = length.evaluate(WHERE)
    page.keyboard.press("Backspace")
    expect(page.locator("#error-length")).to_have_count(0)
    expect(checked(page).locator(".error-summary")).to_have_count(0)
    assert length.evaluate(WHERE) == {**before, "caret": 2, "has": True}
    page.keyboard.press("Backspace")
    page.keyboard.type("5")
    expect(tells).to_have_text("تغییرات: ۱" if language == "fa" else "Differences: 1")
    assert length.evaluate(WHERE) == {**before, "caret": 2, "has": True}
    eyes.look("difference")
    assert eyes.faults == {}


def test_c3_what_was_shown_while_typing_is_saved_by_one_press_and_without_scripts_by_two(desk: OpenDesk) -> None:
    page = desk("/set-up/practitioners/anna").page
    page.locator("#name").fill("Anna Ek")
    checked(page).get_by_role("button", name="Save").click()
    page.wait_for_url("**?done=applied")
    expect(page.locator("main")).to_contain_text("Anna Ek")
    plain = desk("/set-up/practitioners/anna", java_script_enabled=False).page
    plain.locator("#name").fill("Anna Ask")
    plain.get_by_role("button", name="Check", exact=True).click()
    plain.get_by_role("link", name="What becomes different").click()
    checked(plain).get_by_role("button", name="Save").click()
    plain.wait_for_url("**?done=applied")
    expect(plain.locator("main")).to_contain_text("Anna Ask")


def test_c3_what_nobody_has_typed_into_is_not_called_wrong_beside_it(desk: OpenDesk) -> None:
    """A new type has no length yet while its name is typed: that is told at the end, where one looks before saving."""
    page = desk("/set-up/types/-new").page
    page.locator("#name").fill("Control")
    expect(checked(page).locator(".error-summary")).to_be_visible()
    expect(page.locator("form.set-up .field .error")).to_have_count(0)


def test_c3_the_whole_text_is_checked_while_one_types(desk: OpenDesk) -> None:
    page = desk("/set-up/document").page
    text = page.locator("#document")
    document = text.input_value()
    text.fill(document.replace("Anna Berg", "Anna Ek"))
    expect(checked(page)).to_contain_text("Anna Ek")
    text.fill("clinic: [")
    expect(page.locator("[data-tells]")).to_contain_text("Mistakes: 1")
