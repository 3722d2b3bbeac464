"""Clinics as the five demo documents say, each of a test's own, and people who work there."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote
from uuid import uuid4

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.console.desk import has_come_to
from tests.browser.visitor import Visitor
from tests.system.api_client import Answer, Client, staff
from tests.system.clinics import OwnClinic
from tests.system.demo_bookings import BOOKABLE, CLINICS, a_booking, in_a_week
from tests.system.installation import ADMIN, Installation
from tests.system.people import a_patient

LANGUAGES = {"frenda": "sv-SE", "optamed": "fr-CH", "aldente": "da-DK", "norsk": "nb-NO", "exir": "fa-IR"}
PASSWORD = "a password of the desk"


@dataclass
class Place:
    """A clinic with a manual's document, its patients, and desks at which its people work."""

    manual: str
    clinic: OwnClinic
    visit: Callable[..., Visitor]

    @property
    def url(self) -> str:
        """Return the address of the clinic's console."""
        return f"/staff/{self.clinic.key}"

    def slots(self, type_key: str | None = None, **query: Any) -> list[dict[str, Any]]:
        """Return what patients are offered within a month, from a week on."""
        return self.clinic.public.slots(self.clinic.key, type_key or BOOKABLE[self.manual], in_a_week(), **query)

    def booked(self, slot: dict[str, Any], **changes: Any) -> tuple[str, dict[str, Any]]:
        """Let a patient book on the web; return the reference and who it is."""
        answer, patient = self.book(slot, **changes)
        assert answer.status == 201, answer
        return str(answer["reference"]), patient

    def book(self, slot: dict[str, Any], **changes: Any) -> tuple[Answer, dict[str, Any]]:
        """Let a patient try to book on the web; return the answer and who it is."""
        practitioner = {"practitioner": slot["practitioners"][0]}
        body = a_booking(self.manual, slot, **practitioner | changes)
        address = f"/clinics/{self.clinic.key}/bookings"
        return self.clinic.public.post(address, body, Idempotency_Key=uuid4().hex), body["patient"]

    def patient(self, path: str = "") -> Visitor:
        """Return somebody at the clinic's booking page, or at what stands below it."""
        visitor = self.visit(locale=LANGUAGES[self.manual])
        document = CLINICS[self.manual]
        visitor.person = a_patient(document["identity"], document["country"], visitor.seed)
        visitor.page.goto(f"/{self.clinic.key}{path}")
        return visitor

    def account(self, role: str, practitioner: str | None = None) -> str:
        """Let somebody work at the clinic; return their email address."""
        email = f"{role}-{uuid4().hex[:8]}@clinic.example"
        body = {"email": email, "role": role, "practitioner": practitioner, "password": PASSWORD}
        answer = self.clinic.desk("POST", "accounts", body)
        assert answer.status == 201, answer
        return email

    def desk(self, path: str = "", email: str | None = None) -> Page:
        """Return the page of somebody who opens an address of the console and logs in on the way."""
        page = self.visit(locale=LANGUAGES[self.manual], viewport={"width": 1280, "height": 900}).page
        page.goto(f"/staff/-/sign-in?to={quote(self.url + path)}")
        self.log_in(page, email)
        has_come_to(page, self.url + path)
        return page

    def log_in(self, page: Page, email: str | None = None) -> None:
        """Log somebody in, the installation's administrator if nobody is named."""
        name, password = ADMIN if email is None else (email, PASSWORD)
        page.locator("main [name=email]").fill(name)
        page.locator("main [name=password]").fill(password)
        page.locator("main form button").last.click()


@pytest.fixture
def place(running: Installation, visit: Callable[..., Visitor]) -> Callable[[str], Place]:
    """Return a function that opens a clinic whose document is that of a manual, with changes."""

    def opened(manual: str, **changes: Any) -> Place:
        clinic = OwnClinic(Client(running.url), staff(running.url, *ADMIN), f"own-{uuid4().hex[:10]}")
        demo = clinic.administrator.get(f"/staff/clinics/{manual}/document").body
        document = demo | {"clinic": clinic.key} | changes
        answer = clinic.desk("PUT", "document", document)
        assert answer.status == 200, answer
        return Place(manual, clinic, visit)

    return opened


def in_calendar(page: Page, reference: str) -> Locator:
    """Return a booking in the calendar, once it is there."""
    found = page.locator(f"#calendar [data-reference='{reference}']")
    expect(found).to_be_visible()
    return found
