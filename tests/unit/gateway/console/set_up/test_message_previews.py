"""A message beside its templates, as it would be sent by what is typed (issue 14, N4)."""

from html import unescape
from typing import Any

import pytest

from gateway.console.set_up.message_previews import _STAND_FOR, _WARNINGS
from services.notification.wording import preview as wording
from shared.clinic.message_keys import MESSAGES
from shared.contracts.errors import Invalid
from shared.texts.language import LANGUAGES
from shared.texts.message_templates import VARIABLES
from tests.builders.gateway.console import Browser
from tests.builders.gateway.sent_forms import sent_by
from tests.builders.gateway.set_up import put_in_force
from tests.builders.gateway.set_up_forms import checked_document, send
from tests.builders.gateway.world import World

FORM = "/staff/solna/set-up/messages"
SHOWN = {
    "subject": None, "text": "Hej <Alex>", "html": None, "encoding": "UCS-2", "characters": 71, "segments": 2,
    "warnings": [],
}  # fmt: skip
EMAIL = {**SHOWN, "subject": "Din tid", "html": "<p>Hej</p>", "encoding": None, "characters": None, "segments": None}


@pytest.fixture
def browser(world: World) -> Browser:
    """Return the browser of an administrator of a clinic that writes Swedish and English."""
    put_in_force(world)
    world.notification.answers["preview"] = lambda _clinic, channel, **_: SHOWN if channel == "sms" else EMAIL
    return Browser(world)


def asked(browser: Browser) -> list[dict[str, Any]]:
    return [each.fields for each in browser.world.notification.calls if each.name == "preview"]


def test_n4_what_is_typed_is_shown_as_it_would_be_sent_without_being_saved(browser: Browser) -> None:
    typed = {"messages.booked.sms.sv": "Hej\r\n{{ link }}", "messages.booked.sms.en": "Hi"}
    shown = browser.post(f"{FORM}/preview/booked/sms/sv", typed).text
    assert "<html" not in shown
    assert "Hej &lt;Alex&gt;" in shown
    assert "UCS-2" in shown
    assert asked(browser) == [
        {"event": "booked", "channel": "sms", "language": "sv", "template": {"text": "Hej\n{{ link }}"}}
    ]
    assert not [each for each in browser.world.availability.calls if each.name in ("check_document", "apply_document")]


def test_n4_without_scripts_a_button_shows_all_of_a_message_and_keeps_what_was_typed(browser: Browser) -> None:
    page = unescape(browser.post(FORM, {"do": "show:booked", "messages.booked.sms.sv": "Kept {{ link }}"}).text)
    assert "Kept {{ link }}" in page
    assert page.count("Hej <Alex>") == 4, "two languages by two channels"
    assert page.count("<strong lang") == 2, "subjects of emails"
    assert {(each["channel"], each["language"]) for each in asked(browser)} == {
        ("sms", "sv"), ("sms", "en"), ("email", "sv"), ("email", "en"),
    }  # fmt: skip
    browser.world.notification.calls.clear()
    assert browser.get(FORM).status_code == 200
    assert asked(browser) == [], "nothing is asked before somebody looks at a message"


def test_n4_messages_in_all_six_languages_are_shown_and_saved(world: World, browser: Browser) -> None:
    put_in_force(world, languages=[*LANGUAGES])
    form = sent_by(browser.get(FORM).text)
    written = {"messages.booked.sms.fa": ["{{ link }}"]}
    assert browser.post(f"{FORM}/preview/booked/sms/fa", {**form, **written}).status_code == 200
    assert send(browser, "/messages", {**form, **written}).status_code == 200
    assert checked_document(browser)["messages"]["booked"]["sms"]["fa"] == "{{ link }}"


def test_n4_a_mistake_is_told_in_its_place_in_the_readers_language(browser: Browser) -> None:
    wrong = {"template.subject": ['Line 1 names "lnk", which messages have not. Did you mean "link"?']}
    browser.world.notification.answers["preview"] = Invalid.because("It cannot be used.", errors=wrong)
    browser.language = "da"
    shown = unescape(browser.post(f"{FORM}/preview/booked/email/sv", {}).text)
    assert "Emne: ”lnk” kan ikke udfyldes. Mente du ”link”?" in shown


def test_n4_an_email_is_opened_by_itself_where_nothing_of_it_runs(browser: Browser) -> None:
    letter = browser.post(f"{FORM}/preview/booked/sv", {"messages.booked.email.html.sv": "<p>Hej</p>"})
    assert "<p>Hej</p>" in letter.text
    assert "sandbox" in letter.headers["Content-Security-Policy"]
    assert asked(browser)[0]["template"] == {"subject": "", "text": "", "html": "<p>Hej</p>"}


@pytest.mark.parametrize(
    "address", ["nothing/sms/sv", "booked/fax/sv", "booked/sms/fr", "login_code/email/sv", "nothing/sv"]
)
def test_there_is_no_preview_of_what_is_no_message(browser: Browser, address: str) -> None:
    assert browser.post(f"{FORM}/preview/{address}", {}).status_code == 404
    assert browser.post(FORM, {"do": "show:nothing"}).status_code == 404


def test_n4_all_that_a_message_names_is_told_in_words_and_all_that_it_lacks() -> None:
    assert _STAND_FOR.keys() == VARIABLES
    assert _WARNINGS.keys() == {wording.NO_LINK, wording.NO_TIME, wording.UNUSED}
    assert len(MESSAGES) == 10
