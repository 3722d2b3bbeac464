"""Clinics and their people show their faces, in light and dark, on any window (PRODUCT B21)."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Request

from tests.browser.accessibility import grave_faults
from tests.browser.eyes import WINDOWS, Eyes
from tests.browser.visitor import Visitor

Visit = Callable[..., Visitor]
MOST_BYTES = 60_000
WITH_SEVERAL = [
    ("frenda", "acute"),
    ("norsk", "talk"),
    ("aldente", "toothache"),
    ("optamed", "follow-up"),
    ("exir", "visit"),
]


@pytest.mark.parametrize(("clinic", "type_key"), WITH_SEVERAL)
@pytest.mark.parametrize(("window", "scheme"), [("telephone", "light"), ("desktop", "dark")])
def test_b21_practitioners_are_seen_before_they_are_chosen_on_a_light_page(
    visit: Visit, clinic: str, type_key: str, window: str, scheme: str
) -> None:
    visitor = visit(**WINDOWS[window], color_scheme=scheme)
    page = visitor.page
    loaded: dict[str, int] = {}

    def weigh(request: Request) -> None:
        sizes = request.sizes()
        loaded[request.url] = sizes["responseBodySize"] + sizes["responseHeadersSize"]

    page.on("requestfinished", weigh)
    visitor.open(clinic, type=type_key, been="yes")
    visitor.wait_for(".person")
    page.wait_for_load_state("networkidle")
    cards = page.locator(".person:has(.about)")
    assert cards.count() >= 1
    for face in page.locator("img.face").all():
        face.scroll_into_view_if_needed()
    page.wait_for_function("() => [...document.images].every((each) => each.complete && each.naturalWidth > 1)")
    assert page.locator("img.face").count() == cards.count()
    assert page.locator("img.logo").count() == 1
    assert visitor.overflow() == 0
    page.wait_for_load_state("networkidle")
    assert sum(loaded.values()) < MOST_BYTES, loaded
    eyes = Eyes(page, f"faces-{clinic}-{window}-{scheme}")
    eyes.look("practitioners")
    assert eyes.faults == {}


def test_b21_a_page_wears_the_clinics_colour_without_a_word_of_styling_in_it(visit: Visit) -> None:
    colours = {}
    for scheme in ("light", "dark"):
        visitor = visit(color_scheme=scheme).open("aldente", type="toothache", been="no", practitioner="any")
        visitor.wait_for("button.time")
        read = "getComputedStyle(document.querySelector('button.time')).borderTopColor"
        colours[scheme] = visitor.page.evaluate(read)
        assert visitor.page.locator("[style], style").count() == 0
    assert colours["light"] == "rgb(140, 47, 79)"
    assert colours["dark"] not in {colours["light"], "rgb(92, 196, 189)"}
    assert grave_faults(visitor.page) == []
