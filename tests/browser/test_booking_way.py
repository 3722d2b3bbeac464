"""The whole way through the real system in a real browser (PRODUCT B2, M1, M4, M5)."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Route, expect

from tests.browser.visitor import Visitor
from tests.system.api_client import Client, staff
from tests.system.installation import ADMIN, Installation, wait_until

Visit = Callable[..., Visitor]
PHONE = {"viewport": {"width": 390, "height": 844}, "has_touch": True, "is_mobile": True}


@pytest.fixture(scope="module")
def administrator(running: Installation) -> Client:
    """Return staff who may look at everything."""
    return staff(running.url, *ADMIN)


def bookings_of(administrator: Client, clinic: str, visitor: Visitor) -> list[str]:
    """Return the references of the visitor's bookings, by the family name that only they have."""
    found = administrator.get(f"/staff/clinics/{clinic}/bookings", limit="200")["bookings"]
    return [row["reference"] for row in found if row["patient"]["last_name"] == visitor.person["last_name"]]


@pytest.mark.parametrize(
    "options",
    [{}, PHONE, {**PHONE, "java_script_enabled": False}],
    ids=["desktop", "telephone", "telephone without script"],
)
def test_a_patient_books_moves_and_cancels(visit: Visit, options: dict[str, object]):
    visitor = visit(**options)
    page = visitor.page
    reference = visitor.book("frenda", "exam")
    expect(page.locator("h1")).to_have_text("Din tid är bokad")
    booked = page.locator(".moment").inner_text()

    page.locator("a.button[href*='/m/']").click()
    expect(page.locator(".answers")).to_contain_text(reference)
    page.locator("a[href*='go=move']").click()
    visitor.choose_day(4)
    moved = visitor.choose_time(1)
    expect(page.locator("h1")).to_have_text("Vill du boka om tiden?")
    page.locator("button[value=move]").click()
    expect(page.locator(".success")).to_have_text("Din tid är ombokad.")
    expect(page.locator(".answers")).to_contain_text(moved)
    assert booked not in page.locator(".answers").inner_text()

    page.locator("a[href*='go=cancel']").click()
    page.locator("textarea").fill("Jag är förkyld.")
    page.locator("button[value=cancel]").click()
    expect(page.locator(".success")).to_have_text("Din tid är avbokad.")
    expect(page.locator("h1")).to_have_text("Tiden är avbokad")
    expect(page.locator("a[href*='go=move']")).to_have_count(0)


def test_the_keyboard_alone_is_enough(visit: Visit):
    visitor = visit().open("frenda")
    page = visitor.page

    def go_to(selector: str) -> None:
        """Press Tab until the focus is there."""
        for _ in range(120):
            if page.evaluate("selector => document.activeElement.matches(selector)", selector):
                return
            page.keyboard.press("Tab")
        pytest.fail(f"{selector} cannot be reached by Tab")

    def press(selector: str, key: str = "Enter") -> None:
        go_to(selector)
        assert page.evaluate("getComputedStyle(document.activeElement).outlineStyle") == "solid", "the focus is seen"
        page.keyboard.press(key)

    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "skip"
    press("button[name=type][value=exam]")
    visitor.wait_for("button[name=practitioner]")
    press("button[name=practitioner][value=any]")
    visitor.wait_for("#when")
    press(".glance button[name=month]")
    visitor.wait_for(".calendar")
    before = page.locator(".month h2").inner_text()
    press(".turn.next")
    expect(page.locator(".month h2")).not_to_have_text(before)
    expect(page.locator("[data-said]")).to_have_text(page.locator(".month h2").inner_text())  # as screen readers say it
    expect(page.locator(".turn.next")).to_be_focused()
    press("button.day", "Space")
    expect(page.locator(".times")).to_be_focused()
    chosen = page.locator(".times h2").inner_text()
    expect(page.get_by_role("region", name=chosen, exact=True)).to_be_focused()  # it has the day's name
    press("button.time")
    visitor.wait_for("form.details")
    for name in ("national_id", "first_name", "last_name", "mobile"):
        go_to(f'form.details [name="patient.{name}"]')
        page.keyboard.type(visitor.person[name])
    page.keyboard.press("Enter")
    visitor.wait_for("form.review")
    press(".actions button[value=confirm]")
    expect(page.locator("h1")).to_have_text("Din tid är bokad")


@pytest.mark.parametrize("script", [True, False], ids=["with script", "without script"])
def test_a_double_click_makes_one_booking_b13(visit: Visit, administrator: Client, script):
    visitor = visit(java_script_enabled=script)
    visitor.open("frenda").choose_type("exam").choose_day(6).choose_time()
    visitor.fill_in().review()
    visitor.confirm_button.dblclick(no_wait_after=True)
    reference = visitor.reference()
    assert bookings_of(administrator, "frenda", visitor) == [reference]


