"""Somebody of a clinic's staff at their desk."""

from collections.abc import Callable
from dataclasses import dataclass
from urllib.parse import parse_qs, quote, urlsplit

from playwright.sync_api import Locator, Page

from tests.system.clinics import OwnClinic
from tests.system.installation import ADMIN


def has_come_to(page: Page, address: str) -> None:
    """Wait until the page is at an address, or one below it: the door's own address holds where it leads, too."""
    path = urlsplit(address).path
    page.wait_for_url(lambda url: urlsplit(url).path.startswith(path))


@dataclass
class Desk:
    """A browser in which somebody works at a clinic."""

    page: Page
    clinic: OwnClinic
    account: tuple[str, str] = ADMIN
    """Their email and password."""

    def sign_in(self, path: str = "") -> "Desk":
        """Sign in, and be led to a page of the clinic's console."""
        wanted = f"/staff/{self.clinic.key}{path}"
        self.page.goto(f"/staff/-/sign-in?to={quote(wanted)}")
        email, password = self.account
        self.page.locator("main [name=email]").fill(email)
        self.page.locator("main [name=password]").fill(password)
        self.page.locator("main button").last.click()
        has_come_to(self.page, wanted)
        return self

    def booking(self, reference: str) -> Locator:
        """Return a booking in the calendar."""
        return self.page.locator(f"#calendar [data-reference='{reference}']")

    def place(self, practitioner: str, clock: str) -> Locator:
        """Return the free place of a practitioner that begins at a time."""
        return self.page.locator(f"#calendar [data-practitioner='{practitioner}'] [data-start*='T{clock}:']")


def asked_for(page: Page, act: Callable[[], object], what: str) -> dict[str, str]:
    """Return the query of the page that is asked for when somebody acts."""
    with page.expect_request(lambda request: what in urlsplit(request.url).path) as asked:
        act()
    return {name: values[0] for name, values in parse_qs(urlsplit(asked.value.url).query).items()}
