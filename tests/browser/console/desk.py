"""Somebody of a clinic's staff at their desk."""

from dataclasses import dataclass
from urllib.parse import quote

from playwright.sync_api import Locator, Page

from tests.system.clinics import OwnClinic
from tests.system.installation import ADMIN


@dataclass
class Desk:
    """A browser in which somebody works at a clinic."""

    page: Page
    clinic: OwnClinic

    def sign_in(self, path: str = "") -> "Desk":
        """Sign in, and be led to a page of the clinic's console."""
        wanted = f"/staff/{self.clinic.key}{path}"
        self.page.goto(f"/staff/-/sign-in?to={quote(wanted)}")
        self.page.locator("main [name=email]").fill(ADMIN[0])
        self.page.locator("main [name=password]").fill(ADMIN[1])
        self.page.locator("main button").last.click()
        self.page.wait_for_url(f"**{wanted.partition('?')[0]}*")
        return self

    def booking(self, reference: str) -> Locator:
        """Return a booking in the calendar."""
        return self.page.locator(f"#calendar [data-reference='{reference}']")

    def place(self, practitioner: str, clock: str) -> Locator:
        """Return the free place of a practitioner that begins at a time."""
        return self.page.locator(f"#calendar [data-practitioner='{practitioner}'] [data-start*='T{clock}:']")