def test_mistakes_are_shown_together_and_lead_to_their_fields(visit: Visit):
    visitor = visit().open("frenda").choose_type("exam").choose_day()
    visitor.choose_time(3)
    page = visitor.page
    visitor.field("first_name").fill("Eva")
    page.locator("form.details button[value=review]").click()
    summary = page.locator(".error-summary")
    expect(summary).to_be_focused()
    expect(summary.locator("a")).to_have_count(3)
    expect(page).to_have_title("Fel: Dina uppgifter – Solna Tandvård")
    summary.locator("a").nth(1).click()
    expect(visitor.field("last_name")).to_be_focused()
    expect(visitor.field("first_name")).to_have_value("Eva")


def is_offered(visitor: Visitor, written: str) -> bool:
    """Tell whether a page of times has this one; else load it again, as on a slow machine the search may be behind."""
    visitor.times.first.wait_for()
    if visitor.times.filter(has_text=written).count():
        return True
    visitor.page.reload()
    return False


def test_a_held_time_is_not_offered_to_others_until_it_is_given_back_b12(visit: Visit):
    first, second = visit(), visit()
    for visitor in (first, second):
        visitor.open("frenda", type="exam", practitioner="anna").choose_day(8)
    taken = first.choose_time(2)
    expect(first.page.locator("[data-countdown]")).to_contain_text("kvar")

    second.times.nth(2).click()
    expect(second.page.locator("h1")).to_have_text("Någon annan håller på att boka tiden")
    assert second.times.count() > 0
    second.choose_time(0)
    second.fill_in().review()
    second.confirm()

    first.page.locator("button[value=when]").click()
    wait_until(lambda: is_offered(first, taken), "the time is offered again")


def test_changing_the_language_keeps_what_is_typed_and_the_time(visit: Visit):
    visitor = visit().open("frenda").choose_type("exam").choose_day()
    visitor.choose_time(4)
    page = visitor.page
    visitor.field("first_name").fill("Evangelina")
    page.locator(".languages summary").click()
    page.locator("button[name=lang][value=nb]").click()
    expect(page.locator("h1")).to_have_text("Opplysninger om deg")
    expect(visitor.field("first_name")).to_have_value("Evangelina")
    expect(page.locator(".hold")).to_contain_text("Vi holder av timen til deg")
    assert "Evangelina" not in page.url


def test_editing_on_the_review_loses_nothing(visit: Visit):
    visitor = visit().open("frenda").choose_type("exam").choose_day()
    visitor.choose_time(5)
    visitor.fill_in().review()
    page = visitor.page
    page.locator(".answers button[value=when]").click()
    visitor.choose(visitor.days.first)
    new = visitor.choose_time(0)
    expect(page.locator("h1")).to_have_text("Kontrollera dina uppgifter")
    expect(page.locator(".answers").first).to_contain_text(new)
    expect(page.locator(".answers").last).to_contain_text(visitor.person["mobile"])
    page.locator(".answers button[value=details]").first.click()
    expect(visitor.field("mobile")).to_have_value(visitor.person["mobile"])


def test_days_and_months_load_in_place_and_the_address_follows(visit: Visit):
    visitor = visit().open("frenda").choose_type("exam")
    page = visitor.page
    page.evaluate("window.stillHere = true")
    visitor.choose_day()
    assert page.evaluate("window.stillHere") is True
    chosen = page.locator(".times h2").inner_text()
    page.reload()
    expect(page.locator(".times h2")).to_have_text(chosen)


def test_of_two_days_that_are_pressed_quickly_the_last_one_counts(visit: Visit):
    """On a slow connection the first one's answer comes when the second one has been pressed."""
    visitor = visit().open("frenda").choose_type("exam").choose_day()
    page = visitor.page
    held: list[Route] = []
    page.route("**/frenda?*date=*", lambda route: held.append(route))
    for number in (3, 4):
        visitor.days.nth(number).click()
    wanted = str(visitor.days.nth(4).get_attribute("value"))
    while len(held) < 2:
        page.wait_for_timeout(10)
    for route in held:
        with page.expect_response(route.request.url):
            route.fallback()
    chosen = page.locator("button.day[aria-pressed=true]")
    expect(chosen).to_have_attribute("value", wanted)
    assert f"date={wanted}" in page.url
    assert visitor.times.first.get_attribute("value").startswith(wanted)


def test_the_messages_of_a_booking_can_be_read_and_their_link_works_n5(visit: Visit):
    visitor = visit()
    reference = visitor.book("frenda", "exam")
    page = visitor.page
    mine = page.locator("a.choice", has_text=visitor.person["mobile"][-9:])

    def told() -> bool:
        visitor.read_outbox()
        return mine.count() > 0

    wait_until(told, "the SMS is in the outbox")
    visitor.read_outbox(mine.first.get_attribute("href") or "no message has an address")
    page.locator(".bubble a").first.click()
    expect(page.locator(".answers")).to_contain_text(reference)
