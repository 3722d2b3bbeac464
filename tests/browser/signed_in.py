"""Whoever works at a clinic, at a browser: signed in to the console, their presses counted."""

from playwright.sync_api import Page

from tests.system.installation import ADMIN

COUNTING = """
addEventListener("click", (event) => {
  if (event.isTrusted) sessionStorage.presses = 1 + Number(sessionStorage.presses || 0);
}, true);
"""


def sign_in(page: Page, address: str) -> None:
    """Open an address of the console, and sign in on the way as the installation's administrator."""
    page.goto(address)
    page.locator("input[name=email]").fill(ADMIN[0])
    page.locator("input[name=password]").fill(ADMIN[1])
    page.locator("main form button").first.click()
    page.locator(".nav").wait_for()


def presses(page: Page) -> int:
    """Return how often something was pressed since COUNTING runs on the page."""
    return int(page.evaluate("Number(sessionStorage.presses || 0)"))
