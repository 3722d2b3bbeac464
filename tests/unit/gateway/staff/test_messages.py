"""Messages over the staff's API: shown, sent again, previewed (PRODUCT N4, N6)."""

import pytest

from services.notification.model.delivery import REASONS, TOO_MANY
from shared.contracts import errors
from tests.builders.gateway.world import World, refusing

CLINIC = "/v1/staff/clinics/solna"
MESSAGE = {
    "id": "a" * 32,
    "clinic": "solna",
    "channel": "sms",
    "event": "booked",
    "audience": "patient",
    "to": "+46701740605",
    "state": "planned",
    "subject": None,
    "text": "Hi",
    "booking": "7K3M9QX2VT",
    "at": "2026-11-23T10:00:00+01:00",
    "reason": None,
}
SHOWN = {
    "subject": None, "text": "Hi", "html": None, "encoding": "GSM-7", "characters": 2, "segments": 1, "warnings": [],
}  # fmt: skip


@pytest.fixture
def token(world: World) -> str:
    """Return a session of staff."""
    return world.log_in()


@pytest.mark.parametrize(
    ("language", "sentence"),
    [("en", REASONS[TOO_MANY]), ("nb", "Uvanlig mange meldinger"), ("fa", "در یک شبانه‌روز")],
)
def test_n6_why_a_message_was_not_sent_is_told_in_the_reader_s_language(
    world: World, token: str, language: str, sentence: str
) -> None:
    failed = {**MESSAGE, "state": "failed", "reason": {"code": TOO_MANY, "text": REASONS[TOO_MANY], "detail": ""}}
    world.notification.answers |= {"messages": {"messages": [failed, MESSAGE], "next": None}, "message": failed}
    listed = world.get(f"{CLINIC}/messages?lang={language}", token=token).json["messages"]
    whole = world.get(f"{CLINIC}/messages/{MESSAGE['id']}?lang={language}", token=token).json
    assert listed[0]["reason"] == whole["reason"]
    assert whole["reason"]["text"].startswith(sentence)
    assert listed[1]["reason"] is None


def test_n6_a_message_is_sent_again_by_its_own_address(world: World, token: str) -> None:
    world.notification.answers["resend"] = MESSAGE
    answer = world.post(f"{CLINIC}/messages/{MESSAGE['id']}/resend", token=token)
    assert (answer.status_code, answer.json) == (201, MESSAGE)
    (call,) = world.notification.calls
    assert (call.name, call.args, call.actor.kind) == ("resend", ("solna", MESSAGE["id"]), "staff")


def test_n6_what_cannot_be_sent_again_says_why(world: World, token: str) -> None:
    sentence = "What this message says is no longer true; a newer one has gone out."
    world.notification.answers["resend"] = refusing(errors.Invalid, errors={"id": [sentence]})
    answer = world.post(f"{CLINIC}/messages/{MESSAGE['id']}/resend", token=token)
    assert (answer.status_code, answer.json["code"], answer.json["errors"]) == (422, "invalid", {"id": [sentence]})


def test_n4_a_template_is_shown_before_it_is_saved(world: World, token: str) -> None:
    world.notification.answers["preview"] = SHOWN
    body = {"event": "booked", "channel": "sms", "language": "en", "template": {"text": "Hi"}}
    answer = world.post(f"{CLINIC}/messages/preview", json=body, token=token)
    assert (answer.status_code, answer.json) == (200, SHOWN)
    (call,) = world.notification.calls
    assert (call.name, call.args, call.fields) == ("preview", ("solna",), body)


def test_n4_fields_that_are_not_known_are_refused(world: World, token: str) -> None:
    answer = world.post(
        f"{CLINIC}/messages/preview", json={"event": "booked", "channel": "sms", "to": "x"}, token=token
    )
    assert answer.status_code == 422
    assert "to" in answer.json["errors"]
    assert not world.notification.calls
