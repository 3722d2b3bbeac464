"""Patients whom the clinic has called in: a need by login code or by a card, and a recall that is moved.

Their pages on a desktop and a telephone, each checked with axe-core (PRODUCT B9, B14, M2, M7, R1, R2).
"""

import io
import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from itertools import count
from typing import Any

import pytest
import requests
from playwright.sync_api import expect
from pypdf import PdfReader

from shared.weeks import week_of
from tests.browser.eyes import WINDOWS, Eyes
from tests.browser.visitor import Visitor
from tests.system.api_client import Client, staff
from tests.system.installation import ADMIN, Installation, wait_until
from tests.system.people import a_patient

Visit = Callable[..., Visitor]
SLOW_MACHINE = 60.0  # seconds
_seeds = count(3000)
_days = count(40)


def today() -> date:
    """Return today's date."""
    return datetime.now(UTC).date()


@dataclass
class Clinic:
    """One demo clinic and its staff."""

    key: str
    public: Client
    administrator: Client

    def desk(self, method: str, path: str, body: Any = None, **query: Any) -> Any:
        """Make a call of the clinic's staff, which must succeed, and return what it answers."""
        answer = self.administrator.call(method, f"/staff/clinics/{self.key}/{path}", body, **query)
        assert answer.status < 300, answer
        return answer.body

    def known(self, person: dict[str, Any], type_key: str) -> str:
        """Return the id of a patient whom the clinic knows because they have been there."""
        start = f"{today() - timedelta(days=next(_days))}T08:00:00Z"
        visit = {"type": type_key, "start": start, "patient": person, "outside_plan": True}
        reference = self.desk("POST", "bookings", visit)["reference"]

        def linked() -> Any:
            return self.desk("GET", f"bookings/{reference}")["patient"]["id"]

        wait_until(linked, "the patient is made", SLOW_MACHINE)
        return str(linked())

    def card(self, id: str) -> str:
        """Return the words on the printed card of a booking or need."""
        answer = requests.get(
            f"{self.administrator.url}/v1/staff/clinics/{self.key}/recalls/{id}/card.pdf",
            headers={"Authorization": f"Bearer {self.administrator.token}"},
            timeout=60,
        )
        assert (answer.status_code, answer.headers["Content-Type"]) == (200, "application/pdf"), answer.text
        (page,) = PdfReader(io.BytesIO(answer.content)).pages
        return re.sub(r"\s+", " ", page.extract_text())


@pytest.fixture(scope="module")
def open_clinic(running: Installation) -> Callable[[str], Clinic]:
    """Return what opens the desk of a demo clinic."""
    administrator = staff(running.url, *ADMIN)
    return lambda key: Clinic(key, Client(running.url), administrator)


def a_dane() -> dict[str, Any]:
    """Return a new person with a Danish number."""
    return a_patient("dk.cpr", "DK", next(_seeds))


@pytest.mark.parametrize("window", WINDOWS)
def test_a_need_is_booked_after_a_login_by_code(visit: Visit, open_clinic, window: str) -> None:
    clinic, visitor = open_clinic("aldente"), visit(**WINDOWS[window])
    person, page = a_dane(), visitor.page
    need = give_need(clinic, person)
    eyes = Eyes(page, f"need-by-login-{window}")
    visitor.open("aldente", lang="da").person = person
    page.locator("button[name=type][value=examination]").click()
    log_in(visitor, eyes)
    page.locator(".calendar").wait_for()
    reference = book_the_need(visitor, eyes)
    wait_until(lambda: state_of(clinic, need) == ("used", reference), "the need is used", SLOW_MACHINE)

    page.goto("/aldente/my?lang=da")
    log_in(visitor)
    expect(page.locator("h1")).to_have_text("Dine tider")
    eyes.look("my")
    page.locator("a[href*='go=cancel']").click()
    page.locator("button[value=cancel]").click()
    expect(page.locator("h1")).to_have_text("Tiden er aflyst")
    wait_until(lambda: state_of(clinic, need) == ("open", None), "the need is open again", SLOW_MACHINE)
    assert eyes.faults == {}


