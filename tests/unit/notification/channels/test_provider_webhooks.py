"""What providers post counts only where they signed it, and says what became of messages of ours (PRODUCT N5)."""

import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import pytest
from cryptography.hazmat.primitives.asymmetric import ec

from services.notification.channels import Posted, Report, Webhooks
from shared.contracts.errors import Forbidden, Malformed, NotFound
from shared.settings import from_environment
from tests.servers.providers import SENDGRID_KEY, SENDGRID_PUBLIC_KEY, signed_by_sendgrid, signed_by_twilio

NOW = datetime(2026, 11, 22, 9, 0, tzinfo=UTC)
MESSAGE = "a" * 32
PUBLIC_URL = "https://booking.example"
STATUS = f"/v1/webhooks/twilio/status?message={MESSAGE}"
TOKEN = "the token"
TWILIO = {"TWILIO_ACCOUNT_SID": "AC" + "1" * 32, "TWILIO_AUTH_TOKEN": TOKEN, "TWILIO_FROM": "+46700000000"}
SENDGRID = {
    "SENDGRID_API_KEY": "SG.x",
    "SENDGRID_FROM": "b@clinic.example",
    "SENDGRID_WEBHOOK_KEY": SENDGRID_PUBLIC_KEY,
}


@pytest.fixture
def webhooks(tmp_path: Path) -> Webhooks:
    """Return what reads the posts of an installation with both providers."""
    return Webhooks(from_environment({"DATA_DIR": str(tmp_path), "PUBLIC_URL": PUBLIC_URL, **TWILIO, **SENDGRID}))


def by_twilio(form: dict[str, str], address: str = STATUS, token: str = TOKEN) -> Posted:
    """Return a form as Twilio posts and signs it."""
    return Posted(address, urlencode(form), signed_by_twilio(PUBLIC_URL + address, form, token), "")


def by_sendgrid(body: Any, at: datetime = NOW, key: ec.EllipticCurvePrivateKey = SENDGRID_KEY) -> Posted:
    """Return events as SendGrid posts and signs them."""
    text, timestamp = body if isinstance(body, str) else json.dumps(body), str(int(at.timestamp()))
    return Posted("/v1/webhooks/sendgrid", text, signed_by_sendgrid(timestamp, text, key), timestamp)


def an_event(event: str, **more: str) -> dict[str, str]:
    """Return one of SendGrid's events of our message."""
    return {"event": event, "email": "eva@example.org", "frontdesk_message": MESSAGE, "sg_message_id": "x1.y", **more}


@pytest.mark.parametrize(
    ("status", "state"),
    [
        ("queued", "sent"), ("sending", "sent"), ("sent", "sent"), ("delivered", "delivered"),
        ("undelivered", "failed"), ("failed", "failed"), ("canceled", "failed"),
    ],
)  # fmt: skip
def test_n5_each_state_of_twilios_is_one_of_ours(webhooks: Webhooks, status: str, state: str) -> None:
    (report,) = webhooks.reports("twilio", by_twilio({"MessageStatus": status, "MessageSid": "SM1"}), NOW)
    assert (report.message, report.state, report.provider_id) == (MESSAGE, state, "SM1")
    assert (report.reason is not None) == (state == "failed")


@pytest.mark.parametrize(
    ("code", "reason"),
    [
        ("30003", "undelivered twilio 30003"),
        ("30005", "wrong_address twilio 30005"),
        ("21610", "stopped twilio 21610"),
        ("", "undelivered"),
        ("+46701740699", "undelivered"),
    ],
)
def test_n5_a_failed_sms_says_why_by_a_number_and_names_nobody(webhooks: Webhooks, code: str, reason: str) -> None:
    form = {"MessageStatus": "undelivered", "ErrorCode": code, "To": "+46701740699"}
    assert webhooks.reports("twilio", by_twilio(form), NOW)[0].reason == reason


