"""Types controlled by needs in a real browser: which need, with whom, and what to do without one (PRODUCT B9, B10)."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from playwright.sync_api import expect

from shared.clinic.times.weeks import week_of
from tests.browser.called import CONTROLLED, called, known
from tests.browser.eyes import WINDOWS, Eyes
from tests.browser.logins import log_in
from tests.browser.visitor import Visitor
from tests.system.api_client import Client, staff
from tests.system.clinics import OwnClinic, a_block, a_person, in_days, own_clinic
from tests.system.installation import ADMIN, Installation, wait_until

Visit = Callable[..., Visitor]
TYPES = [
    {
        "key": "visit",
        "name": "VISIT",
        "alias": {"en": "Check-up", "fa": "معاینه"},
        "length": "30m",
        "needs": CONTROLLED,
    },
    {
        "key": "cleaning",
        "name": "CLEAN",
        "alias": {"en": "Cleaning", "fa": "جرم‌گیری"},
        "length": "40m",
        "needs": {**CONTROLLED, "choose_practitioner": True, "days_after_week": 7},
    },
]
PRACTITIONERS = [{"key": "anna", "name": "Anna Berg"}, {"key": "bo", "name": "Bo Ek", "title": "Dentist"}]


@pytest.fixture(scope="module")
def clinic(running: Installation) -> OwnClinic:
    """Return a clinic that calls its patients in, by two types."""
    return own_clinic(
        Client(running.url), staff(running.url, *ADMIN), a_block("08:00", "18:00"), country="SE", types=TYPES,
        practitioners=PRACTITIONERS, languages=["en", "fa"], name="The clinic by the lake",
    )  # fmt: skip


def fill_in(visitor: Visitor, person: dict[str, Any]) -> Visitor:
    """Give names and birth date, all that is asked of who is logged in."""
    visitor.as_somebody_else()
    year, month, day = person["birth_date"].split("-")
    given = {name: person[name] for name in ("first_name", "last_name")}
    for name, value in {**given, "birth_date.year": year, "birth_date.month": month, "birth_date.day": day}.items():
        visitor.field(name).fill(value)
    return visitor


@pytest.mark.parametrize(
    ("window", "language"), [("desktop", "en"), ("telephone", "en"), ("desktop", "fa"), ("telephone", "fa")]
)
def test_one_of_several_needs_is_chosen_and_booked_b9(
    visit: Visit, running: Installation, clinic: OwnClinic, window: str, language: str
) -> None:
    visitor, person = visit(**WINDOWS[window]), a_person()
    page, eyes = visitor.page, Eyes(visitor.page, f"needs-{language}-{window}")
    patient = known(clinic, person)
    called(clinic, patient, practitioner="bo", minutes=50, week="2026-W02")
    called(clinic, patient, practitioner="anna", minutes=20, week="2026-W01")
    page.goto(f"/{clinic.key}?lang={language}&type=visit")
    log_in(page, running.url, person)
    choices = page.locator("button[name=need]")
    expect(choices).to_have_count(2)
    expect(choices.first).to_contain_text("Anna Berg")
    eyes.look("needs")
    choices.nth(1).click()
    page.locator("#when").wait_for()
    expect(page.locator(".summary")).to_contain_text("Bo Ek")
    expect(page.locator("button[name=practitioner]")).to_have_count(0)
    visitor.choose_day(2).choose_time()
    if language == "en":
        reference = fill_in(visitor, person).review().confirm()
        booked = clinic.desk("GET", f"bookings/{reference}")
        assert booked["practitioner"] == "bo"
        page.locator("form[action$='/my'] button").click()
        expect(page.locator("form[action] button.button").first).to_contain_text("Choose a time")
        eyes.look("my")
    assert eyes.faults == {}
    assert visitor.overflow() == 0


def test_the_practitioner_is_chosen_only_where_the_clinic_lets_them_b9(
    visit: Visit, running: Installation, clinic: OwnClinic
) -> None:
    visitor, person = visit(), a_person()
    page = visitor.page
    called(clinic, known(clinic, person), type="cleaning", practitioner="bo", minutes=40, week=week_of(in_days(0)))
    page.goto(f"/{clinic.key}?lang=en&type=cleaning")
    log_in(page, running.url, person)
    page.locator("button[name=practitioner][value=anna]").click()
    expect(page.locator(".summary")).to_contain_text("Anna Berg")
    expect(page.locator(".notice").first).to_contain_text("Book it by")
    visitor.choose_day(2).choose_time()
    reference = fill_in(visitor, person).review().confirm()
    assert clinic.desk("GET", f"bookings/{reference}")["practitioner"] == "anna"


@pytest.mark.parametrize("window", WINDOWS)
def test_who_is_not_called_in_or_too_late_is_told_whom_to_call_b10(
    visit: Visit, running: Installation, clinic: OwnClinic, window: str
) -> None:
    visitor, late, stranger = visit(**WINDOWS[window]), a_person(), a_person()
    page, eyes = visitor.page, Eyes(visitor.page, f"needs-none-{window}")
    three_weeks_ago = week_of(in_days(0) - timedelta(weeks=3))
    patient = known(clinic, late)
    given = clinic.desk(
        "POST", "needs", {"patient": patient, "type": "cleaning", "minutes": 40, "week": three_weeks_ago}
    )
    assert given.status == 201, given
    ask = {"need": given["id"], "send": ["card"]}
    wait_until(lambda: clinic.desk("POST", "recalls/issue", ask).status == 422, "booking has heard of the late need")
    for person, said in ((stranger, "we cannot find an invitation for you"), (late, "has passed")):
        page.goto(f"/{clinic.key}?lang=en&type=cleaning")
        log_in(page, running.url, person)
        expect(page.locator("h1")).to_have_text("Please call us to book this appointment")
        expect(page.locator(".alert")).to_contain_text(said)
        expect(page.locator(".call a")).to_have_attribute("href", "tel:+4681234567")
        eyes.look("refused")
        page.locator("main a", has_text="Book something else").click()
        expect(page.locator("button[name=type]")).to_have_count(2)
    assert eyes.faults == {}
