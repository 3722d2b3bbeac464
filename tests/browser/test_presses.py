"""How much a patient has to do: presses and fields on the way to one of the first free times (PRODUCT B20, B22)."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Locator, Request, expect

from shared.texts.language import LANGUAGES
from tests.browser.called import known
from tests.browser.logins import log_in
from tests.browser.visitor import Visitor
from tests.system.api_client import Client, staff
from tests.system.clinics import a_block, a_person, own_clinic
from tests.system.installation import ADMIN, Installation

Visit = Callable[..., Visitor]
MOST_PRESSES = 4
MOST_PRESSES_OF_THE_KNOWN = 3
MOST_BYTES = 60_000
FIELDS_BEGIN_ABOVE = 480
HIGHEST_OF_A_DAY = 1700
MOST_TIMES = 36
"""Of a day with more the hours are shown, and those of one of them."""

A_LATER_TIME = 1
"""The first one may be too near, and is then no longer to be had, before it is pressed."""

WAYS = [
    ("frenda", "acute"),
    ("norsk", "consultation"),
    ("aldente", "toothache"),
    ("optamed", "osteopathy"),
    ("exir", "visit"),
]
_FULL = f"""() => {{
  const fill = (list, most) => {{
    while (list.children.length < most) list.append(list.lastElementChild.cloneNode(true));
  }};
  const times = document.querySelector(".times ul"), holiday = "<li>Friday 25 December: Christmas Day</li>";
  fill(document.querySelector(".calendar tbody"), 6);
  document.querySelectorAll(".times ul").forEach((other) => other !== times && times.append(...other.children));
  fill(times, {MOST_TIMES});
  document.querySelector(".holidays")?.remove();
  const holidays = `<ul class="holidays">${{holiday.repeat(6)}}</ul>`;
  document.querySelector(".legend").insertAdjacentHTML("afterend", holidays);
}}"""
"""Makes the page as high as any month's can be."""

_LONG_NAMES = 'lines => lines.forEach(line => { line.textContent = "Wednesday 30 September 2026 ".repeat(9); })'


@pytest.mark.parametrize(("clinic", "type_key"), WAYS)
def test_a_new_patient_books_in_four_presses_and_types_what_is_required_b20_b22(
    visit: Visit, clinic: str, type_key: str
) -> None:
    """Besides whether they have been here before."""
    visitor = visit(viewport={"width": 390, "height": 844}).open(clinic)
    page, presses = visitor.page, 0

    def press(button: Locator) -> None:
        nonlocal presses
        presses += 1
        button.click()

    press(page.locator(f"button[name=type][value={type_key}]"))
    new, time = page.locator("button[name=been][value=no]"), page.locator(":is(.at-once, .week) button[name=choose]")
    new.or_(time).first.wait_for()
    if new.count():
        new.click()
    press(time.nth(A_LATER_TIME))
    visitor.wait_for("form.details")
    for field in page.locator("form.details input[required]").all():
        field.fill(visitor.person[str(field.get_attribute("name")).removeprefix("patient.")])
    for question in page.locator("form.details fieldset:not(:has(.optional))").all():
        question.locator("input").first.check()
    press(page.locator("form.details button[value=review]"))
    visitor.wait_for("form.review")
    press(visitor.confirm_button)
    assert visitor.reference()
    assert presses <= MOST_PRESSES


def test_a_known_patient_books_in_three_presses_after_the_login_and_types_nothing_b22(
    visit: Visit, running: Installation
) -> None:
    """Where there is something to choose: types, and practitioners of whom one takes no new patients."""
    clinic = own_clinic(
        Client(running.url), staff(running.url, *ADMIN), a_block("08:00", "18:00"), booking={"without_login": False},
        practitioners=[{"key": "anna", "name": "Anna Berg"}, {"key": "bo", "name": "Bo Ek", "new_patients": False}],
        types=[{"key": key, "name": key, "alias": key, "length": "30m"} for key in ("visit", "cleaning")],
    )  # fmt: skip
    visitor, person = visit(), a_person()
    patient, page, presses = known(clinic, person), visitor.page, 0

    def press(button: Locator) -> None:
        nonlocal presses
        presses += 1
        button.click()

    page.goto(f"/{clinic.key}?lang=en")
    log_in(page, running.url, person)
    press(page.locator("button[name=type][value=visit]"))
    press(page.locator(":is(.at-once, .week) button[name=choose]").last)
    expect(page.locator("form.review")).to_contain_text(f"{person['first_name']} {person['last_name']}")
    press(visitor.confirm_button)
    assert clinic.desk("GET", f"bookings/{visitor.reference()}")["patient"]["id"] == patient
    assert presses <= MOST_PRESSES_OF_THE_KNOWN


@pytest.mark.parametrize(("clinic", "type_key"), WAYS)
def test_the_form_is_seen_at_once_on_a_telephone_in_every_language_and_whatever_the_day_is_called(
    visit: Visit, clinic: str, type_key: str
) -> None:
    """However long the names of day, type and practitioner are: those of today would prove it for today."""
    visitor = visit(viewport={"width": 390, "height": 844}).open(clinic, type=type_key, been="no", practitioner="any")
    page = visitor.page
    page.locator("button[name=choose]").nth(A_LATER_TIME).click()
    visitor.wait_for("form.details")
    address, begins = page.url, {}
    for language in LANGUAGES:
        page.goto(f"{address}&lang={language}")
        visitor.wait_for("form.details")
        page.locator(".fold-lines > span").evaluate_all(_LONG_NAMES)
        first = page.locator("form.details input:not([type=hidden])").first.bounding_box()
        assert first
        begins[language] = first["y"]
    assert max(begins.values()) < FIELDS_BEGIN_ABOVE, begins


def test_a_days_times_fit_a_small_window(visit: Visit) -> None:
    """Whatever month it is: one of six weeks, with holidays, and a day with as many times as are shown at once."""
    visitor = visit(viewport={"width": 640, "height": 700}).open("frenda", type="exam", practitioner="any").choose_day()
    visitor.page.evaluate(_FULL)
    assert visitor.page.locator(".times button.time").count() == MOST_TIMES
    assert visitor.page.evaluate("document.documentElement.scrollHeight") < HIGHEST_OF_A_DAY


def test_a_weeks_times_fit_a_small_window_and_the_whole_page_is_light(visit: Visit) -> None:
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
