"""The calendar in a browser (PRODUCT C6): seen, heard, by keyboard, by mouse, and as it is now."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.console.desk import Desk, asked_for
from tests.browser.eyes import WINDOWS, Eyes
from tests.system.clinics import OwnClinic, a_person, at, in_days

Desks = Callable[..., Desk]
DAY = in_days(12)
CALENDAR = f"/calendar?date={DAY}"


def booked(clinic: OwnClinic, clock: str = "09:00", practitioner: str = "anna", **fields: object) -> str:
    """Book as staff; return the reference."""
    body = {"type": "visit", "practitioner": practitioner, "start": at(DAY, clock), "patient": a_person(), **fields}
    answer = clinic.desk("POST", "bookings", body)
    assert answer.status == 201, answer
    return str(answer["reference"])


@pytest.mark.parametrize("window", WINDOWS)
@pytest.mark.parametrize("language", ["en", "fa"])
def test_each_view_is_fit_for_everybody(clinic: OwnClinic, desk: Desks, window: str, language: str) -> None:
    """C6: in both directions, on a desk and a telephone, light and dark."""
    booked(clinic, message="Please ring the bell: I cannot take the stairs.")
    booked(clinic, "09:30", "bo")
    clinic.desk(
        "POST", "absences", {"practitioner": "bo", "from": f"{DAY}T10:00", "to": f"{DAY}T11:00", "reason": "Course"}
    )
    at_desk = desk(CALENDAR, locale={"en": "en-GB", "fa": "fa-IR"}[language], **WINDOWS[window])
    eyes = Eyes(at_desk.page, f"calendar-{language}-{window}")
    for view in ("day", "week", "list", "list&by=practitioner"):
        at_desk.page.goto(f"/staff/{clinic.key}{CALENDAR}&view={view}")
        at_desk.page.locator("#calendar").wait_for()
        eyes.look(view.partition("&")[0])
    assert eyes.faults == {}


def test_what_others_book_appears_and_leaves_the_focus_where_it_was(clinic: OwnClinic, desk: Desks) -> None:
    """C6: live."""
    first = booked(clinic)
    at_desk = desk(CALENDAR)
    at_desk.booking(first).focus()
    second = booked(clinic, "10:00")
    at_desk.booking(second).wait_for()
    expect(at_desk.booking(first)).to_be_focused()


def test_a_free_place_that_has_the_focus_is_the_booking_there_once_it_is_taken(clinic: OwnClinic, desk: Desks) -> None:
    at_desk = desk(CALENDAR)
    at_desk.place("anna", "10:00").focus()
    expect(at_desk.booking(booked(clinic, "10:00"))).to_be_focused()


def test_what_is_only_looked_for_is_no_news_and_what_is_done_is(clinic: OwnClinic, desk: Desks) -> None:
    """The calendar is asked for again where something may have changed, and not at each letter of a search."""
    reference = booked(clinic)
    at_desk = desk(CALENDAR)
    page = at_desk.page
    page.route("**/live", lambda route: route.fulfill(status=304))  # others do nothing
    page.evaluate("""() => {
      document.body.dataset.news = "0";
      const count = ({ target }) => { target.dataset.news = Number(target.dataset.news) + 1; };
      document.body.addEventListener("frontdesk:news", count);
    }""")
    at_desk.place("bo", "10:00").click()
    expect(page.locator("#hold [name=hold]")).to_be_attached()
    page.locator("#panel #q").press_sequentially("Nobody Ofthisname")
    expect(page.locator("#found .empty")).to_be_visible()
    expect(page.locator("body")).to_have_attribute("data-news", "0")
    at_desk.booking(reference).click()
    page.locator("#panel [name=note]").fill("Rings first")
    page.get_by_role("button", name="Save note").click()
    expect(page.locator("body")).to_have_attribute("data-news", "1")


def drag(page: Page, item: Locator, *, to: Locator, from_end: bool = False, to_end: bool = False) -> None:
    """Drag an item, by its middle or its end, to the beginning or end of another place."""
    item.scroll_into_view_if_needed()
    start, end = item.bounding_box(), to.bounding_box()
    assert start
    assert end
    grip = start["height"] - 2 if from_end else 3
    page.mouse.move(start["x"] + start["width"] / 2, start["y"] + grip)
    page.mouse.down()
    page.mouse.move(end["x"] + end["width"] / 2, end["y"] + (end["height"] if to_end else 3), steps=8)
    page.mouse.up()


def test_a_booking_is_dragged_to_another_time_and_person(clinic: OwnClinic, desk: Desks) -> None:
    reference = booked(clinic)
    at_desk = desk(CALENDAR)
    asked = asked_for(
        at_desk.page,
        lambda: drag(at_desk.page, at_desk.booking(reference), to=at_desk.place("bo", "11:00")),
        f"/bookings/{reference}/move",
    )
    assert asked == {"start": at(DAY, "11:00"), "practitioner": "bo"}


def test_its_end_is_dragged_to_another_length(clinic: OwnClinic, desk: Desks) -> None:
    reference = booked(clinic)
    at_desk = desk(CALENDAR)
    act = lambda: drag(  # noqa: E731
        at_desk.page, at_desk.booking(reference), to=at_desk.place("anna", "09:45"), from_end=True, to_end=True
    )
    asked = asked_for(at_desk.page, act, f"/bookings/{reference}/move")
    assert asked == {"start": at(DAY, "09:00"), "practitioner": "anna", "minutes": "60"}


def test_b11_where_a_booking_is_none_is_dragged_to(clinic: OwnClinic, desk: Desks) -> None:
    reference, other = booked(clinic), booked(clinic, "10:00")
    at_desk = desk(CALENDAR)
    drag(at_desk.page, at_desk.booking(reference), to=at_desk.booking(other))
    expect(at_desk.page.locator("#said")).to_have_text("This time is taken.")
    expect(at_desk.page).to_have_url(f"**{CALENDAR}".replace("**", at_desk.page.url.partition("/calendar")[0]))


def test_a_place_that_is_drawn_over_is_booked_or_blocked(clinic: OwnClinic, desk: Desks) -> None:
    at_desk = desk(CALENDAR)

    def draw(choice: str) -> Callable[[], None]:
        def act() -> None:
            drag(at_desk.page, at_desk.place("bo", "08:00"), to=at_desk.place("bo", "08:45"), to_end=True)
            at_desk.page.get_by_role("button", name=choice).click()

        return act

    asked = asked_for(at_desk.page, draw("Book here"), "/bookings/new")
    assert asked == {"start": at(DAY, "08:00"), "practitioner": "bo", "minutes": "60"}
    asked = asked_for(at_desk.page, draw("Block this time"), "/absences/new")
    assert asked == {"practitioner": "bo", "from": f"{DAY}T08:00", "to": f"{DAY}T09:00"}


def test_arrows_go_over_the_grid_and_letters_do_what_is_done_most(clinic: OwnClinic, desk: Desks) -> None:
    """C6: by keyboard whole."""
    reference = booked(clinic, "08:15")
    at_desk = desk(CALENDAR)
    page = at_desk.page
    at_desk.place("anna", "08:00").focus()
    page.keyboard.press("ArrowDown")
    expect(at_desk.booking(reference)).to_be_focused()
    assert asked_for(page, lambda: page.keyboard.press("m"), f"/bookings/{reference}/move") == {}
    expect(page.locator("#panel :focus")).to_have_count(1)  # what opens takes the focus; only then is it ours again
    at_desk.booking(reference).focus()
    page.keyboard.press("ArrowRight")
    expect(at_desk.place("bo", "08:15")).to_be_focused()
    asked = asked_for(page, lambda: page.keyboard.press("n"), "/bookings/new")
    assert asked == {"start": at(DAY, "08:15"), "practitioner": "bo"}
    expect(page.locator("#panel :focus")).to_have_count(1)
    at_desk.place("bo", "09:00").focus()
    asked = asked_for(page, lambda: page.keyboard.press("b"), "/absences/new")
    assert asked == {"practitioner": "bo", "from": f"{DAY}T09:00", "to": f"{DAY}T10:00"}


def test_letters_lead_to_other_views_and_the_keys_are_shown(clinic: OwnClinic, desk: Desks) -> None:
    at_desk = desk(CALENDAR)
    page = at_desk.page
    at_desk.place("anna", "08:00").focus()
    page.keyboard.press("?")
    expect(page.locator("dialog.calendar-keys")).to_be_visible()
    page.keyboard.press("Escape")
    at_desk.place("anna", "08:00").focus()
    page.keyboard.press("/")
    expect(page.locator("#search")).to_be_focused()
    at_desk.place("anna", "08:00").focus()
    page.keyboard.press("w")
    page.wait_for_url("**view=week*")
    at_desk.place("anna", "08:00").first.focus()
    page.keyboard.press("d")
    page.wait_for_url(lambda url: "view=week" not in url)


def test_letters_can_be_switched_off(clinic: OwnClinic, desk: Desks) -> None:
    """WCAG 2.1.4; arrows go on working."""
    at_desk = desk(CALENDAR)
    page = at_desk.page
    page.get_by_role("button", name="Keys").click()
    page.locator("[data-keys-on]").uncheck()
    page.keyboard.press("Escape")
    at_desk.place("anna", "08:00").focus()
    page.keyboard.press("w")
    page.keyboard.press("ArrowDown")
    expect(at_desk.place("anna", "08:15")).to_be_focused()
    assert "view=week" not in page.url


def test_without_scripts_every_place_is_a_link(clinic: OwnClinic, desk: Desks) -> None:
    reference = booked(clinic)
    at_desk = desk(CALENDAR, java_script_enabled=False)
    assert at_desk.booking(reference).get_attribute("href") == f"/staff/{clinic.key}/bookings/{reference}"
    asked = asked_for(at_desk.page, at_desk.place("bo", "10:00").click, "/bookings/new")
    assert asked == {"start": at(DAY, "10:00"), "practitioner": "bo"}


def test_on_a_telephone_one_practitioner_is_seen_at_a_time(clinic: OwnClinic, desk: Desks) -> None:
    booked(clinic)
    page = desk(CALENDAR, **WINDOWS["telephone"]).page
    grid = page.locator("[data-grid]")
    grid.wait_for()
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    box, column = grid.bounding_box(), page.locator("[data-practitioner=anna]").bounding_box()
    assert box
    assert column
    assert column["width"] > 0.7 * box["width"]
