"""The console's page of messages: what failed first, in people's words, and sent again (PRODUCT N6)."""

import pytest

from services.notification.model.delivery import REASONS, STOPPED, UNDELIVERED
from shared.contracts import errors
from tests.builders.gateway.clinics import heading_of
from tests.builders.gateway.console import Browser
from tests.builders.gateway.set_up import put_in_force
from tests.builders.gateway.world import World, refusing

ID = "a" * 32
MESSAGES = "/staff/solna/messages"
SENT = {
    "id": ID,
    "clinic": "solna",
    "channel": "email",
    "event": "practitioner_booked",
    "audience": "practitioner",
    "to": "anna@solna.example",
    "state": "sent",
    "subject": "New appointment: Eva <b>Lind</b>",
    "text": "Patient: Eva <script>alert(1)</script>",
    "booking": "7K3M9QX2VT",
    "at": "2026-11-23T10:00:00+01:00",
    "reason": None,
}
WHOLE = {
    **SENT, "html": "<html><head></head><body>Hello</body></html>", "sender": "Solna", "reply_to": None,
    "encoding": None, "segments": None, "attachments": [{"name": "a.ics", "type": "text/calendar", "content": "BEGIN"}],
}  # fmt: skip
FAILED = {
    **SENT, "id": "b" * 32, "channel": "sms", "event": "booked", "audience": "patient", "to": "+46701740605",
    "state": "failed", "subject": None, "text": "Hello Eva",
    "reason": {"code": UNDELIVERED, "text": REASONS[UNDELIVERED], "detail": "twilio 30003"},
}  # fmt: skip


@pytest.fixture
def browser(world: World) -> Browser:
    """Return the browser of an administrator at a clinic that has sent two messages."""
    put_in_force(world)
    world.notification.answers |= {"messages": {"messages": [FAILED, SENT], "next": None}, "message": WHOLE}
    return Browser(world)


def test_n6_the_list_says_what_each_message_was_to_whom_and_why_it_failed(browser: Browser) -> None:
    page = browser.get(MESSAGES)
    assert (page.status_code, heading_of(page.text)) == (200, "Messages")
    for said in ("Confirmation", "to the patient", "to the practitioner", "070-174 06 05", REASONS[UNDELIVERED]):
        assert said in page.text
    assert page.text.index("070-174 06 05") < page.text.index("anna@solna.example"), "as notification gives them"
    assert 'href="/staff/solna/messages/bbbb' in page.text


@pytest.mark.parametrize(
    ("language", "said"), [("sv", "Det nådde inte telefonen."), ("fa", "پیام به گوشی گیرنده نرسید.")]
)
def test_n6_why_it_failed_is_told_in_the_reader_s_language(browser: Browser, language: str, said: str) -> None:
    assert said in browser.get(f"{MESSAGES}?lang={language}").text


def test_n6_one_state_is_asked_for_and_kept_from_page_to_page(browser: Browser) -> None:
    browser.world.notification.answers["messages"] = {"messages": [FAILED], "next": "c" * 32}
    page = browser.get(f"{MESSAGES}?state=failed&cursor={'d' * 32}")
    (call,) = [each for each in browser.world.notification.calls if each.name == "messages"]
    assert (call.args, call.fields) == (("solna",), {"state": "failed", "cursor": "d" * 32, "limit": 50})
    assert f'href="{MESSAGES}?state=failed&amp;cursor={"c" * 32}"' in page.text
    assert f'href="{MESSAGES}?state=failed"' in page.text
    browser.world.notification.answers["messages"] = {"messages": [], "next": None}
    assert "No message has failed." in browser.get(f"{MESSAGES}?state=failed").text


def test_a3_what_was_written_to_somebody_who_is_erased_is_not_offered_to_be_sent_again(browser: Browser) -> None:
    assert "Send again" in browser.get(f"{MESSAGES}/{ID}").text
    browser.world.notification.answers["message"] = {**WHOLE, "to": "", "text": "", "subject": None, "html": None}
    assert "Send again" not in browser.get(f"{MESSAGES}/{ID}").text


