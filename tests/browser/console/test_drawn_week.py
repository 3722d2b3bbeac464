"""Week templates drawn as a week (issue 14, PRODUCT C3, S2): what is drawn is what would be typed into the rows."""

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Locator, Page, Route, expect

from tests.browser.console.desk import Desk
from tests.browser.eyes import WINDOWS, Eyes
from tests.system.clinics import OwnClinic, a_block
from tests.system.installation import wait_until

Desks = Callable[..., Desk]
TEMPLATE = "/set-up/templates/week"
MORNING = [a_block("08:00", "12:00"), a_block("12:00", "13:00", "lunch")]


def item(page: Page, day: str, clock: str) -> Locator:
    """Return the block or empty place of a day that begins at a time."""
    return page.locator(f"[data-lane='week.{day}'] [data-at='{clock}']")


def pull(
    page: Page, start: tuple[Locator, float], end: tuple[Locator, float], *, while_held: Callable[[], Any] | None = None
) -> None:
    """Press the mouse on one item and let it go on another, each so many pixels below its top, or above its end."""
    points = []
    for place, off in (start, end):
        place.scroll_into_view_if_needed()
        points.append((place, off))
    for number, (place, off) in enumerate(points):
        box = place.bounding_box()
        assert box
        at = (box["x"] + box["width"] / 2, box["y"] + (off if off >= 0 else box["height"] + off))
        page.mouse.move(*at, steps=1 if number == 0 else 8)
        if number == 0:
            page.mouse.down()
    if while_held:
        while_held()
    page.mouse.up()


def saved_week(desk: Desk) -> dict[str, list[tuple[str, str, str]]]:
    """Check and save what stands in the form; return the week that is in force then."""
    page = desk.page
    page.get_by_role("button", name="Check", exact=True).last.click()
    page.locator("button[value=apply]").click()
    page.wait_for_url("**/set-up/templates?done=applied")
    document = desk.clinic.desk("GET", "document").body
    week = document["templates"][0]["week"]
    return {day: [(each["kind"], each["from"], each["to"]) for each in blocks] for day, blocks in week.items()}


def test_s2_a_week_is_drawn_by_the_mouse(clinic: OwnClinic, desk: Desks) -> None:
    """Drawn over, moved, to another day as well, lengthened at both ends; what would overlap is refused while held."""
    at_desk = desk(TEMPLATE, viewport={"width": 1280, "height": 1600})  # in which the grid has no need to scroll
    page = at_desk.page
    page.get_by_label("Acute").check()
    pull(page, (item(page, "mon", "14:00"), 2), (item(page, "mon", "15:45"), 14))
    expect(item(page, "mon", "14:00")).to_have_text("14:00–16:00 Acute")
    pull(page, (item(page, "mon", "14:00"), 20), (item(page, "tue", "16:00"), 20))
    expect(item(page, "tue", "16:00")).to_have_text("16:00–18:00 Acute")
    expect(item(page, "mon", "14:00")).to_have_class("vacant h14 e3")
    pull(page, (item(page, "tue", "16:00"), -2), (item(page, "tue", "18:00"), 14))
    pull(page, (item(page, "tue", "16:00"), 2), (item(page, "tue", "15:00"), 2))
    expect(item(page, "tue", "15:00")).to_have_text("15:00–18:15 Acute")
    taken = lambda: expect(page.locator(".ghost.taken")).to_be_visible()  # noqa: E731
    pull(page, (item(page, "wed", "12:00"), 20), (item(page, "wed", "08:00"), -20), while_held=taken)
    expect(page.locator("#said")).to_have_text("Another block stands there.")
    week = saved_week(at_desk)
    morning = [("open", "08:00", "12:00"), ("lunch", "12:00", "13:00")]
    assert week == dict.fromkeys(week, morning) | {"tue": [*morning, ("acute", "15:00", "18:15")]}


def test_s2_a_week_is_drawn_by_the_keyboard_and_told(clinic: OwnClinic, desk: Desks) -> None:
    """A cursor that arrows move; Enter makes and opens, Shift lengthens, Alt moves, Delete removes; and back again."""
    at_desk = desk(TEMPLATE)
    page, said = at_desk.page, at_desk.page.locator("#said")
    item(page, "mon", "12:00").focus()
    keys = ["ArrowDown", "PageDown", "Enter", "Shift+ArrowDown", "Alt+ArrowUp", "Shift+ArrowRight"]
    for key, told in zip(
        keys,
        ("", "", "Monday, 14:00–15:00, Open", "Monday, 14:00–15:15, Open", "Monday, 13:45–15:00, Open",
         "Tuesday, 13:45–15:00, Open"),
        strict=True,
    ):  # fmt: skip
        page.keyboard.press(key)
        expect(said).to_have_text(told)
    made = item(page, "tue", "13:45")
    expect(made).to_be_focused()
    expect(made).to_have_accessible_name("Tuesday, 13:45–15:00, Open")
    page.keyboard.press("Enter")
    expect(page.locator("[name='week.tue.2.kind']")).to_be_focused()
    page.keyboard.press("Tab")
    page.keyboard.type("14:05")
    page.locator("[name='week.tue.2.step.number']").fill("25")
    page.locator("[name='week.tue.2.kind']").select_option("acute")
    page.keyboard.press("Escape")
    expect(item(page, "tue", "14:05")).to_be_focused()
    expect(page.locator("[data-lane='week.tue'] [data-sum]")).to_have_text("4\u00a0h 55\u00a0min online")
    item(page, "wed", "08:00").focus()
    page.keyboard.press("Delete")
    expect(said).to_have_text("Wednesday, 08:00–12:00, Open, removed")
    expect(item(page, "wed", "08:00")).to_be_focused()
    page.keyboard.press("Control+z")
    expect(item(page, "wed", "08:00")).to_have_text("08:00–12:00 Open")
    page.keyboard.press("Control+z")
    expect(said).to_have_text("Taken back.")
    page.get_by_role("button", name="Copy… Tuesday").press("Enter")
    page.get_by_role("dialog").get_by_label("Sunday").check()
    page.get_by_role("dialog").get_by_role("button", name="Copy", exact=True).press("Enter")
    assert saved_week(at_desk)["sun"] == [("open", "08:00", "12:00"), ("lunch", "12:00", "13:00")]


