"""The set-up as a text in the console: seen, checked, compared, applied, never over what somebody else saved (C3)."""

from html import unescape
from typing import Any

import pytest

from shared.contracts import errors
from shared.texts.document_text import to_yaml
from tests.builders.gateway.console import THERAPIST, Browser
from tests.builders.gateway.set_up import put_in_force
from tests.builders.gateway.world import World

SET_UP = "/staff/solna/set-up"
WHOLE = f"{SET_UP}/document"
CLEAN = {"errors": [], "changes": [], "collisions": [], "collision_count": 0, "absences_unchecked": 0}
CHANGE = {"path": "types[exam].length", "before": "30m", "after": "45m"}
BOOKING = {
    "reference": "7K3M9QX2VT", "start": "2026-12-01T14:00:00+01:00", "practitioner": "anna",
    "patient": {"first_name": "Eva", "last_name": "<b>Lind"},
}  # fmt: skip


@pytest.fixture
def browser(world: World) -> Browser:
    """Return the browser of an administrator."""
    document = put_in_force(world)
    world.availability.answers |= {
        "document": {"revision": 7, "document": document},
        "check_document": {**CLEAN, "changes": [CHANGE]},
        "apply_document": {"revision": 8, "document": document, "changes": [CHANGE]},
    }
    return Browser(world)


def sent(
    browser: Browser, text: str = "clinic: solna\n", do: str = "check", seen: str = "", revision: str = "7"
) -> Any:
    data = {"document": text.replace("\n", "\r\n"), "do": do, "seen": seen, "revision": revision}
    return browser.post(WHOLE, data, content_type="multipart/form-data")


def seen_in(page: str) -> str:
    """Return by what a page knows the text again that it has shown the differences of."""
    return page.split('name="seen" value="', 1)[1].split('"', 1)[0]


def calls(browser: Browser, name: str) -> list[Any]:
    return [each for each in browser.world.availability.calls if each.name == name]


def test_c3_the_document_in_force_stands_there_as_a_text_and_as_a_file(browser: Browser) -> None:
    document = browser.world.availability.answers["document"]["document"]
    assert to_yaml(document) in unescape(browser.get(WHOLE).text)
    file = browser.get(f"{SET_UP}/document.yaml")
    assert file.text == to_yaml(document)
    assert file.headers["Content-Disposition"] == "attachment; filename=solna.yaml"


def test_c3_what_would_become_different_is_shown_before_anything_is_saved(browser: Browser) -> None:
    page = sent(browser)
    assert page.status_code == 200
    text = unescape(page.text)
    for said in (
        "What becomes different",
        "Types of appointment",
        "US",
        "Length",
        "30\u00a0min",
        "45\u00a0min",
        'value="apply"',
    ):
        assert said in text
    assert calls(browser, "check_document")[0].fields == {"document": "clinic: solna\n"}
    assert not calls(browser, "apply_document")


def test_c3_what_was_seen_is_applied_at_the_revision_that_was_read(browser: Browser) -> None:
    answer = sent(browser, do="apply", seen=seen_in(sent(browser).text))
    assert (answer.status_code, answer.location) == (303, f"{WHOLE}?done=applied")
    (call,) = calls(browser, "apply_document")
    assert (call.args, call.fields) == (("solna",), {"document": "clinic: solna\n", "if_revision": 7})
    assert "The set-up is saved." in browser.follow(answer).text


def test_c3_a_text_whose_differences_nobody_has_seen_is_checked_and_not_applied(browser: Browser) -> None:
    page = sent(browser, "clinic: solna\nname: Other\n", do="apply", seen=seen_in(sent(browser).text))
    assert page.status_code == 200
    assert "What becomes different" in page.text
    assert not calls(browser, "apply_document")


def test_c3_what_somebody_else_saved_meanwhile_is_told_and_not_overwritten(browser: Browser) -> None:
    seen = seen_in(sent(browser).text)
    stale = errors.ChangedMeanwhile.because("The clinic is at revision 8 now.")
    browser.world.availability.answers["apply_document"] = stale
    browser.world.availability.answers["document"] = {"revision": 8, "document": {}}
    page = sent(browser, "clinic: solna\n", do="apply", seen=seen)
    assert page.status_code == 409
    assert "Somebody else has saved the set-up meanwhile" in page.text
    assert "clinic: solna" in page.text, "what was typed is still there"
    assert 'name="revision" value="8"' in page.text, "and can be saved once the differences to theirs were seen"


def test_c3_mistakes_are_told_where_they_are_in_people_s_words(browser: Browser) -> None:
    browser.world.availability.answers["check_document"] = {
        **CLEAN,
        "errors": [
            {"path": "types[2].slots.step", "message": "Write a <length>."},
            {"path": "line 3", "message": "This is no YAML."},
            {"path": "", "message": "This is no document."},
        ],
    }
    page = sent(browser)
    assert page.status_code == 422
    assert "Types of appointment</strong>, <bdi>no. 3</bdi>" in page.text
    assert "Which times are offered – Minimum time between offered times" in page.text
    assert "Write a &lt;length&gt;." in page.text
    assert "Line 3" in page.text
    assert 'value="apply"' not in page.text


def test_s8_appointments_that_lie_in_new_absences_are_listed_before_saving(browser: Browser) -> None:
    met = {**CLEAN, "changes": [CHANGE], "collisions": [BOOKING], "collision_count": 4}
    browser.world.availability.answers["check_document"] = met
    page = sent(browser).text
    assert "/staff/solna/bookings/7K3M9QX2VT" in page
    assert "Eva &lt;b&gt;Lind" in page
    assert "and 3 more" in page


def test_c3_a_text_that_changes_nothing_says_so(browser: Browser) -> None:
    browser.world.availability.answers["check_document"] = CLEAN
    page = sent(browser).text
    assert "Nothing: it is so already." in page
    assert 'value="apply"' not in page


def test_c3_a_long_document_with_foreign_letters_arrives_whole(browser: Browser) -> None:
    long = "clinic: solna\n" + "# نوبت‌دهی å\n" * 15_000
    assert sent(browser, long).status_code == 200
    assert calls(browser, "check_document")[0].fields == {"document": long}


@pytest.mark.parametrize("method", ["check_document", "apply_document"])
def test_c3_the_text_stays_where_the_service_is_away(browser: Browser, method: str) -> None:
    seen = seen_in(sent(browser).text)
    browser.world.availability.answers[method] = errors.Unavailable.because("availability does not answer")
    page = sent(browser, do="apply" if method == "apply_document" else "check", seen=seen)
    assert page.status_code == 503
    assert ">clinic: solna\n</textarea>" in page.text
    assert "Please try again in a moment." in page.text


def test_c1_therapists_have_no_set_up(world: World, browser: Browser) -> None:
    therapist = Browser(world, THERAPIST)
    for answer in (therapist.get(WHOLE), therapist.get(f"{SET_UP}/document.yaml"), sent(therapist)):
        assert answer.status_code == 403
    assert not world.availability.calls