def test_n6_a_message_reads_as_it_was_sent_and_nothing_of_it_runs(browser: Browser) -> None:
    page = browser.get(f"{MESSAGES}/{ID}")
    assert "Patient: Eva &lt;script&gt;" in page.text
    assert "<script>alert" not in page.text
    assert "Eva &lt;b&gt;Lind&lt;/b&gt;" in page.text
    assert 'href="/staff/solna/bookings/7K3M9QX2VT"' in page.text
    assert f'href="{MESSAGES}/{ID}/attachments/0"' in page.text


def test_n6_an_email_and_what_hangs_at_it_are_shown_apart(browser: Browser) -> None:
    letter = browser.get(f"{MESSAGES}/{ID}/letter")
    assert "sandbox" in letter.headers["Content-Security-Policy"]
    assert "Hello" in letter.text
    file = browser.get(f"{MESSAGES}/{ID}/attachments/0")
    assert (file.text, file.headers["Content-Disposition"]) == ("BEGIN", "attachment; filename=a.ics")
    assert browser.get(f"{MESSAGES}/{ID}/attachments/1").status_code == 404


def test_n6_sending_again_leads_to_the_new_message(browser: Browser) -> None:
    browser.world.notification.answers["resend"] = {**SENT, "id": "e" * 32, "state": "planned"}
    answer = browser.post(f"{MESSAGES}/{ID}/resend")
    assert (answer.status_code, answer.location) == (303, f"{MESSAGES}/{'e' * 32}?done=again")
    assert "The message is being sent again." in browser.follow(answer).text


def test_n6_who_sends_again_from_a_booking_s_panel_stays_there(browser: Browser) -> None:
    browser.world.notification.answers["resend"] = {**SENT, "id": "e" * 32, "state": "planned"}
    answer = browser.post(f"{MESSAGES}/{ID}/resend", {"from_booking": "yes"})
    assert answer.location == "/staff/solna/bookings/7K3M9QX2VT?done=again"
    browser.world.notification.answers["resend"] = {**SENT, "id": "e" * 32, "booking": None}
    answer = browser.post(f"{MESSAGES}/{ID}/resend", {"from_booking": "yes"})
    assert answer.location.startswith(MESSAGES)


def test_n6_what_cannot_be_sent_again_says_why_beside_the_message(browser: Browser) -> None:
    sentence = "What this message says is no longer true; a newer one has gone out."
    browser.world.notification.answers["resend"] = errors.Invalid.because(sentence, errors={"id": [sentence]})
    page = browser.post(f"{MESSAGES}/{ID}/resend")
    assert page.status_code == 422
    assert sentence in page.text
    assert "Patient: Eva" in page.text


def test_n6_what_waits_or_was_withdrawn_is_not_offered_to_be_sent_again(browser: Browser) -> None:
    for state, is_offered in (("sent", True), ("delivered", True), ("planned", False), ("withdrawn", False)):
        browser.world.notification.answers["message"] = {**WHOLE, "state": state}
        assert ("Send again" in browser.get(f"{MESSAGES}/{ID}").text) is is_offered, state
    reason = {"code": STOPPED, "text": REASONS[STOPPED], "detail": ""}
    browser.world.notification.answers["message"] = {**WHOLE, "state": "failed", "reason": reason}
    assert "Send again" in browser.get(f"{MESSAGES}/{ID}").text


def test_c1_a_colleague_s_message_is_refused_as_the_service_says(browser: Browser) -> None:
    browser.world.notification.answers["message"] = refusing(errors.Forbidden)
    assert browser.get(f"{MESSAGES}/{ID}").status_code == 403


def test_n6_what_tells_of_a_move_is_called_by_a_noun_and_not_as_the_button_that_changes(browser: Browser) -> None:
    browser.world.notification.answers["messages"] = {"messages": [{**SENT, "event": "moved"}], "next": None}
    assert "<strong>Change of appointment</strong>" in browser.get("/staff/solna/messages").text
