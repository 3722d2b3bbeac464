"""Two administrators at one form, and what they saved taken back by the history (C3, issue 14.4)."""

from collections.abc import Callable
from pathlib import Path
from uuid import uuid4

import pytest
from playwright.sync_api import Page, expect

from tests.browser.console.desk import Desk
from tests.browser.eyes import WINDOWS, Eyes
from tests.browser.visitor import Visitor
from tests.builders.pictures import a_drawing
from tests.system.clinics import OwnClinic, a_block, in_days

HISTORY = "/set-up/history"
LOOKS = [("desktop", "light", "en"), ("telephone", "dark", "fa")]
Sits = Callable[..., Desk]


@pytest.fixture
def sits(visit: Callable[..., Visitor], clinic: OwnClinic, window: str, scheme: str, language: str) -> Sits:
    """Return a function that lets another administrator of the clinic sit down before one of its pages."""

    def down(name: str, path: str) -> Desk:
        account = (f"{name}-{uuid4().hex[:8]}@people.example", "several words of her own")
        added = {"email": account[0], "role": "administrator", "password": account[1]}
        assert clinic.desk("POST", "accounts", added).status == 201
        page = visit(**WINDOWS[window], color_scheme=scheme, locale=language).page
        return Desk(page, clinic, account).sign_in(path)

    return down


def check(page: Page) -> None:
    """See what becomes different."""
    page.locator("main button[value=check]").last.click()
    page.locator("main button[value=apply]").wait_for()


def save(page: Page) -> None:
    """Put into force what was seen."""
    page.locator("main button[value=apply]").click()
    page.wait_for_url("**?done=applied")


def few(clinic: OwnClinic) -> int:
    """Return the number that both of them change."""
    return int(clinic.desk("GET", "document")["booking"]["few"])


@pytest.mark.parametrize(("window", "scheme", "language"), LOOKS)
def test_c3_who_is_overtaken_chooses_knowingly_and_each_change_is_taken_back(
    sits: Sits, clinic: OwnClinic, window: str, scheme: str, language: str
) -> None:
    at_first = few(clinic)
    ann, bea = (sits(name, "/set-up/booking") for name in ("ann", "bea"))
    page, eyes = ann.page, Eyes(ann.page, f"history-{window}-{scheme}-{language}")
    page.locator("[name='booking.few']").fill("5")
    check(page)
    bea.page.locator("[name='booking.few']").fill("9")
    check(bea.page)
    save(bea.page)

    page.locator("main button[value=apply]").click()
    expect(page.locator("[aria-labelledby=meanwhile]")).to_contain_text(bea.account[0])
    both = page.locator("[aria-labelledby=both]")
    expect(both.get_by_role("radio")).to_have_count(2)
    expect(both.locator("[value=theirs]")).to_be_checked()
    assert few(clinic) == 9
    eyes.look("overtaken")
    both.locator("[value=mine]").check()
    expect(page.locator("#checked .differences")).to_contain_text("5" if language == "en" else "۵")
    save(page)
    assert few(clinic) == 5

    page.goto(f"/staff/{clinic.key}{HISTORY}")
    entries = page.locator(".history > li")
    expect(entries).to_have_count(3)
    expect(entries.nth(0)).to_contain_text(ann.account[0])
    expect(entries.nth(1)).to_contain_text(bea.account[0])
    eyes.look("history")
    entries.nth(0).get_by_role("link").click()
    expect(page.locator("main .differences tbody tr")).to_have_count(1)
    eyes.look("entry")
    page.locator("main a[href$='/undo']").click()
    page.locator("main button[value=apply]").wait_for()
    eyes.look("taking-back")
    save(page)
    assert few(clinic) == 9

    entries.last.get_by_role("link").click()
    page.locator("main a[href$='/document']").click()
    page.locator("main button[value=apply]").wait_for()
    eyes.look("then")
    save(page)
    assert few(clinic) == at_first
    assert eyes.faults == {}


@pytest.mark.parametrize(("window", "scheme", "language"), LOOKS)
def test_c3_what_others_remove_while_somebody_types_is_added_again_by_one_press(
    sits: Sits, clinic: OwnClinic, window: str, scheme: str, language: str
) -> None:
    """Issue 14.4: a single day has no key, so nothing of it is left in what is in force."""
    day = {"date": in_days(9).isoformat(), "practitioner": "anna", "blocks": [a_block("08:00", "11:00")]}
    document = clinic.desk("GET", "document").body
    assert clinic.desk("PUT", "document", {**document, "days": [day]}).status == 200
    page = sits("ann", "/set-up/days/1").page
    eyes = Eyes(page, f"history-{window}-{scheme}-{language}-gone")
    page.locator("[name=practitioner]").select_option("bo")
    assert clinic.desk("PUT", "document", {**document, "days": []}).status == 200
    check(page)
    expect(page.locator("[aria-labelledby=meanwhile]")).to_be_visible()
    expect(page.locator("[name=practitioner]")).to_have_value("bo")
    eyes.look("gone")
    save(page)
    (again,) = clinic.desk("GET", "document")["days"]
    assert (again["date"], again["practitioner"], again["blocks"][0]["to"]) == (day["date"], "bo", "11:00")
    assert eyes.faults == {}


@pytest.mark.parametrize(("window", "scheme", "language"), LOOKS)
def test_b21_a_face_that_was_replaced_is_seen_in_the_history_and_put_back(
    sits: Sits, clinic: OwnClinic, tmp_path: Path, window: str, scheme: str, language: str
) -> None:
    page = sits("ann", "/set-up/pictures").page
    eyes = Eyes(page, f"history-{window}-{scheme}-{language}-picture")
    face = page.locator("main img.face")
    shown: list[str] = []
    for colour in ("navy", "maroon"):
        file = tmp_path / f"{colour}.png"
        file.write_bytes(a_drawing(colour=colour))
        page.locator("#picture-anna").set_input_files(file)
        page.locator("form:has(#picture-anna) button").click()
        page.locator("main .notice").wait_for()
        if shown:
            expect(face).not_to_have_attribute("src", shown[0])
        shown.append(face.get_attribute("src") or "")
    page.goto(f"/staff/{clinic.key}{HISTORY}")
    page.locator(".history > li").first.get_by_role("link").click()
    expect(page.locator("main figure img")).to_have_count(2)
    page.wait_for_function("() => [...document.images].every((each) => each.complete && each.naturalWidth)")
    eyes.look("replaced")
    page.locator("main figure button").first.click()
    page.wait_for_url("**?done=put")
    eyes.look("put-back")
    page.goto(f"/staff/{clinic.key}/set-up/pictures")
    expect(face).to_have_attribute("src", shown[0])
    assert eyes.faults == {}
