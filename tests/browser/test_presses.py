"""How much a patient has to do: presses and fields on the way to the first free time (PRODUCT B20, B22)."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Locator, Request

from tests.browser.visitor import Visitor

Visit = Callable[..., Visitor]
MOST_PRESSES = 4
MOST_BYTES = 60_000
FIELDS_BEGIN_ABOVE = 480
HIGHEST_OF_A_DAY = 1700
WAYS = [
    ("frenda", "acute"),
    ("norsk", "consultation"),
    ("aldente", "toothache"),
    ("optamed", "osteopathy"),
    ("exir", "visit"),
]


@pytest.mark.parametrize(("clinic", "type_key"), WAYS)
def test_a_new_patient_books_in_four_presses_and_types_what_is_required_b20_b22(
    visit: Visit, clinic: str, type_key: str
) -> None:
    """Besides whether they have been here before; and the form is seen at once on a telephone."""
    visitor = visit(viewport={"width": 390, "height": 844}).open(clinic)
    page, presses = visitor.page, 0

    def press(button: Locator) -> None:
        nonlocal presses
        presses += 1
        button.click()

    press(page.locator(f"button[name=type][value={type_key}]"))
    new, time = page.locator("button[name=been][value=no]"), page.locator(".at-once button[name=choose]")
    new.or_(time).first.wait_for()
    if new.count():
        new.click()
    press(time.first)
    visitor.wait_for("form.details")
    first = page.locator("form.details input:not([type=hidden])").first.bounding_box()
    assert first
    assert first["y"] < FIELDS_BEGIN_ABOVE
    for field in page.locator("form.details input[required]").all():
        field.fill(visitor.person[str(field.get_attribute("name")).removeprefix("patient.")])
    for question in page.locator("form.details fieldset:not(:has(.optional))").all():
        question.locator("input").first.check()
    press(page.locator("form.details button[value=review]"))
    visitor.wait_for("form.review")
    press(visitor.confirm_button)
    assert visitor.reference()
    assert presses <= MOST_PRESSES


def test_a_days_times_fit_a_small_window_and_the_whole_page_is_light(visit: Visit) -> None:
    visitor = visit(viewport={"width": 640, "height": 700})
    page = visitor.page
    loaded: list[int] = []

    def weigh(request: Request) -> None:
        sizes = request.sizes()
        loaded.append(sizes["responseBodySize"] + sizes["responseHeadersSize"])

    page.on("requestfinished", weigh)
    visitor.open("frenda", type="exam", practitioner="any")
    visitor.wait_for("button.time")
    page.wait_for_load_state("networkidle")
    assert page.evaluate("document.documentElement.scrollHeight") < HIGHEST_OF_A_DAY
    assert sum(loaded) < MOST_BYTES, loaded
