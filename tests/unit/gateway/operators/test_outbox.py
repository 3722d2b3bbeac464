"""The outbox, the list of clinics, and what is shown where nothing is (PRODUCT N5)."""

from dataclasses import replace
from typing import Any

import pytest
from werkzeug.test import TestResponse

from gateway.access.sessions import Account, Place
from shared.environment.provider_accounts import SendGrid, Twilio
from tests.builders.gateway.world import World

HERE = {"REMOTE_ADDR": "127.0.0.1"}
SMS = {
    "id": "a" * 32,
    "clinic": "solna",
    "channel": "sms",
    "event": "booked",
    "to": "+46701740605",
    "state": "sent",
    "subject": None,
    "text": "Welcome! https://booking.example/m/abc",
    "booking": "7K3M9QX2VT",
    "at": "2026-11-23T10:00:00+01:00",
    "reason": None,
}
EMAIL = SMS | {"id": "b" * 32, "channel": "email", "subject": "Your <time>", "to": "eva@patients.example"}
WHOLE = {
    "html": "<p style='color:red'>Hi</p>",
    "attachments": [{"name": "a.ics", "type": "text/calendar", "content": "BEGIN"}],
    "sender": "Solna",
    "reply_to": "info@solna.example",
    "encoding": None,
    "segments": None,
}


@pytest.fixture
def outbox(world: World) -> World:
    """Return a world with one SMS and one email in its outbox."""
    world.availability.answers["clinics"] = {"clinics": [{"clinic": "solna", "name": "Solna", "active": True}]}
    world.notification.answers |= {"messages": {"messages": [EMAIL, SMS], "next": None}, "message": EMAIL | WHOLE}
    return world


def get(world: World, path: str, host: str = "localhost:8000", **options: Any) -> TestResponse:
    return world.get(path, environ=HERE, headers={"Host": host}, **options)


def test_all_clinics_messages_are_listed_in_the_name_of_the_house(outbox: World):
    html = get(outbox, "/outbox").text
    assert html.index("Your &lt;time&gt;") < html.index("Welcome!")
    (call,) = outbox.notification.calls
    assert call.args == (None,)
    assert call.actor.kind == "service"


def test_an_email_shows_its_head_text_and_attachments(outbox: World):
    html = get(outbox, f"/outbox/{EMAIL['id']}").text
    for shown in ("Your &lt;time&gt;", "eva@patients.example", 'href="https://booking.example/m/abc"', "a.ics"):
        assert shown in html


def test_an_sms_is_shown_as_a_telephone_shows_it(outbox: World):
    outbox.notification.answers["message"] = SMS | {"html": None, "attachments": [], "encoding": "GSM-7", "segments": 1}
    assert 'class="bubble"' in get(outbox, f"/outbox/{SMS['id']}").text
    assert get(outbox, f"/outbox/{SMS['id']}/letter").status_code == 404


def test_an_emails_html_runs_nothing_and_reaches_nobody(outbox: World):
    answer = get(outbox, f"/outbox/{EMAIL['id']}/letter")
    assert answer.text == '<base target="_top">' + WHOLE["html"]
    policy = answer.headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert policy.endswith("; sandbox allow-top-navigation-by-user-activation")
    assert "script-src 'self'" in policy
    assert "X-Frame-Options" not in answer.headers


def test_an_attachment_can_be_kept_as_a_file(outbox: World):
    answer = get(outbox, f"/outbox/{EMAIL['id']}/attachments/0")
    assert answer.text == "BEGIN"
    assert answer.headers["Content-Disposition"] == "attachment; filename=a.ics"
    assert get(outbox, f"/outbox/{EMAIL['id']}/attachments/1").status_code == 404