def typed(page: Page, fields: dict[str, str]) -> None:
    """Type into the rows, as a page without scripts has them."""
    for name, text in fields.items():
        control = page.locator(f"[name='{name}']")
        if control.evaluate("each => each.tagName") == "SELECT":
            control.select_option(text)
        else:
            control.fill(text)


def test_c3_what_is_drawn_is_what_would_be_typed(clinic: OwnClinic, desk: Desks) -> None:
    """Without scripts the same fields make the same document; and rows that were typed before the script came stay."""
    fields = {"week.sat.2.kind": "acute", "week.sat.2.from": "14:00", "week.sat.2.to": "15:00"}
    plain = desk(TEMPLATE, java_script_enabled=False)
    expect(plain.page.locator("[data-grid]")).to_be_hidden()
    typed(plain.page, fields)
    week = saved_week(plain)
    assert week["sat"][-1] == ("acute", "14:00", "15:00")
    clinic.apply(*MORNING)
    waiting: list[Route] = []
    late = desk("/set-up")
    late.page.route("**/static/week.js*", lambda route: waiting.append(route), times=1)
    late.page.goto(f"/staff/{clinic.key}{TEMPLATE}", wait_until="commit")
    typed(late.page, fields | {"week.sun.2.from": "9"})
    wait_until(lambda: waiting, "the script is asked for")
    waiting[0].continue_()
    expect(item(late.page, "sat", "14:00")).to_have_text("14:00–15:00 Acute")
    late.page.get_by_role("button", name="All blocks as a list").click()
    expect(late.page.locator("[name='week.sun.2.from']")).to_have_value("9")
    typed(late.page, {"week.sun.2.from": ""})
    assert saved_week(late) == week


def test_c3_a_mistake_opens_the_block_in_which_it_is(clinic: OwnClinic, desk: Desks) -> None:
    page = desk(TEMPLATE).page
    item(page, "thu", "12:00").click()
    page.locator("[name='week.thu.1.from']").fill("11:30")
    expect(page.locator(".piece.taken")).to_have_count(2)
    page.get_by_role("button", name="Check", exact=True).last.click()
    expect(page.locator("#error-week-thu-1-from")).to_be_visible()
    page.locator(".error-summary a").click()
    expect(page.locator("[name='week.thu.1.from']")).to_be_focused()


def touch(item_held: Locator, *, to: Locator, ghost: Locator) -> None:
    """Rest a finger on an item until it is held, and draw it to the end of another."""
    page = item_held.page
    to.scroll_into_view_if_needed()
    item_held.scroll_into_view_if_needed()
    start, end = item_held.bounding_box(), to.bounding_box()
    assert start
    assert end
    x, first, last = start["x"] + start["width"] / 2, start["y"] + 4, end["y"] + end["height"] - 2
    session = page.context.new_cdp_session(page)

    def send(kind: str, *points: float) -> None:
        session.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": [{"x": x, "y": y} for y in points]})

    send("touchStart", first)
    ghost.wait_for(state="attached")
    for step in range(1, 9):
        send("touchMove", first + (last - first) * step / 8)
    send("touchEnd")


@pytest.mark.parametrize(("language", "first"), [("en-GB", "mon"), ("fa-IR", "sat")])
def test_s2_a_finger_draws_a_day_at_a_time_from_either_side(
    clinic: OwnClinic, desk: Desks, language: str, first: str
) -> None:
    """At 390 pixels one day is seen, the week's first in the reader's language; the next ones by tabs."""
    page = desk(TEMPLATE, locale=language, **WINDOWS["telephone"]).page
    expect(page.locator("[data-lane]").first).to_have_attribute("data-lane", f"week.{first}")
    touch(item(page, first, "14:00"), to=item(page, first, "14:45"), ghost=page.locator(".ghost"))
    made = item(page, first, "14:00")
    expect(made).to_have_attribute("aria-current", "true")
    expect(page.locator(f"[name='week.{first}.2.to']")).to_have_value("15:00")
    page.locator(".column-tabs a").nth(3).tap()
    expect(page.locator("[data-lane]").nth(3)).to_be_in_viewport(ratio=0.3)
    width = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    assert width <= 0


@pytest.mark.parametrize("window", WINDOWS)
@pytest.mark.parametrize("language", ["en-GB", "fa-IR"])
def test_a_drawn_week_is_fit_for_everybody(clinic: OwnClinic, desk: Desks, window: str, language: str) -> None:
    """C3: seen by axe-core in light and dark, with a block open, and where one is copied."""
    page = desk(TEMPLATE, locale=language, **WINDOWS[window]).page
    eyes = Eyes(page, f"week-{language}-{window}")
    item(page, "mon" if language == "en-GB" else "sat", "08:00").click()
    eyes.look("open")
    page.locator("[data-copy-day]").first.click()
    eyes.look("copy")
    page.locator("[data-leave]").click()
    page.locator("[data-as-list]").click()
    eyes.look("list")
    assert eyes.faults == {}
