"""A running Frontdesk with the demo clinics, and browsers that visit it."""

import itertools
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect, sync_playwright

from tests.browser.clinic_site import OpenSite, a_site
from tests.browser.visitor import Visitor
from tests.system.installation import Installation, embedded

_FLAGS = (
    "--no-sandbox",  # tests may run as root
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
)
_TIME_LIMIT_MS = 60_000  # for machines ten times slower than a quiet one
_seeds = itertools.count(7000)
_addresses = itertools.count()
"""Limits on codes and tries count each visitor by themselves."""


@pytest.fixture(scope="session")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Installation]:
    """Return what `make run` starts, ready, with the demo clinics."""
    installation = embedded(tmp_path_factory.mktemp("browser"))
    try:
        installation.wait_ready()
        yield installation
    finally:
        installation.stop()


@pytest.fixture(scope="session")
def browser(chromium_path: str) -> Iterator[Browser]:
    """Return a Chromium."""
    expect.set_options(timeout=_TIME_LIMIT_MS)
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=chromium_path, args=list(_FLAGS))
        yield chromium
        chromium.close()


@pytest.fixture
def visit(browser: Browser, running: Installation) -> Iterator[Callable[..., Visitor]]:
    """Return a function that opens a fresh browser window at the installation; options are Playwright's."""
    contexts: list[BrowserContext] = []
    faults: list[str] = []

    def opened(**options: Any) -> Visitor:
        number = next(_addresses)
        address = f"198.{18 + number // 250}.{number % 250}.7"
        coming_from = {"X-Forwarded-For": address}  # by a route every request would wait for this process, past caches
        context = browser.new_context(
            base_url=running.url, extra_http_headers=coming_from, **{"locale": "sv-SE", **options}
        )
        context.set_default_timeout(_TIME_LIMIT_MS)
        contexts.append(context)
        page: Page = context.new_page()
        page.on("pageerror", lambda error: faults.append(str(error)))
        return Visitor(page, coming_from, seed=next(_seeds))

    yield opened
    for context in contexts:
        context.close()
    assert faults == [], "scripts failed on a page"


@pytest.fixture
def site() -> Iterator[OpenSite]:
    """Return a function that opens a clinic's own site with `html` in it, and returns page and frame."""
    with a_site() as opened:
        yield opened
