"""The accounts of a clinic in the console (C1; manual of optamed: the administrator changes a therapist's access)."""

from typing import Any

import pytest

from shared.contracts.errors import ChangedMeanwhile, Forbidden, Invalid
from tests.builders.gateway.console import Browser
from tests.builders.gateway.world import World

ACCOUNTS = "/staff/solna/accounts"
ERIK = {
    "id": "e1",
    "email": "erik@solna.example",
    "role": "therapist",
    "practitioner": "erik",
    "state": "active",
    "two_step": True,
    "changeable": True,
    "version": 3,
}


@pytest.fixture
def browser(clinic: World) -> Browser:
    """Return an administrator's browser, at a clinic where Erik works."""
    clinic.staff.answers["accounts"] = {"accounts": [ERIK], "next": None}
    return Browser(clinic)


def called(browser: Browser) -> tuple[str, tuple[Any, ...], dict[str, Any]]:
    """Return the last call of staff."""
    call = browser.world.staff.calls[-1]
    return call.name, call.args, call.fields


def test_everybody_s_account_is_listed_with_what_they_are(browser: Browser) -> None:
    page = browser.get(ACCOUNTS).text
    assert all(text in page for text in ("erik@solna.example", "Therapist", "Erik Lund", "Two steps"))


def test_all_pages_of_the_list_are_read(browser: Browser) -> None:
    pages = {None: {"accounts": [ERIK], "next": "c1"}, "c1": {"accounts": [{**ERIK, "email": "x@y.z"}], "next": None}}
    browser.world.staff.answers["accounts"] = lambda clinic, limit, cursor=None: pages[cursor]
    assert "x@y.z" in browser.get(ACCOUNTS).text


def test_somebody_is_added_by_their_address(browser: Browser) -> None:
    browser.world.staff.answers["add_account"] = {**ERIK, "state": "invited"}
    fields = {"email": "new@solna.example", "role": "therapist", "practitioner": "anna"}
    answer = browser.post(f"{ACCOUNTS}/new", fields)
    assert called(browser) == ("add_account", ("solna",), fields)
    assert "An email with a link is on its way" in browser.follow(answer).text


def test_what_is_refused_is_told_at_its_field_with_what_was_typed(browser: Browser) -> None:
    text = "Say whose calendar a therapist sees."
    browser.world.staff.answers["add_account"] = Invalid.because(text, errors={"practitioner": [text]})
    page = browser.post(f"{ACCOUNTS}/new", {"email": "new@solna.example", "role": "therapist"})
    assert page.status_code == 422
    assert page.text.count(text) == 2
    assert 'value="new@solna.example"' in page.text


def test_what_somebody_is_can_be_changed_at_any_time(browser: Browser) -> None:
    """C1: an administrator changes the therapists' accounts at any time."""
    fields = {"email": ERIK["email"], "role": "administrator", "practitioner": "", "version": "3"}
    answer = browser.post(f"{ACCOUNTS}/e1", fields)
    assert called(browser) == (
        "update_account", ("solna", "e1"), {"role": "administrator", "practitioner": "", "version": 3},
    )  # fmt: skip
    assert answer.location == f"{ACCOUNTS}?done=changed"


def test_another_address_is_sent_only_where_it_is_the_clinic_s_to_change(browser: Browser) -> None:
    fields = {"email": "other@solna.example", "role": "therapist", "practitioner": "erik", "version": "3"}
    browser.post(f"{ACCOUNTS}/e1", fields)
    assert called(browser)[2]["email"] == "other@solna.example"
    browser.world.staff.answers["accounts"] = {"accounts": [{**ERIK, "changeable": False}], "next": None}
    browser.post(f"{ACCOUNTS}/e1", fields)
    assert "email" not in called(browser)[2]
    assert 'name="email"' not in browser.get(f"{ACCOUNTS}/e1").text


@pytest.mark.parametrize("refusal", [ChangedMeanwhile, Forbidden])
def test_what_cannot_be_changed_is_told_at_the_form(browser: Browser, refusal: Any) -> None:
    browser.world.staff.answers["update_account"] = refusal.because("No.")
    page = browser.post(f"{ACCOUNTS}/e1", {"role": "administrator", "version": "2"})
    assert page.status_code == refusal.status
    assert "error-summary" in page.text
    assert 'value="administrator" checked' in page.text


def test_who_has_lost_their_telephone_is_let_in_by_their_password(browser: Browser) -> None:
    browser.post(f"{ACCOUNTS}/e1/without-app", {"version": "3"})
    assert called(browser)[2] == {"two_step": False, "version": 3}


def test_access_is_taken_away(browser: Browser) -> None:
    answer = browser.post(f"{ACCOUNTS}/e1/remove")
    assert called(browser)[:2] == ("remove_account", ("solna", "e1"))
    assert "Removed. They are logged out." in browser.follow(answer).text
