"""What patients see when more of them book than can be let in at once (ADR 25)."""

from collections.abc import Callable
from contextlib import ExitStack
from datetime import UTC, datetime, timedelta
from pathlib import Path
from urllib.parse import parse_qsl

import pytest
import yaml
from playwright.sync_api import Page, Route, expect

from gateway.access.rush import taking
from services.availability.document import check
from shared.clinic_documents import ClinicDocuments, Revisions
from tests.browser.eyes import WINDOWS, Eyes
from tests.browser.visitor import Visitor
from tests.builders.gateway.world import World

DEMO = Path(__file__).parents[2] / "demo"
TURN = 2_000
"""Milliseconds until who is turned away first may come again."""


class FullHouse:
    """A gateway of a demo clinic that lets one in at once, who is inside."""

    def __init__(self, folder: Path, clinic: str) -> None:
        self._clinic, self._world = clinic, World(folder, taking_at_once=1)
        self._is_full = False
        document = check(yaml.safe_load((DEMO / f"{clinic}.yaml").read_text())).document
        known = Revisions(self._world.cache)
        self._world.documents = ClinicDocuments(known, lambda _: {"revision": 1, "document": document})

    def turn_away_one(self, page: Page) -> None:
        """Turn the next one away who sends a form; whoever comes again meets the real clinic.

        The way stays watched: to let it go while the page asks for its script can cost the page that.
        """
        self._is_full = True
        page.route(f"**/{self._clinic}", self._answer)

    def _answer(self, route: Route) -> None:
        if not self._is_full:
            route.continue_()
            return
        self._is_full = False
        sent = dict(parse_qsl(route.request.post_data or ""))
        with ExitStack() as inside:
            for whose in (taking(self._clinic), taking(self._clinic, "a hold")):
                inside.enter_context(self._world.door.rush.entered(whose, "203.0.113.100"))
            answer = self._world.post(f"/{self._clinic}", data=sent)
        route.fulfill(status=answer.status_code, headers=dict(answer.headers), body=answer.text)


def at_the_review(visit: Callable[..., Visitor], clinic: str, type_key: str, **options: object) -> Visitor:
    """Go until all that is left is to confirm, as in a browser that sends no cookie.

    The pages carry what is typed: the full house keeps no draft of a visit to the real one.
    """
    visitor = visit(**options).open(clinic).choose_type(type_key).choose_day()
    visitor.choose_time()
    visitor.fill_in()
    visitor.page.context.clear_cookies()
    return visitor.review()


@pytest.mark.parametrize("window", WINDOWS)
@pytest.mark.parametrize(("clinic", "type_key"), [("frenda", "acute"), ("exir", "visit")])
def test_the_page_sends_itself_again_at_its_turn_and_nothing_is_lost(
    visit: Callable[..., Visitor], tmp_path: Path, clinic: str, type_key: str, window: str
) -> None:
    visitor = at_the_review(visit, clinic, type_key, **WINDOWS[window])
    page = visitor.page
    page.clock.install()
    page.clock.pause_at(datetime.now(UTC) + timedelta(minutes=1))  # not before the page was looked at
    FullHouse(tmp_path, clinic).turn_away_one(page)
    visitor.confirm_button.click()
    expect(page.locator("form[data-turn]")).to_have_count(1)
    expect(page.locator("[data-turn-note]")).to_be_visible()
    eyes = Eyes(page, f"rush-{clinic}-{window}")
    eyes.look("busy")
    assert eyes.faults == {}
    page.clock.run_for(TURN)
    assert visitor.reference()


def test_without_a_script_it_is_sent_again_by_its_button(visit: Callable[..., Visitor], tmp_path: Path) -> None:
    visitor = at_the_review(visit, "frenda", "acute", java_script_enabled=False)
    page = visitor.page
    FullHouse(tmp_path, "frenda").turn_away_one(page)
    visitor.confirm_button.click()
    expect(page.locator("[data-turn-note]")).to_be_hidden()
    page.locator("form[data-turn] button").click()
    assert visitor.reference()
