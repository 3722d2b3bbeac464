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
    "/access-log": (lambda _: "/access-log", lambda facts: f"/access-log?patient={facts.patient}"),
    "/audit": (lambda _: "/audit",),
    "/report": (lambda _: "/report", lambda _: "/report?by=type", lambda _: "/report?by=week"),
    "/calendar": tuple(
        lambda facts, view=view: f"/calendar?date={facts.day}&view={view}"
        for view in ("day", "week", "list", "rooms", "list&by=practitioner")
    ),
    "/messages": (lambda _: "/messages", lambda _: "/messages?state=failed"),
    "/messages/<id>": (lambda facts: f"/messages/{facts.message}",),
    "/links": (lambda _: "/links",),
    "/set-up": (lambda _: "/set-up", lambda _: "/set-up?find=online"),
    "/set-up/document": (lambda _: "/set-up/document",),
    "/set-up/moving-in": (lambda _: "/set-up/moving-in",),
    "/set-up/history": (lambda _: "/set-up/history",),
    "/set-up/history/<int:revision>": (lambda facts: f"/set-up/history/{facts.revision}",),
    "/set-up/history/<int:revision>/undo": (lambda facts: f"/set-up/history/{facts.revision}/undo",),
    "/set-up/history/<int:revision>/document": (lambda facts: f"/set-up/history/{facts.revision}/document",),
    "/set-up/<part>": tuple(
        lambda _, part=part: f"/set-up/{part}"
        for part in ("clinic", "booking", "messages", "retention", "types", "takers", "plans", "block-kinds")
    ),
    "/set-up/<part>/<item>": tuple(
        lambda _, item=item: f"/set-up/{item}"
        for item in (
            "types/visit",
            "templates/-new",
            "templates/week",
            "days/-new",
            "block-kinds/open",
            "plans/1",
            "practitioners/bo",
        )
    ),
    "/set-up/preview": (lambda _: "/set-up/preview",),
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
    "/calendar-feeds": (lambda _: "/calendar-feeds",),
    "/watch-list": (lambda _: "/watch-list", lambda _: "/watch-list?done=true"),
    "/patients": (lambda _: "/patients",),
    "/patients/new": (lambda _: "/patients/new",),
    "/patients/<id>": (lambda facts: f"/patients/{facts.patient}",),
    "/patients/<id>/edit": (lambda facts: f"/patients/{facts.patient}/edit",),
    "/patients/<id>/appointments": (lambda facts: f"/patients/{facts.patient}/appointments",),
    "/patients/<id>/erase": (lambda facts: f"/patients/{facts.patient}/erase",),
    "/patients/<id>/held": (lambda facts: f"/patients/{facts.patient}/held",),
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
    "/patients/<id>/erasure": "looked at in test_erasing.py, once somebody is erased",
    "/patients/<id>/held.json": "a file",
    "/set-up/document.yaml": "a file",
    "/set-up/moving-in/<kind>": "each step is looked at in test_moving_in.py",
    "/set-up/moving-in/<kind>/left.csv": "a file",
    "/set-up/moving-in/<kind>/example.csv": "a file",
    "/set-up/history/<int:revision>/document.yaml": "a file",
    "/set-up/history/pictures/<name>/<hash>.webp": "a picture",
    "/recalls/cards.pdf": "paper",
    "/recalls/<id>/card.pdf": "paper",
    "/day-list.pdf": "paper",
    "/day-list.csv": "a file",
    "/report.csv": "a file",
    "/<path:rest>": "what leads nowhere",
}

WITHOUT_CLINIC = {
    "/staff/-/clinics": "/staff/-/clinics",
    "/staff/-/clinics/new": "/staff/-/clinics/new",
    "/staff/-/account": "/staff/-/account",
}
"""The pages that belong to no clinic."""

FOR_STRANGERS = {
    "/staff/-/sign-in": ("/staff/-/sign-in?out=1", 200),
    "/staff/-/signed-in": ("/staff/-/signed-in", 400),
    "/staff/-/reset": ("/staff/-/reset", 200),
    "/staff/-/password/<token>": ("/staff/-/password/void", 410),
}
"""Those that one sees before one is signed in, and with what status."""