@pytest.mark.parametrize(
    ("event", "state", "reason"),
    [
        (an_event("processed"), "sent", None),
        (an_event("deferred"), "sent", None),
        (an_event("delivered"), "delivered", None),
        (an_event("bounce", status="5.1.1", reason="550 <eva@example.org> unknown"), "failed", "bounced smtp 5.1.1"),
        (an_event("bounce", status="eva@example.org"), "failed", "bounced"),
        (an_event("dropped", reason="Bounced Address"), "failed", "refused sendgrid dropped"),
    ],
)
def test_n5_each_event_of_sendgrids_is_one_of_our_states(
    webhooks: Webhooks, event: dict[str, str], state: str, reason: str | None
) -> None:
    assert webhooks.reports("sendgrid", by_sendgrid([event]), NOW) == [Report(MESSAGE, state, "x1", reason)]


def test_events_that_are_of_no_message_of_ours_say_nothing(webhooks: Webhooks) -> None:
    events = [
        "odd",
        None,
        {},
        an_event("open"),
        an_event("delivered", frontdesk_message="../x"),
        {"event": "delivered"},
    ]
    assert webhooks.reports("sendgrid", by_sendgrid(events), NOW) == []
    assert webhooks.reports("twilio", by_twilio({"MessageStatus": "delivered"}, STATUS.partition("?")[0]), NOW) == []
    assert webhooks.reports("twilio", by_twilio({"MessageStatus": "strange"}), NOW) == []


@pytest.mark.parametrize(
    "changed",
    [
        {"signature": "AAAA"},
        {"signature": "ä"},
        {"body": urlencode({"MessageStatus": "failed"})},
        {"address": STATUS.replace("a" * 32, "b" * 32)},
        {"address": STATUS.replace("status", "inbound")},
    ],
)
def test_n5_what_twilio_did_not_sign_is_forbidden(webhooks: Webhooks, changed: dict[str, str]) -> None:
    posted = replace(by_twilio({"MessageStatus": "delivered"}), **changed)
    for read in (lambda: webhooks.reports("twilio", posted, NOW), lambda: webhooks.answer(posted)):
        with pytest.raises(Forbidden):
            read()


def test_n5_another_accounts_signature_is_forbidden(webhooks: Webhooks) -> None:
    with pytest.raises(Forbidden):
        webhooks.reports("twilio", by_twilio({"MessageStatus": "delivered"}, token="another token"), NOW)
    with pytest.raises(Forbidden):
        webhooks.reports("sendgrid", by_sendgrid([], key=ec.generate_private_key(ec.SECP256R1())), NOW)


@pytest.mark.parametrize(
    "changed",
    [
        {"signature": "AAAA"},
        {"signature": "!!!"},
        {"signature": ""},
        {"body": "[] "},
        {"timestamp": str(int(NOW.timestamp()) + 1)},
        {"timestamp": ""},
        {"timestamp": "yesterday"},
        {"timestamp": "٣"},
    ],
)
def test_n5_what_sendgrid_did_not_sign_is_forbidden(webhooks: Webhooks, changed: dict[str, str]) -> None:
    with pytest.raises(Forbidden):
        webhooks.reports("sendgrid", replace(by_sendgrid([]), **changed), NOW)


@pytest.mark.parametrize("age", [timedelta(minutes=6), -timedelta(minutes=6)])
def test_n5_events_signed_long_ago_are_not_played_again(webhooks: Webhooks, age: timedelta) -> None:
    with pytest.raises(Forbidden):
        webhooks.reports("sendgrid", by_sendgrid([an_event("delivered")], NOW - age), NOW)


@pytest.mark.parametrize("body", ["", "{", '{"event": "delivered"}'])
def test_what_is_signed_and_is_no_list_of_events_is_malformed(webhooks: Webhooks, body: str) -> None:
    with pytest.raises(Malformed):
        webhooks.reports("sendgrid", by_sendgrid(body), NOW)


@pytest.mark.parametrize("given", [{}, {**SENDGRID, "SENDGRID_WEBHOOK_KEY": ""}])
def test_n5_an_installation_without_a_provider_has_nothing_to_hear_of_it(tmp_path: Path, given: dict[str, str]) -> None:
    deaf = Webhooks(from_environment({"DATA_DIR": str(tmp_path), "PUBLIC_URL": PUBLIC_URL, **given}))
    for read in (
        lambda: deaf.reports("twilio", by_twilio({}), NOW),
        lambda: deaf.reports("sendgrid", by_sendgrid([]), NOW),
        lambda: deaf.answer(by_twilio({})),
    ):
        with pytest.raises(NotFound):
            read()
