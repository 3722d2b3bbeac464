"""Every page of the console, as every text that anybody could type would have it: none is taken for anything but text,
nothing is wider than the window, and nobody is shut out (axe-core), in both directions of writing.

A page that is new stands in the table, or says there why it is none that people look at.
"""

from collections.abc import Callable, Iterator
from typing import Any
from urllib.parse import quote

import pytest
from playwright.sync_api import Browser, Page

from gateway.console.frame import pages
from gateway.service import ROUTES
from tests.browser.accessibility import grave_faults
from tests.browser.console.desk import Desk
from tests.browser.console.hostile import Facts, a_hostile_clinic
from tests.browser.eyes import WINDOWS
from tests.system.api_client import Client, staff
from tests.system.installation import ADMIN, Installation

CLINIC = "/staff/<place:clinic>"

PAGES: dict[str, tuple[Callable[[Facts], str], ...]] = {
    "": (lambda _: "",),
    "/account": (lambda _: "/account",),
    "/accounts": (lambda _: "/accounts",),
    "/accounts/new": (lambda _: "/accounts/new",),
    "/accounts/<id>": (lambda facts: f"/accounts/{facts.account}",),
    "/calendar": tuple(
        lambda facts, view=view: f"/calendar?date={facts.day}&view={view}" for view in ("day", "week", "list")
    ),
    "/messages": (lambda _: "/messages", lambda _: "/messages?state=failed"),
    "/messages/<id>": (lambda facts: f"/messages/{facts.message}",),
    "/links": (lambda _: "/links",),
    "/set-up": (lambda _: "/set-up",),
    "/set-up/pictures": (lambda _: "/set-up/pictures",),
    "/absences": (lambda _: "/absences",),
    "/absences/new": (lambda facts: f"/absences/new?practitioner=anna&from={facts.day}T08:00&to={facts.day}T12:00",),
    "/absences/<id>": (lambda facts: f"/absences/{facts.absence}",),
    "/absences/<id>/collisions": (lambda facts: f"/absences/{facts.absence}/collisions",),
    "/recalls": tuple(
        lambda _, shown=shown: f"/recalls?list={shown}" for shown in ("due", "overdue", "booked", "expired")
    ),
    "/recalls/need": (lambda facts: f"/recalls/need?patient={facts.patient}",),
    "/recalls/booked": (lambda facts: f"/recalls/booked?patient={facts.patient}",),
    "/watch-list": (lambda _: "/watch-list", lambda _: "/watch-list?done=true"),
    "/patients": (lambda _: "/patients",),
    "/patients/new": (lambda _: "/patients/new",),
    "/patients/<id>": (lambda facts: f"/patients/{facts.patient}",),
    "/patients/<id>/edit": (lambda facts: f"/patients/{facts.patient}/edit",),
    "/patients/<id>/appointments": (lambda facts: f"/patients/{facts.patient}/appointments",),
    "/bookings/<reference>": (lambda facts: f"/bookings/{facts.booking}",),
    "/bookings/<reference>/move": (lambda facts: f"/bookings/{facts.booking}/move?start={quote(facts.start)}",),
    "/bookings/<reference>/cancel": (lambda facts: f"/bookings/{facts.booking}/cancel",),
    "/bookings/new": (
        lambda facts: f"/bookings/new?patient={facts.patient}",
        lambda facts: f"/bookings/new?start={quote(facts.start)}&practitioner=bo",
    ),
}
"""The pages of a clinic by their address, and how one with something on it is reached."""

NOT_LOOKED_AT = {
    "/live": "numbers for scripts",
    "/calendar/colours.css": "a sheet of styles",
    "/messages/<id>/letter": "an email by itself, which its own policy holds",
    "/messages/<id>/attachments/<int:number>": "a file",
    "/set-up/document.yaml": "a file",
    "/recalls/cards.pdf": "paper",
    "/recalls/<id>/card.pdf": "paper",
    "/day-list.pdf": "paper",
    "/<path:rest>": "what leads nowhere",
}

ADDRESSES = [(url, number) for url, ways in PAGES.items() for number in range(len(ways))]


def test_every_page_of_a_clinic_stands_in_the_table() -> None:
    shown = {route.url for route in ROUTES if isinstance(route, pages.Page) and route.method == "GET"}
    of_clinic = {url.removeprefix(CLINIC) for url in shown if url.startswith(CLINIC)}
    assert of_clinic == PAGES.keys() | NOT_LOOKED_AT.keys()


@pytest.fixture(scope="module")
def facts(running: Installation) -> Facts:
    """Return a clinic of hostile texts."""
    return a_hostile_clinic(Client(running.url), staff(running.url, *ADMIN))


@pytest.fixture(scope="module", params=["en-GB desktop", "fa-IR telephone"])
def window(browser: Browser, running: Installation, facts: Facts, request: pytest.FixtureRequest) -> Iterator[Page]:
    """Return a window in which somebody has signed in at the clinic."""
    locale, _, kind = request.param.partition(" ")
    options: dict[str, Any] = {"base_url": running.url, "locale": locale, **WINDOWS[kind]}
    context = browser.new_context(**options, extra_http_headers={"X-Forwarded-For": f"192.0.2.{len(locale + kind)}"})
    context.set_default_timeout(60_000)
    page = context.new_page()
    Desk(page, facts.clinic).sign_in("/links")
    yield page
    context.close()


@pytest.mark.parametrize(("url", "number"), ADDRESSES, ids=str)
def test_hostile_texts_are_texts_and_everybody_can_use_the_page(
    window: Page, facts: Facts, url: str, number: int
) -> None:
    answer = window.goto(f"/staff/{facts.clinic.key}{PAGES[url][number](facts)}")
    assert answer is not None
    assert answer.status == 200
    window.wait_for_load_state("networkidle")
    assert window.locator("[data-hostile], img[src='x']").count() == 0
    assert window.title() != "hostile"
    width = window.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    assert width <= 0, f"{width} pixels too wide"
    assert grave_faults(window) == []
