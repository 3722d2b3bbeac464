"""How often somebody presses something in the console."""

from playwright.sync_api import Page

_COUNTING = """
addEventListener("click", (event) => {
  if (event.isTrusted) sessionStorage.presses = 1 + Number(sessionStorage.presses || 0);
}, true);
"""


def count_presses(page: Page) -> None:
    """Count what is pressed on the pages that are opened from now on."""
    page.add_init_script(_COUNTING)


def presses(page: Page) -> int:
    """Return how often something was pressed since it is counted."""
    return int(page.evaluate("Number(sessionStorage.presses || 0)"))
