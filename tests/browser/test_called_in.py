"""Patients whom the clinic has called in: a need by login code or by a card, and a recall that is moved.

Their pages on a desktop and a telephone, each checked with axe-core (PRODUCT B9, B14, M2, M7, R1, R2).
"""

import io
import re
from collections.abc import Callable
from itertools import count
from typing import Any

import pytest
import requests
from playwright.sync_api import expect
from pypdf import PdfReader

from shared.clinic.times.weeks import week_of
from tests.browser.called import SLOW_MACHINE, called, known
from tests.browser.eyes import WINDOWS, Eyes
from tests.browser.visitor import Visitor
from tests.system.api_client import Client, staff
from tests.system.clinics import OwnClinic, in_days
from tests.system.installation import ADMIN, Installation, wait_until
from tests.system.people import a_patient

Visit = Callable[..., Visitor]
_seeds = count(3000)


@pytest.fixture(scope="module")
def administrator(running: Installation) -> Client:
    """Return staff who may do everything."""
    return staff(running.url, *ADMIN)


@pytest.fixture
def frenda(running: Installation, administrator: Client) -> OwnClinic:
    """Return the Swedish demo clinic, whose recalls have a time."""
    return OwnClinic(Client(running.url), administrator, "frenda")


@pytest.fixture
def aldente(running: Installation, administrator: Client) -> OwnClinic:
    """Return the Danish demo clinic, whose examinations are controlled by needs."""
    return OwnClinic(Client(running.url), administrator, "aldente")


def card_of(clinic: OwnClinic, id: str) -> str:
    """Return the words on the printed card of a booking or need."""
    answer = requests.get(
        f"{clinic.administrator.url}/v1/staff/clinics/{clinic.key}/recalls/{id}/card.pdf",
        headers={"Authorization": f"Bearer {clinic.administrator.token}"},
        timeout=SLOW_MACHINE,
    )
    assert (answer.status_code, answer.headers["Content-Type"]) == (200, "application/pdf"), answer.text
    (page,) = PdfReader(io.BytesIO(answer.content)).pages
    return re.sub(r"\s+", " ", page.extract_text())


def a_dane() -> dict[str, Any]:
    """Return a new person with a Danish number."""
    return a_patient("dk.cpr", "DK", next(_seeds))


@pytest.mark.parametrize("window", WINDOWS)
def test_a_need_is_booked_after_a_login_by_code(visit: Visit, aldente: OwnClinic, window: str) -> None:
    visitor, person = visit(**WINDOWS[window]), a_dane()
    page = visitor.page
    call_to_examination(aldente, person)
    eyes = Eyes(page, f"need-by-login-{window}")
    visitor.open("aldente", lang="da").person = person
    page.locator("button[name=type][value=examination]").click()
    log_in(visitor, eyes)
    page.locator("#when").wait_for()
    eyes.look("days")
    visitor.choose_day().choose_time()
    visitor.as_somebody_else()
    eyes.look("details")
    visitor.fill_in().review()
    reference = confirm(visitor, eyes)
    wait_until(lambda: state_of(aldente, person) == ("used", reference), "the need is used", SLOW_MACHINE)

    page.goto("/aldente/my?lang=da")
    log_in(visitor)
    expect(page.locator("h1")).to_have_text("Dine tider")
    eyes.look("my")
    page.locator("a[href*='go=cancel']").click()
    page.locator("button[value=cancel]").click()
    expect(page.locator("h1")).to_have_text("Tiden er aflyst")
    wait_until(lambda: state_of(aldente, person) == ("open", None), "the need is open again", SLOW_MACHINE)
    assert eyes.faults == {}


@pytest.mark.parametrize("window", WINDOWS)
def test_a_need_is_booked_by_the_code_on_its_card(visit: Visit, aldente: OwnClinic, window: str) -> None:
    visitor, person = visit(**WINDOWS[window]), a_dane()
    page = visitor.page
    need, code = call_to_examination(aldente, person)
    words = card_of(aldente, need)
    assert code in words
    assert "Det er tid til at booke din næste aftale." in words

    eyes = Eyes(page, f"need-by-card-{window}")
    page.goto("/recall?lang=da")
    eyes.look("recall")
    open_card(visitor, person["national_id"], "0000-0000")
    page.locator(".error-summary").wait_for()
    eyes.look("wrong-code")
    open_card(visitor, person["national_id"], code.lower().replace("-", " "))
    page.locator("form[action='/aldente'] button.button").wait_for()
    eyes.look("need")
    page.locator("form[action='/aldente'] button.button").click()
    page.locator("#when").wait_for()
    eyes.look("days")
    visitor.choose_day().choose_time()
    expect(page.locator("form.review")).to_contain_text(f"{person['first_name']} {person['last_name']}")
    reference = confirm(visitor, eyes)
    wait_until(lambda: state_of(aldente, person) == ("used", reference), "the need is used", SLOW_MACHINE)
    assert eyes.faults == {}


