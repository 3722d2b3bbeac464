"""Whether histories stand as they were written, looked at in the console (PRODUCT A1)."""

import re
from pathlib import Path
from typing import Any

import pytest
from werkzeug.datastructures import MultiDict

from gateway.console.accounts import audit
from tests.builders.gateway.console import THERAPIST, Browser
from tests.builders.gateway.world import World

RULES = Path(__file__).parents[5] / "services/booking/model"
AUDIT = "/staff/solna/audit"
BROKEN = {"reference": "7K3M9QX2AB", "position": 2, "checkpoint": None, "reason": "the entry was changed"}
NO_SEAL = {
    "reference": None, "position": None, "checkpoint": 3,
    "reason": "the checkpoint is gone that another service has noted",
}  # fmt: skip


def page_of(**changes: Any) -> dict[str, Any]:
    """Return what a page of it answers."""
    whole = {"checked": 500, "entries": 1200, "checkpoints": 0, "waiting": 1, "broken": [], "next": None}
    return {**whole, "until": "2026-11-23T09:30:00+01:00", **changes}


@pytest.fixture
def browser(clinic: World) -> Browser:
    """Return an administrator's browser."""
    clinic.booking.answers["verify_history"] = page_of()
    return Browser(clinic)


def looked(browser: Browser) -> list[dict[str, Any]]:
    """Return from where on was looked at."""
    return [call.fields for call in browser.world.booking.calls if call.name == "verify_history"]


def test_a1_nothing_is_looked_at_before_it_is_asked_for(browser: Browser) -> None:
    assert "Check now" in browser.get(AUDIT).text
    assert looked(browser) == []


def test_a1_that_all_is_whole_is_said_with_what_was_looked_at(browser: Browser) -> None:
    page = browser.post(AUDIT, {}).text
    for said in ("Everything is as it was written", "500", "1200", "09:30", "Of 1 appointments the latest change"):
        assert said in page
    assert looked(browser) == [{}]


def test_a1_what_is_broken_is_named_and_leads_to_the_booking(browser: Browser) -> None:
    browser.world.booking.answers["verify_history"] = page_of(broken=[BROKEN, NO_SEAL])
    page = browser.post(AUDIT, {}).text
    for said in (
        "Not everything is as it was written", f'href="/staff/solna/bookings/{BROKEN["reference"]}"', "entry 2",
        "An entry of its history was changed after it was written.", "Seal 3", "although it was noted elsewhere",
    ):  # fmt: skip
        assert said in page


def test_a1_a_long_look_goes_on_press_by_press_and_forgets_nothing(
    browser: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(audit, "PAGES_AT_ONCE", 2)
    browser.world.booking.answers["verify_history"] = page_of(broken=[BROKEN], next="bookings:7K")
    first = browser.post(AUDIT, {}).text
    assert looked(browser) == [{}, {"cursor": "bookings:7K"}]
    assert "Go on" in first
    browser.world.booking.answers["verify_history"] = page_of(checkpoints=3)
    carried = re.findall(r'name="(\w+)" value="([^"]*)">', first.partition('class="facts"')[2])
    assert [name for name, _ in carried] == [
        "checked", "entries", "checkpoints", "waiting", "broken", "place", "place", "next",
    ]  # fmt: skip
    last = browser.post(AUDIT, MultiDict(carried)).text
    assert looked(browser)[2:] == [{"cursor": "bookings:7K"}]
    assert ("1500" in last, last.count("7K3M9QX2AB</bdi>"), "Check again" in last) == (True, 2, True)


def test_a1_of_very_many_the_first_are_named_and_all_are_counted_from_press_to_press(
    browser: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As where a whole database was restored from an older copy."""
    monkeypatch.setattr(audit, "PAGES_AT_ONCE", 1)
    browser.world.booking.answers["verify_history"] = page_of(broken=[BROKEN] * 120, next="bookings:7K")
    page = browser.post(AUDIT, {}).text
    for _ in range(2):
        carried = re.findall(r'name="(\w+)" value="([^"]*)">', page.partition('class="facts"')[2])
        page = browser.post(AUDIT, MultiDict(carried)).text
    assert page.count("7K3M9QX2AB</bdi>") == 50
    assert "and 310 more" in page


def test_every_reason_that_booking_gives_has_words() -> None:
    source = "".join(path.read_text("utf-8") for path in (RULES / "history.py", RULES / "checkpoints.py"))
    assert [reason for reason in audit.REASONS if f'"{reason}"' not in source] == []
    assert set(re.findall(r'yield Broken\(.*?"([a-z][^"]+ [^"]+)"', source)) <= audit.REASONS.keys()


def test_therapists_do_not_see_it(clinic: World) -> None:
    therapist = Browser(clinic, THERAPIST)
    assert therapist.get(AUDIT).status_code == 403
