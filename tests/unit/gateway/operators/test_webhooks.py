"""What providers post is handed on as it came; nobody else gets further than the door (PRODUCT N5)."""

from dataclasses import replace
from typing import Any

import pytest

from shared.contracts import errors
from shared.environment.provider_accounts import SendGrid, Twilio
from tests.builders.gateway.world import World, refusing

STATUS, INBOUND, SENDGRID = "/v1/webhooks/twilio/status", "/v1/webhooks/twilio/inbound", "/v1/webhooks/sendgrid"
SIGNED = {
    STATUS: {"X-Twilio-Signature": "s"},
    INBOUND: {"X-Twilio-Signature": "s"},
    SENDGRID: {"X-Twilio-Email-Event-Webhook-Signature": "s", "X-Twilio-Email-Event-Webhook-Timestamp": "1"},
}


@pytest.fixture
def heard(world: World) -> World:
    """Return an installation with both providers."""
    world.settings = replace(
        world.settings,
        twilio=Twilio("AC", "token", "+46700000000"),
        sendgrid=SendGrid("SG", "a@clinic.example", webhook_key="key"),
    )
    return world


def post(world: World, path: str, body: bytes = b"MessageStatus=sent&To=%2B46", **headers: str) -> Any:
    kind = "application/json" if path == SENDGRID else "application/x-www-form-urlencoded"
    return world.post(path, data=body, headers={"Content-Type": kind, **SIGNED[path.partition("?")[0]], **headers})


def test_n5_a_status_callback_is_handed_on_as_it_was_signed(heard: World):
    assert post(heard, f"{STATUS}?message={'a' * 32}").status_code == 204
    (call,) = heard.notification.calls
    assert call.name == "provider_status"
    assert call.fields == {
        "provider": "twilio",
        "address": f"{STATUS}?message={'a' * 32}",
        "body": "MessageStatus=sent&To=%2B46",
        "signature": "s",
    }
    assert (call.actor.kind, call.actor.id) == ("service", "gateway")


def test_n5_an_answer_by_sms_gets_an_empty_twiml(heard: World):
    answer = post(heard, INBOUND, b"Body=STOP")
    assert (answer.status_code, answer.mimetype) == (200, "text/xml")
    assert answer.text.endswith("<Response/>")
    assert heard.notification.calls[0].name == "provider_inbound"


def test_n5_a_large_batch_of_sendgrids_is_handed_on_byte_for_byte(heard: World):
    body = ("[" + "\u00e5 " * 200_000 + "]").encode()
    assert post(heard, SENDGRID, body).status_code == 204
    fields = heard.notification.calls[0].fields
    assert (fields["body"].encode(), fields["timestamp"]) == (body, "1")


@pytest.mark.parametrize("path", [STATUS, INBOUND, SENDGRID])
def test_n5_what_is_not_signed_is_forbidden_at_the_door(heard: World, path: str):
    answer = heard.post(path, data=b"x")
    assert (answer.status_code, answer.json["code"]) == (403, "forbidden")
    assert not heard.notification.calls


@pytest.mark.parametrize("path", [STATUS, INBOUND, SENDGRID])
def test_n5_what_is_wrongly_signed_is_forbidden(heard: World, path: str):
    refused = refusing(errors.Forbidden)
    heard.notification.answers |= {"provider_status": refused, "provider_inbound": refused}
    assert post(heard, path).status_code == 403


@pytest.mark.parametrize("path", [STATUS, INBOUND, SENDGRID])
def test_n5_a_provider_that_is_not_set_up_is_not_found(world: World, path: str):
    assert post(world, path).status_code == 404
    assert not world.notification.calls


def test_n5_without_the_key_of_signed_events_there_is_nothing_to_post_to(heard: World):
    heard.settings = replace(heard.settings, sendgrid=SendGrid("SG", "a@clinic.example"))
    assert post(heard, SENDGRID).status_code == 404


@pytest.mark.parametrize("path", [STATUS, INBOUND, SENDGRID])
def test_what_is_no_text_is_malformed(heard: World, path: str):
    assert post(heard, path, b"\xff\xfe").status_code == 400
