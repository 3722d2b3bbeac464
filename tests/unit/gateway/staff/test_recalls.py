"""Staff's calls of recalls: what they pass on, and what they refuse to pass on (R1, R2)."""

from typing import Any

import pytest

from shared.contracts.errors import NeedExpired
from tests.builders.gateway.world import World

RECALLS = "/v1/staff/clinics/solna/recalls"
WISH = {
    "patient": "b" * 32, "type": "exam", "practitioner": "anna", "start": "2026-12-01T14:00:00+01:00",
    "send": ["sms", "card"],
}  # fmt: skip
DONE = {"reference": "7K3M9QX2VT", "code": "7K3M-9QX2", "not_sent": []}
ISSUED = {"issued": [], "not_sent": [{"need": "1" * 32, "reference": None, "channel": "sms", "reason": "no_mobile"}]}


def test_a_recall_is_passed_on_as_staff_s_and_its_code_answered(world: World) -> None:
    world.booking.answers["recall"] = DONE
    response = world.post(RECALLS, json={**WISH, "minutes": 45}, token=world.log_in())
    assert (response.status_code, response.json) == (201, DONE)
    (call,) = world.booking.calls
    assert (call.name, call.args, call.fields) == ("recall", ("solna",), {**WISH, "minutes": 45})
    assert call.actor.kind == "staff"


@pytest.mark.parametrize("fields", [{"week": "2026-W49"}, {"need": "1" * 32}, {"reference": "7K3M9QX2VT"}])
def test_recalls_are_sent_one_by_one_or_for_a_week(world: World, fields: dict[str, Any]) -> None:
    world.booking.answers["issue_recalls"] = ISSUED
    response = world.post(f"{RECALLS}/issue", json={**fields, "send": ["sms"]}, token=world.log_in())
    assert (response.status_code, response.json) == (200, ISSUED)
    assert world.booking.calls[0].fields == {**fields, "send": ["sms"]}


@pytest.mark.parametrize("path", [RECALLS, f"{RECALLS}/issue"])
def test_what_the_api_does_not_know_is_named_and_goes_no_further(world: World, path: str) -> None:
    response = world.post(path, json={"send": ["sms"], "channel": "sms"}, token=world.log_in())
    assert (response.status_code, response.json["code"]) == (422, "invalid")
    assert list(response.json["errors"]) == ["channel"]
    assert world.booking.calls == []


def test_an_expired_need_is_refused_with_the_number_to_call(world: World) -> None:
    world.booking.answers["issue_recalls"] = NeedExpired.because("Over.", phone="+46 8 123 45 67")
    response = world.post(f"{RECALLS}/issue", json={"need": "1" * 32, "send": ["sms"]}, token=world.log_in())
    assert (response.status_code, response.json["code"]) == (422, "need_expired")
    assert response.json["phone"] == "+46 8 123 45 67"
