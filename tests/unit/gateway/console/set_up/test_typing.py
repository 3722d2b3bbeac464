"""A form of the set-up is checked while one types: only what was found of it comes back (issue 14, point 1)."""

from typing import Any

from shared.contracts import errors
from shared.texts.document_text import to_yaml
from tests.builders.gateway.console import Browser
from tests.builders.gateway.sent_forms import sent_by
from tests.builders.gateway.set_up import put_in_force

SET_UP = "/staff/solna/set-up"
TYPED = {"HX-Request": "true", "HX-Target": "checked"}


def after_a_pause(browser: Browser, path: str, **typed: str) -> Any:
    """Send what stands in a form once some fields were typed over, as its script does."""
    form = {name: texts[-1] for name, texts in sent_by(browser.get(f"{SET_UP}{path}").text).items()}
    browser.world.availability.calls.clear()
    over = {name.replace("__", "."): text for name, text in typed.items()}
    return browser.post(f"{SET_UP}{path}", {**form, **over, "do": "check"}, headers=TYPED)


def asked(browser: Browser) -> list[str]:
    return [call.name for call in browser.world.availability.calls]


def test_c3_a_pause_of_typing_shows_what_would_become_different_by_one_check(browser: Browser) -> None:
    answer = after_a_pause(browser, "/practitioners/anna", name="Anna Ek")
    assert answer.status_code == 200
    assert "<html" not in answer.text
    assert "<form" not in answer.text
    for said in ("What becomes different", "Anna Ek", 'data-tally="Differences: 1"', 'value="apply"', 'name="seen"'):
        assert said in answer.text
    assert "data-focus" not in answer.text, "nothing that comes while one types takes the focus"
    assert asked(browser).count("check_document") == 1
    assert "apply_document" not in asked(browser)


def test_c3_mistakes_are_told_as_they_are_typed_with_the_way_to_their_fields(browser: Browser) -> None:
    answer = after_a_pause(browser, "/types/exam", length__number="31")
    assert answer.status_code == 422
    assert 'data-tally="Mistakes: 1"' in answer.text
    assert '<a href="#length">' in answer.text
    assert 'value="apply"' not in answer.text


def test_c3_what_was_seen_while_typing_is_saved_by_one_press(browser: Browser) -> None:
    shown = after_a_pause(browser, "/practitioners/anna", name="Anna Ek").text
    seen = shown.split('name="seen" value="', 1)[1].split('"', 1)[0]
    form = {name: texts[-1] for name, texts in sent_by(browser.get(f"{SET_UP}/practitioners/anna").text).items()}
    saved = {**form, "seen": seen, "do": "apply"}
    assert browser.post(f"{SET_UP}/practitioners/anna", {**saved, "name": "Anna Bo"}).status_code == 200, "not that"
    answer = browser.post(f"{SET_UP}/practitioners/anna", {**saved, "name": "Anna Ek"})
    assert answer.location == f"{SET_UP}/practitioners?done=applied"


def test_c3_a_text_is_checked_while_one_types_too(browser: Browser) -> None:
    document = put_in_force(browser.world)
    given = {"revision": "7", "seen": "", "do": "check"}
    text = to_yaml({**document, "name": "Other"})
    answer = browser.post(f"{SET_UP}/document", {**given, "document": text}, headers=TYPED)
    assert 'data-tally="Differences: 1"' in answer.text
    assert "<textarea" not in answer.text
    answer = browser.post(
        f"{SET_UP}/document", {**given, "document": text.replace("grid: 5m", "grid: 7m")}, headers=TYPED
    )
    assert 'data-tally="Mistakes:' in answer.text


def test_c3_where_nobody_can_be_asked_that_is_said_and_nothing_is_lost(browser: Browser) -> None:
    browser.get(f"{SET_UP}/practitioners/anna")
    browser.world.availability.answers["check_document"] = errors.Unavailable.because("availability does not answer")
    answer = after_a_pause(browser, "/practitioners/anna", name="Anna Ek")
    assert answer.status_code == 503
    assert "Please try again in a moment." in answer.text
    assert "<html" not in answer.text


def test_c3_what_somebody_else_saved_meanwhile_is_told_while_one_types(browser: Browser) -> None:
    answer = after_a_pause(browser, "/practitioners/anna", name="Anna Ek", revision="6")
    assert answer.status_code == 409
    assert "Somebody else has saved the set-up meanwhile" in answer.text
    assert 'name="revision"' not in answer.text, "what is saved then is still held against what was read"


def test_c3_what_a_press_has_drawn_anew_is_checked_once_it_stands(browser: Browser) -> None:
    """More rows, an item moved up, a day begun with its plan: what was told before is not kept from who goes on."""
    assert 'hx-trigger="load, ' not in browser.get(f"{SET_UP}/types/exam").text, "nothing was typed yet"
    moved = browser.post(
        f"{SET_UP}/types", {"revision": "7", "seen": "", "do": "down:exam", "order": ["exam", "cleaning"]}
    )
    assert 'hx-trigger="load, ' in moved.text
