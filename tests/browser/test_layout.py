"""Pages fit every window, both directions of writing, and fingers (STYLE, Pages)."""

from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from tests.browser.visitor import Visitor

Visit = Callable[..., Visitor]
SMALLEST_TARGET = 44
TARGETS = "main :is(button, a.button, a.choice, .radios label, .check, input:not([type=hidden], .radios *, .check *))"
_LOW_CONTRAST = """() => {
  const channels = (colour) => colour.match(/[\\d.]+/g).map(Number);
  const light = (colour) => {
    const [r, g, b] = channels(colour).slice(0, 3).map((value) => value / 255)
      .map((value) => (value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4));
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const behind = (element) => {
    for (let each = element; each; each = each.parentElement) {
      const colour = getComputedStyle(each).backgroundColor;
      if ((channels(colour)[3] ?? 1) > 0) return colour;
    }
    return "rgb(255, 255, 255)";
  };
  const found = [];
  const texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (texts.nextNode()) {
    const element = texts.currentNode.parentElement;
    if (!texts.currentNode.textContent.trim() || !element.checkVisibility()) continue;
    if (element.closest(".hush, .skip, :disabled")) continue;
    const [dark, bright] = [light(getComputedStyle(element).color), light(behind(element))].sort((a, b) => a - b);
    const ratio = (bright + 0.05) / (dark + 0.05);
    if (ratio < 4.5) found.push(`${texts.currentNode.textContent.trim()}: ${ratio.toFixed(2)}`);
  }
  return found;
}"""


def ill_fitting(visitor: Visitor) -> list[str]:
    """Return what does not fit the window: the page itself, and words of its titles."""
    return [*(["wider than the window"] if visitor.overflow() else []), *visitor.broken_words()]


@pytest.mark.parametrize(
    ("clinic", "type_key", "language", "heading"),
    [
        ("frenda", "acute", "en", "Your appointment is booked"),
        ("norsk", "consultation", "nb", "Timen din er bestilt"),
        ("aldente", "toothache", "da", "Din tid er booket"),
        ("optamed", "osteopathy", "fr", "Votre rendez-vous est confirmé"),
        ("exir", "checkup", "fa", "نوبت شما ثبت شد"),
    ],
)
def test_every_demo_clinic_is_booked_in_its_language_on_the_smallest_telephone(
    visit: Visit, clinic, type_key, language, heading
):
    """Nothing is wider than the window, and no title breaks within a word."""
    visitor = visit(viewport={"width": 320, "height": 640}).open(clinic, lang=language)
    page = visitor.page
    wrong = {"types": ill_fitting(visitor)}
    visitor.choose_type(type_key)
    wrong["days"] = ill_fitting(visitor)
    visitor.choose_day(6)  # on which no other test leaves a booking: who is free decides who takes strangers
    wrong["times"] = ill_fitting(visitor)
    visitor.choose_time()
    page.locator("form.details button[value=review]").click()
    page.locator(".error-summary").wait_for()
    wrong["mistakes"] = ill_fitting(visitor)
    visitor.fill_in().review()
    wrong["review"] = ill_fitting(visitor)
    visitor.confirm()
    expect(page.locator("h1")).to_have_text(heading)
    wrong["confirmation"] = ill_fitting(visitor)
    page.locator("a.button[href*='/m/']").click()
    page.locator(".answers").wait_for()
    wrong["link"] = ill_fitting(visitor)
    assert not any(wrong.values()), wrong


def test_persian_pages_run_from_right_to_left_by_the_jalali_calendar(visit: Visit):
    visitor = visit(locale="fa").open("exir").choose_type("visit")
    page = visitor.page
    expect(page.locator("html")).to_have_attribute("dir", "rtl")
    expect(page.locator("html")).to_have_attribute("lang", "fa")
    page.wait_for_load_state()
    expect(page.locator(".calendar abbr").first).to_have_attribute("title", "شنبه")
    assert set(page.locator(".month h2").inner_text()) & set("۰۱۲۳۴۵۶۷۸۹")
    first, last = (page.locator(".calendar th").nth(column).bounding_box() for column in (0, 6))
    assert first
    assert last
    assert first["x"] > last["x"]
    assert visitor.overflow() == 0


@pytest.mark.parametrize("width", [390, 1280])
def test_targets_are_large_enough_for_fingers(visit: Visit, width):
    visitor = visit(viewport={"width": width, "height": 844}).open("frenda")
    page = visitor.page

    def small() -> list[str]:
        page.wait_for_load_state()
        boxes = [
            (each.inner_text() or each.get_attribute("name"), each.bounding_box())
            for each in page.locator(TARGETS).all()
        ]
        return [f"{text}: {box['height']}" for text, box in boxes if box and 1 < box["height"] < SMALLEST_TARGET]

    assert small() == []
    visitor.choose_type("exam").choose_day()
    assert small() == []
    visitor.choose_time(6)
    assert small() == []
    visitor.fill_in().review()
    assert small() == []


def low_contrast(visitor: Visitor) -> list[str]:
    """Return the visible texts of the page whose contrast is too low, with their ratio."""
    visitor.page.wait_for_load_state()
    found: list[str] = visitor.page.evaluate(_LOW_CONTRAST)
    return found


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_texts_stand_out_from_what_is_behind_them(visit: Visit, scheme):
    """WCAG 2.2 AA, 1.4.3: at least 4.5 to 1."""
    visitor = visit(color_scheme=scheme).open("frenda").choose_type("exam").choose_day()
    assert low_contrast(visitor) == []
    visitor.choose_time(7)
    visitor.page.locator("button[value=review]").click()
    visitor.page.locator(".error-summary").wait_for()
    assert low_contrast(visitor) == []
    visitor.fill_in().review()
    assert low_contrast(visitor) == []
    visitor.confirm()
    assert low_contrast(visitor) == []
