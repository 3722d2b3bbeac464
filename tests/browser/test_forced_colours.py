"""Who reads in colours of their own tells days apart by more than ours (STYLE, Pages; WCAG 2.2 AA, 1.4.1)."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Locator, expect

from tests.browser.visitor import Visitor
from tests.system.api_client import Client, staff
from tests.system.clinics import OwnClinic, a_block, own_clinic
from tests.system.installation import ADMIN, Installation

_LOOK = """day => {
  const its = getComputedStyle(day);
  return [its.color, its.backgroundColor, its.borderTopStyle, its.borderTopWidth, its.borderTopColor].join(" ");
}"""
_HAS_EDGE = "day => getComputedStyle(day).borderTopColor !== getComputedStyle(document.body).backgroundColor"


@pytest.fixture(scope="module")
def clinic(running: Installation) -> OwnClinic:
    """Return a clinic with much to book on weekdays, one time on Saturdays, nothing on Sundays."""
    much, little = [a_block("08:00", "12:00")], [a_block("08:00", "08:30")]
    week = {"mon": much, "tue": much, "wed": much, "thu": much, "fri": much, "sat": little, "sun": []}
    return own_clinic(
        Client(running.url), staff(running.url, *ADMIN), languages=["en"], templates=[{"key": "week", "week": week}],
        booking={"calendar": "month", "few": 2},
    )  # fmt: skip


def look_of(day: Locator) -> str:
    """Return what of a day is seen: its ink, its ground, and the kind of its edge."""
    return str(day.evaluate(_LOOK))


def test_many_few_no_times_and_the_chosen_day_differ_and_only_what_can_be_pressed_has_an_edge_s15(
    visit: Callable[..., Visitor], clinic: OwnClinic
) -> None:
    visitor = visit(forced_colors="active")
    page = visitor.page
    page.goto(f"/{clinic.key}?lang=en")
    visitor.wait_for(".calendar")
    expect(page.locator(".turn.previous")).to_be_hidden()  # nothing can be booked before: it is not only paler
    visitor.choose_day(0)
    chosen = page.locator("button.day[aria-pressed=true]")
    many, few, none = (
        page.locator("button.day.many:not([aria-pressed])"),
        page.locator("button.day.few"),
        page.locator(".calendar .day.none"),
    )
    looks = {look_of(each.first) for each in (chosen, many, few, none)}
    assert len(looks) == 4, looks
    assert [bool(each.first.evaluate(_HAS_EDGE)) for each in (many, few, none)] == [True, True, False]
    assert none.first.evaluate("day => day.tagName") == "SPAN", "it cannot be pressed"