@pytest.mark.parametrize(
    "reader",
    [
        {"environ": {"REMOTE_ADDR": "203.0.113.7"}, "headers": {"Host": "localhost"}},
        {"environ": HERE, "headers": {"Host": "rebound.example"}},
        {"environ": HERE, "headers": {"Host": "localhost", "X-Forwarded-For": "127.0.0.1"}},
        {"environ": HERE, "headers": {"Host": ""}},
        {"environ": HERE, "headers": {"Host": "[localhost"}},
        {"environ": HERE, "headers": {"Host": "[localhost]"}},
    ],
)
def test_n5_from_elsewhere_only_the_installations_staff_read_the_outbox(outbox: World, reader: dict[str, Any]):
    of_a_clinic = outbox.log_in_as(Account("ann@solna.example", (Place("solna", "administrator"),), "a1", 1))
    for path in ("/outbox", f"/outbox/{EMAIL['id']}", f"/outbox/{EMAIL['id']}/letter"):
        for token, status in ((None, 401), ("made-up", 401), (of_a_clinic, 403)):
            assert outbox.get(path, token=token, **reader).status_code == status
        assert not outbox.notification.calls
        assert outbox.get(path, token=outbox.log_in(), **reader).status_code == 200
        outbox.notification.calls.clear()


@pytest.mark.parametrize("address", ["https://book.clinic.example", "http://192.0.2.10:8000"])
def test_n5_an_installation_that_others_reach_shows_no_outbox_without_login(outbox: World, address: str):
    """A plain proxy on the same machine comes from the loopback, names it and tells of nobody behind it."""
    outbox.settings = replace(outbox.settings, public_url=address)

    assert get(outbox, "/outbox").status_code == 401
    assert outbox.get("/outbox", token=outbox.log_in(), environ=HERE).status_code == 200


def test_n5_where_one_channel_goes_by_a_provider_only_the_other_is_in_the_outbox(outbox: World):
    outbox.settings = replace(outbox.settings, twilio=Twilio("AC", "token", "+46700000000"))
    assert get(outbox, "/outbox").status_code == 200
    assert outbox.notification.calls[-1].fields["channel"] == "email"
    assert get(outbox, f"/outbox/{EMAIL['id']}").status_code == 200
    outbox.notification.answers["message"] = SMS | {"html": None, "attachments": [], "encoding": "GSM-7", "segments": 1}
    assert get(outbox, f"/outbox/{SMS['id']}").status_code == 404


def test_n5_where_both_channels_go_by_providers_there_is_no_outbox(outbox: World):
    outbox.settings = replace(
        outbox.settings, twilio=Twilio("AC", "token", "+46700000000"), sendgrid=SendGrid("SG", "a@clinic.example")
    )
    for path in ("/outbox", f"/outbox/{EMAIL['id']}", f"/outbox/{EMAIL['id']}/attachments/0"):
        assert get(outbox, path, token=outbox.log_in()).status_code == 404


def test_n5_older_messages_are_one_click_away(outbox: World):
    outbox.notification.answers["messages"] = {"messages": [EMAIL], "next": "c" * 32}
    assert f'href="/outbox?cursor={"c" * 32}"' in get(outbox, "/outbox").text
    assert 'href="/outbox"' in get(outbox, f"/outbox?cursor={'c' * 32}").text
    assert outbox.notification.calls[-1].fields["cursor"] == "c" * 32


def test_n5_an_email_is_shown_as_its_reader_sees_it_in_a_frame_that_runs_nothing(outbox: World):
    answer = get(outbox, f"/outbox/{EMAIL['id']}")
    assert f'src="/outbox/{EMAIL["id"]}/letter"' in answer.text
    assert 'sandbox="allow-top-navigation-by-user-activation"' in answer.text
    assert "frame-src 'self'" in answer.headers["Content-Security-Policy"]
    assert "frame-src 'none'" in get(outbox, "/outbox").headers["Content-Security-Policy"]


def test_n6_what_was_not_sent_says_so_and_why(outbox: World):
    reason = {"code": "wrong_address", "text": "Nothing can be sent to this address.", "detail": None}
    failed = EMAIL | WHOLE | {"state": "failed", "reason": reason}
    outbox.notification.answers["message"] = failed
    html = get(outbox, f"/outbox/{EMAIL['id']}").text
    assert 'class="state failed"' in html
    assert "Nothing can be sent to this address." in html
