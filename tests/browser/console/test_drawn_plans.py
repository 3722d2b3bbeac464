"""Plans, single days, who takes what and in which order, as people set them up in a browser (issue 14, C3)."""

from collections.abc import Callable
from datetime import timedelta
from urllib.parse import urlsplit

from playwright.sync_api import Page, expect

from tests.browser.console.desk import Desk
from tests.system.clinics import OwnClinic, in_days

Desks = Callable[..., Desk]


def save(page: Page) -> None:
    """Check, look and save."""
    page.get_by_role("button", name="Check", exact=True).last.click()
    page.locator("button[value=apply]").click()
    page.wait_for_url("**?done=applied")


def test_s1_the_strip_follows_what_is_typed_into_a_plan_and_takes_no_focus(clinic: OwnClinic, desk: Desks) -> None:
    """Twelve weeks as dates: what a change of the plan makes of them is seen at once, and the field keeps the focus."""
    page = desk("/set-up/plans/1").page
    weeks = page.locator("#strip .strip > li")
    expect(weeks).to_have_count(12)
    expect(page.locator("#strip .gap")).to_have_count(0)
    weeks_by_turn = page.locator("[name=weeks]")
    weeks_by_turn.focus()
    weeks_by_turn.select_option("odd")
    expect(page.locator("#strip .has-gap")).not_to_have_count(0)
    expect(weeks_by_turn).to_be_focused()
    weeks_by_turn.select_option("all")
    page.locator(".set-up [name=to]").fill((in_days(0) - timedelta(weeks=1)).isoformat())
    expect(page.locator("#strip .has-gap")).to_have_count(12)


def test_s8_a_single_day_is_drawn_from_what_the_plan_says(clinic: OwnClinic, desk: Desks) -> None:
    """The plan's blocks are taken over, one of them is taken away by a key, and the day holds."""
    day = in_days(9)
    at_desk = desk("/set-up/days/-new")
    page = at_desk.page
    page.locator("[name=date]").fill(day.isoformat())
    page.locator("[name=practitioner]").select_option("anna")
    page.get_by_role("button", name="Begin with what the plan says").click()
    lunch = page.locator("[data-lane=blocks] .piece[data-at='12:00']")
    expect(lunch).to_have_text("12:00–13:00 Lunch")
    lunch.press("Delete")
    expect(lunch).to_have_count(0)
    save(page)
    (made,) = clinic.desk("GET", "document")["days"]
    assert (made["practitioner"], made["date"]) == ("anna", day.isoformat())
    assert [(each["kind"], each["from"], each["to"]) for each in made["blocks"]] == [("open", "08:00", "12:00")]


def test_s13_the_order_of_practitioners_is_changed_by_keys_alone(clinic: OwnClinic, desk: Desks) -> None:
    """S13, aldente's manual: who was moved keeps the focus, so that one can go on; nothing is saved before a look."""
    page = desk("/set-up/practitioners").page
    page.get_by_role("button", name="Change the order").press("Enter")
    page.locator("button[value='down:anna']").press("Enter")
    expect(page.locator("button[value='down:anna']")).to_be_focused()
    expect(page.locator(".order strong")).to_have_text(["Bo Ek", "Anna Berg"])
    assert urlsplit(page.url).path.endswith("/set-up/practitioners")
    save(page)
    assert [each["key"] for each in clinic.desk("GET", "document")["practitioners"]] == ["bo", "anna"]


def test_s12_a_type_is_given_to_a_practitioner_with_a_length_of_their_own(clinic: OwnClinic, desk: Desks) -> None:
    """S12: in the table of all types and practitioners, by the names that a screen reader says."""
    page = desk("/set-up/takers").page
    page.get_by_role("checkbox", name="INTERNAL, Bo Ek").check()
    page.get_by_role("textbox", name="Length, INTERNAL, Bo Ek").fill("45")
    save(page)
    (visit,) = clinic.desk("GET", "document")["types"]
    assert (visit["practitioners"], visit["lengths"]) == (["bo"], {"bo": "45m"})


def test_s2_a_block_s_colour_is_seen_and_chosen_by_sight(clinic: OwnClinic, desk: Desks) -> None:
    """What is chosen stands in the field in which it would be typed, and the other way round."""
    page = desk("/set-up/block-kinds/open").page
    picker = page.get_by_label("Choose a colour by sight")
    page.locator("[name=colour]").fill("#1a73e8")
    expect(picker).to_have_value("#1a73e8")
    picker.fill("#2f7d5b")
    expect(page.locator("[name=colour]")).to_have_value("#2f7d5b")
    save(page)
    expect(page.locator(".items .kind", has_text="Open")).to_be_visible()
    assert clinic.desk("GET", "document")["block_kinds"][0]["colour"] == "#2f7d5b"