@pytest.mark.parametrize("window", WINDOWS)
def test_a_recall_is_moved_by_the_code_on_its_card(visit: Visit, frenda: OwnClinic, window: str) -> None:
    visitor, person = visit(**WINDOWS[window]), a_patient("se.personnummer", "SE", next(_seeds))
    page = visitor.page
    start = frenda.public.slots("frenda", "exam", in_days(20), practitioner="anna")[-1]["start"]
    body = {"patient": known(frenda, person, "acute"), "type": "exam", "practitioner": "anna", "start": start}
    recalled = frenda.desk("POST", "recalls", {**body, "send": ["card"]})
    assert recalled.status == 201, recalled
    words = card_of(frenda, recalled["reference"])
    assert recalled["code"] in words
    assert person["last_name"] in words
    assert "Anna Berg" in words

    eyes = Eyes(page, f"recall-{window}")
    page.goto("/recall?lang=sv")
    open_card(visitor, person["national_id"], recalled["code"])
    expect(page.locator(".answers")).to_contain_text(recalled["reference"])
    eyes.look("recalled")
    page.locator("a[href*='go=move']").click()
    visitor.choose_day(3)
    moved = visitor.choose_time(1)
    page.locator("button[value=move]").click()
    expect(page.locator(".success")).to_have_text("Din tid är ombokad.")
    expect(page.locator(".answers")).to_contain_text(moved)
    booking = frenda.desk("GET", f"bookings/{recalled['reference']}")
    assert (booking["origin"], booking["start"] != start) == ("recall", True)
    assert eyes.faults == {}


def call_to_examination(clinic: OwnClinic, person: dict[str, Any]) -> tuple[str, str]:
    """Call somebody to an examination with Sofie this week; return the need's id and the code of their card."""
    wish = {"type": "examination", "practitioner": "sofie", "week": week_of(in_days(0))}
    return called(clinic, known(clinic, person, "toothache"), **wish)


def state_of(clinic: OwnClinic, person: dict[str, Any]) -> tuple[str, str | None]:
    """Return the state of somebody's only need, and the booking that uses it."""
    (patient,) = clinic.desk("GET", "patients", q=person["national_id"])["patients"]
    (row,) = clinic.desk("GET", "needs", patient=patient["id"])["needs"]
    return row["state"], row["booking"]


def log_in(visitor: Visitor, eyes: Eyes | None = None) -> None:
    """Ask for a code, read it in the outbox, and give it."""
    page = visitor.page
    page.locator("[name='login.mobile']").fill(visitor.person["mobile"])
    if eyes:
        eyes.look("login")
    before = messages_to(visitor)
    page.locator("button[value=send_code]").click()
    page.locator("[name='login.code']").wait_for()
    if eyes:
        eyes.look("code")
    page.locator("[name='login.code']").fill(code_in_a_new_message(visitor, before))
    page.locator("button[value=log_in]").click()


def messages_to(visitor: Visitor) -> list[str]:
    """Return the addresses of the messages to the visitor's mobile, as the outbox lists them: newest first."""
    listed = visitor.outbox()
    rows = re.findall(r'<a class="choice" href="(/outbox/\w+)">(.*?)</a>', listed, re.DOTALL)
    return [address for address, row in rows if visitor.person["mobile"] in row]


def code_in_a_new_message(visitor: Visitor, before: list[str]) -> str:
    """Wait for a login code that was not there before, among other messages that may come, and return it."""
    codes: list[str] = []

    def told() -> bool:
        new = [address for address in messages_to(visitor) if address not in before]
        texts = [visitor.outbox(address).partition('class="bubble"')[2] for address in new]
        found = [re.search(r"\b\d{6}(?:\d{3})?\b", text) for text in texts if "/m/" not in text]
        codes[:] = [each[0] for each in found if each]
        return bool(codes)

    wait_until(told, "the code is in the outbox", SLOW_MACHINE)
    return codes[0]


def open_card(visitor: Visitor, number: str, code: str) -> None:
    """Give number and code on the page for cards."""
    page = visitor.page
    page.locator("main [name='recall.national_id']").fill(number)
    page.locator("main [name='recall.code']").fill(code)
    with page.expect_navigation():
        page.locator("button[value=open]").click()


def confirm(visitor: Visitor, eyes: Eyes) -> str:
    """Confirm what the review shows, and return the reference."""
    eyes.look("review")
    reference = visitor.confirm()
    eyes.look("confirmation")
    return reference