@pytest.mark.parametrize("window", WINDOWS)
def test_a_need_is_booked_by_the_code_on_its_card(visit: Visit, open_clinic, window: str) -> None:
    clinic, visitor = open_clinic("aldente"), visit(**WINDOWS[window])
    person, page = a_dane(), visitor.page
    need = give_need(clinic, person)
    issued: list[dict[str, Any]] = []

    def sent() -> bool:
        answer = clinic.administrator.post(
            "/staff/clinics/aldente/recalls/issue", {"need": need["id"], "send": ["card", "sms"]}
        )
        issued[:] = answer["issued"] if answer.status == 200 else []
        return bool(issued)

    wait_until(sent, "booking has heard of the need", SLOW_MACHINE)
    words = clinic.card(need["id"])
    assert issued[0]["code"] in words
    assert "Det er tid til at booke din næste tid." in words

    eyes = Eyes(page, f"need-by-card-{window}")
    page.goto("/recall?lang=da")
    eyes.look("recall")
    open_card(visitor, person["national_id"], "0000-0000")
    page.locator(".error-summary").wait_for()
    eyes.look("wrong-code")
    open_card(visitor, person["national_id"], issued[0]["code"].lower().replace("-", " "))
    page.locator("form[action='/aldente'] button.button").wait_for()
    eyes.look("need")
    page.locator("form[action='/aldente'] button.button").click()
    page.locator(".calendar").wait_for()
    visitor.person = person
    reference = book_the_need(visitor, eyes)
    wait_until(lambda: state_of(clinic, need) == ("used", reference), "the need is used", SLOW_MACHINE)
    assert eyes.faults == {}


@pytest.mark.parametrize("window", WINDOWS)
def test_a_recall_is_moved_by_the_code_on_its_card(visit: Visit, open_clinic, window: str) -> None:
    clinic, visitor = open_clinic("frenda"), visit(**WINDOWS[window])
    person, page = a_patient("se.personnummer", "SE", next(_seeds)), visitor.page
    patient = clinic.known(person, "acute")
    start = clinic.public.slots("frenda", "exam", today() + timedelta(days=20), practitioner="anna")[-1]["start"]
    recalled = clinic.desk(
        "POST",
        "recalls",
        {"patient": patient, "type": "exam", "practitioner": "anna", "start": start, "send": ["card"]},
    )
    words = clinic.card(recalled["reference"])
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
    booking = clinic.desk("GET", f"bookings/{recalled['reference']}")
    assert (booking["origin"], booking["start"] != start) == ("recall", True)
    assert eyes.faults == {}


def give_need(clinic: Clinic, person: dict[str, Any]) -> dict[str, Any]:
    """Give somebody a need of an examination this week, and return it."""
    patient = clinic.known(person, "toothache")
    body = {"patient": patient, "type": "examination", "practitioner": "sofie", "minutes": 30, "week": week_of(today())}
    need: dict[str, Any] = clinic.desk("POST", "needs", body)
    return need


def state_of(clinic: Clinic, need: dict[str, Any]) -> tuple[str, str | None]:
    """Return a need's state and the booking that uses it."""
    (row,) = clinic.desk("GET", "needs", patient=need["patient"])["needs"]
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
    listed = visitor.page.request.get("/outbox").text()
    rows = re.findall(r'<a class="choice" href="/(outbox/\w+)">(.*?)</a>', listed, re.DOTALL)
    return [address for address, row in rows if visitor.person["mobile"] in row]


def code_in_a_new_message(visitor: Visitor, before: list[str]) -> str:
    """Wait for a message that was not there before, and return the code in it."""
    wait_until(lambda: messages_to(visitor) != before, "the code is in the outbox", SLOW_MACHINE)
    beside = visitor.page.context.new_page()
    beside.goto(f"/{messages_to(visitor)[0]}")
    found = re.search(r"(?<![\d+])\d{6}(?!\d)", beside.locator("main").inner_text())
    beside.close()
    assert found
    return found[0]


def open_card(visitor: Visitor, number: str, code: str) -> None:
    """Give number and code on the page for cards."""
    page = visitor.page
    page.locator("main [name='recall.national_id']").fill(number)
    page.locator("main [name='recall.code']").fill(code)
    page.locator("button[value=open]").click()


def book_the_need(visitor: Visitor, eyes: Eyes) -> str:
    """Choose a time for a need, fill in, confirm, and return the reference."""
    page = visitor.page
    eyes.look("days")
    visitor.choose_day().choose_time()
    page.locator("form.details").wait_for()
    eyes.look("details")
    visitor.fill_in().review()
    eyes.look("review")
    reference = visitor.confirm()
    eyes.look("confirmation")
    return reference
