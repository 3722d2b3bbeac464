"""Recalls in a real browser: the link of a message, and the card on paper (PRODUCT M2, R2, B9)."""

import re
from collections.abc import Callable
from typing import Any

import pytest
import requests
from playwright.sync_api import expect

from shared.clinic.times.weeks import week_of
from tests.browser.called import CONTROLLED, SLOW_MACHINE, called, known
from tests.browser.eyes import WINDOWS, Eyes
from tests.browser.visitor import Visitor
from tests.system.api_client import Client, staff
from tests.system.clinics import OwnClinic, a_block, a_person, at, in_days, own_clinic
from tests.system.installation import ADMIN, Installation, wait_until

Visit = Callable[..., Visitor]


@pytest.fixture(scope="module")
def clinic(running: Installation) -> OwnClinic:
    """Return a clinic without national numbers that calls its patients in."""
    visit = {"alias": {"en": "Check-up", "fa": "معاینه"}, "needs": {**CONTROLLED, "days_after_week": 400}}
    return own_clinic(
        Client(running.url), staff(running.url, *ADMIN), a_block("08:00", "18:00"), country="SE", visit=visit,
        languages=["en", "fa"],
    )  # fmt: skip


def link_sent(clinic: OwnClinic, url: str, mobile: str) -> str:
    """Return the path of the personal link in the recall that went to a mobile."""
    found: list[str] = []

    def is_sent() -> bool:
        rows = clinic.desk("GET", "messages")["messages"]
        ids = [row["id"] for row in rows if (row["event"], row["to"]) == ("recall", mobile)]
        found[:] = re.findall(r"/m/[\w-]+", requests.get(f"{url}/outbox/{ids[0]}", timeout=20).text) if ids else []
        return bool(found)

    wait_until(is_sent, "the recall is in the outbox", SLOW_MACHINE)
    return found[0]


def give_card(visitor: Visitor, person: dict[str, Any], code: str) -> None:
    """Give birth date and code on the page for cards."""
    page = visitor.page
    for part, value in zip(("year", "month", "day"), person["birth_date"].split("-"), strict=True):
        page.locator(f"main [name='recall.birth_date.{part}']").fill(value)
    page.locator("main [name='recall.code']").fill(code)
    with page.expect_navigation():
        page.locator("button[value=open]").click()


@pytest.mark.parametrize(
    ("window", "language"), [("desktop", "en"), ("telephone", "en"), ("desktop", "fa"), ("telephone", "fa")]
)
def test_the_link_of_a_recall_leads_to_a_time_and_then_says_that_it_is_booked_r2(
    visit: Visit, running: Installation, clinic: OwnClinic, window: str, language: str
) -> None:
    visitor, person = visit(**WINDOWS[window]), a_person()
    page, eyes = visitor.page, Eyes(visitor.page, f"recall-link-{language}-{window}")
    called(clinic, known(clinic, person), send="sms", practitioner="anna", minutes=40, week=week_of(in_days(0)))
    link = link_sent(clinic, running.url, person["mobile"])
    page.goto(f"{link}?lang={language}")
    expect(page.locator(".answers")).to_contain_text("Anna Berg")
    assert person["last_name"] not in page.content()
    eyes.look("need")
    page.locator("form[action] button.button").click()
    page.locator("#when").wait_for()
    eyes.look("when")
    visitor.choose_day(2).choose_time()
    assert link.removeprefix("/m/") not in page.url
    expect(page.locator("form.review")).to_contain_text(f"{person['first_name']} {person['last_name']}")
    assert person["mobile"][-4:] not in page.locator("main").inner_text()
    eyes.look("review")
    visitor.confirm()
    page.goto(f"{link}?lang={language}")
    page.locator(".alert").wait_for()
    if language == "en":
        expect(page.locator("h1")).to_have_text("This appointment is already booked")
    expect(page.locator(".call a")).to_have_attribute("href", "tel:+4681234567")
    eyes.look("used")
    assert eyes.faults == {}
    assert visitor.overflow() == 0


def test_the_link_of_a_recall_works_without_a_script(visit: Visit, running: Installation, clinic: OwnClinic) -> None:
    visitor, person = visit(java_script_enabled=False), a_person()
    called(clinic, known(clinic, person), send="sms", minutes=20, week=week_of(in_days(0)))
    visitor.page.goto(link_sent(clinic, running.url, person["mobile"]))
    visitor.page.locator("form[action] button.button").click()
    visitor.choose_day(2)
    visitor.times.first.click()
    visitor.wait_for("form.review")


def test_a_card_opens_by_birth_date_where_there_is_no_number_m2(visit: Visit, clinic: OwnClinic) -> None:
    visitor, person = visit(), a_person(birth_date="1971-02-03")
    page = visitor.page
    start = at(in_days(20), "10:00")
    fields = {"patient": known(clinic, person), "type": "visit", "practitioner": "anna", "start": start}
    recalled = clinic.desk("POST", "recalls", {**fields, "send": ["card"]})
    assert recalled.status == 201, recalled
    page.goto("/recall?lang=en")
    page.locator("main a", has_text="Enter your date of birth instead").click()
    give_card(visitor, person, recalled["code"].lower().replace("-", " "))
    expect(page.locator(".answers")).to_contain_text(recalled["reference"])
    expect(page.locator("a[href*='go=move']")).to_have_count(1)


def test_wrong_cards_say_the_same_and_are_limited_m2(visit: Visit, clinic: OwnClinic) -> None:
    visitor, person = visit(), a_person(birth_date="1972-03-04")
    page = visitor.page
    _, code = called(clinic, known(clinic, person), week=week_of(in_days(0)))
    page.goto("/recall?by=birth_date&lang=en")
    said = set()
    for wrong in ({"code": "0000-0000"}, {"birth_date": "1950-01-01"}):
        asked = {**person, "code": code, **wrong}
        give_card(visitor, asked, asked["code"])
        said.add(page.locator(".error-summary").inner_text())
    assert len(said) == 1
    for _ in range(4):
        give_card(visitor, person, "0000-0000")
    give_card(visitor, person, code)
    expect(page.locator(".error-summary")).to_contain_text("Please try again in")
    assert "/recall" in page.url


@pytest.mark.parametrize("window", WINDOWS)
@pytest.mark.parametrize("language", ["en", "fa"])
def test_the_page_for_cards_is_fit_for_all(visit: Visit, window: str, language: str) -> None:
    visitor = visit(**WINDOWS[window])
    page, eyes = visitor.page, Eyes(visitor.page, f"cards-{language}-{window}")
    for by in ("", "birth_date"):
        page.goto(f"/recall?lang={language}&by={by}")
        page.locator("button[value=open]").click()
        visitor.wait_for(".error-summary")
        eyes.look(by or "number")
        assert visitor.overflow() == 0
    assert eyes.faults == {}