LED_ON = {
    "/staff/-/clinics/new/<id>/begin": "stands on what was begun: test_first_set_up.py looks at it",
    "/staff/-/clinics/new/<id>/<step>": "stands on what was begun: test_first_set_up.py looks at it",
    "/staff": "leads to the clinic, or to the choice of one",
    "/staff/-/second-step": "is seen with a password that was right alone: test_frame.py looks at it",
}

ADDRESSES = [(url, number) for url, ways in PAGES.items() for number in range(len(ways))]


def test_every_page_of_a_clinic_stands_in_the_table() -> None:
    shown = {route.url for route in ROUTES if isinstance(route, pages.Page) and route.method == "GET"}
    of_clinic = {url.removeprefix(CLINIC) for url in shown if url.startswith(CLINIC)}
    assert of_clinic == PAGES.keys() | NOT_LOOKED_AT.keys()


def test_every_page_of_no_clinic_stands_in_a_table() -> None:
    shown = {route.url for route in ROUTES if route.method == "GET" and route.url.startswith("/staff")}
    others = {url for url in shown if not url.startswith(CLINIC)}
    assert others == WITHOUT_CLINIC.keys() | FOR_STRANGERS.keys() | LED_ON.keys()


@pytest.fixture(scope="module")
def facts(running: Installation) -> Facts:
    """Return a clinic of hostile texts."""
    return a_hostile_clinic(Client(running.url), staff(running.url, *ADMIN))


@pytest.fixture(scope="module", params=["en-GB desktop", "fa-IR telephone"])
def opened(browser: Browser, running: Installation, request: pytest.FixtureRequest) -> Iterator[Callable[[], Page]]:
    """Return a function that opens a browser of its own, in one of the windows that people have."""
    locale, _, kind = request.param.partition(" ")
    options: dict[str, Any] = {"base_url": running.url, "locale": locale, **WINDOWS[kind]}
    contexts = []

    def new_window() -> Page:
        headers = {"X-Forwarded-For": f"192.0.2.{len(locale + kind)}"}
        contexts.append(browser.new_context(**options, extra_http_headers=headers))
        contexts[-1].set_default_timeout(60_000)
        return contexts[-1].new_page()

    yield new_window
    for context in contexts:
        context.close()


@pytest.fixture(scope="module")
def window(opened: Callable[[], Page], facts: Facts) -> Page:
    """Return a window in which somebody has signed in at the clinic."""
    page = opened()
    Desk(page, facts.clinic).sign_in("/links")
    return page


@pytest.mark.parametrize(("url", "number"), ADDRESSES, ids=str)
def test_hostile_texts_are_texts_and_everybody_can_use_the_page(
    window: Page, facts: Facts, url: str, number: int
) -> None:
    look(window, f"/staff/{facts.clinic.key}{PAGES[url][number](facts)}")


@pytest.mark.parametrize("url", WITHOUT_CLINIC)
def test_what_belongs_to_no_clinic_can_be_used_by_everybody(window: Page, url: str) -> None:
    look(window, WITHOUT_CLINIC[url])


@pytest.mark.parametrize("url", FOR_STRANGERS)
def test_what_is_seen_before_signing_in_can_be_used_by_everybody(opened: Callable[[], Page], url: str) -> None:
    look(opened(), *FOR_STRANGERS[url])


def look(window: Page, address: str, status: int = 200) -> None:
    """Open a page, and see whether it takes a text for anything else, is too wide, or shuts anybody out."""
    answer = window.goto(address)
    assert answer is not None
    assert answer.status == status
    window.wait_for_load_state("networkidle")
    assert window.locator("[data-hostile], img[src='x']").count() == 0
    assert window.title() != "hostile"
    width = window.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    assert width <= 0, f"{width} pixels too wide"
    assert grave_faults(window) == []
