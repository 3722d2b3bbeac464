"""Logging in by two steps, as the gateway lets people in by it (C4)."""

from typing import Any

import pytest

from gateway.access.sessions import Account, Place
from shared.contracts.errors import CodeRequired, Refusal, WrongLogin
from tests.builders.gateway.world import ADMIN, PASSWORD, World, refusing

ANN = Account("ann@solna.example", (Place("solna", "therapist", "anna"),), "a1", 1)
BOOKINGS = "/v1/staff/clinics/solna/bookings"
FOUND = {
    "account": "a1",
    "email": "ann@solna.example",
    "clinics": [{"clinic": "solna", "role": "therapist", "practitioner": "anna"}],
    "revision": 1,
    "two_step": True,
}
LOGIN = {"email": "ann@solna.example", "password": "a password of hers"}


def wrong_code() -> Refusal:
    """Return how staff refuses a second step whose first was right."""
    return WrongLogin.because("The code is wrong.", step="code")


def log_in(world: World, address: str = "203.0.113.7", **more: str) -> Any:
    """Try to log in."""
    return world.post("/v1/staff/logins", json={**LOGIN, **more}, environ={"REMOTE_ADDR": address})


def test_a_code_is_asked_for_and_taken_along(world: World) -> None:
    world.staff.answers["log_in"] = refusing(CodeRequired)
    asked = log_in(world)
    world.staff.answers["log_in"] = FOUND
    done = log_in(world, code="123456")

    assert (asked.status_code, asked.json["code"]) == (401, "code_required")
    assert done.status_code == 201
    assert world.staff.calls[-1].fields == {**LOGIN, "code": "123456"}


def test_who_is_asked_for_a_code_has_spent_no_try(world: World) -> None:
    world.staff.answers["log_in"] = refusing(CodeRequired)
    assert {log_in(world).status_code for _ in range(30)} == {401}


def test_wrong_codes_count_for_the_account_from_wherever_they_come(world: World) -> None:
    """Six digits, three of a million right at a time, and thirty tries a day for whoever has the password."""
    world.staff.answers["log_in"] = wrong_code()
    statuses = [log_in(world, f"10.{number}.0.1", code="000000").status_code for number in range(40)]
    assert statuses == [401] * 30 + [429] * 10


RECOVERY = "7k3m9 qx2vt"


def spend_codes(world: World) -> None:
    """Let somebody who has the password type wrong codes until none is looked at."""
    world.staff.answers["log_in"] = wrong_code()
    statuses = [log_in(world, f"10.{number}.0.1", code="000 000").status_code for number in range(31)]
    assert statuses[-2:] == [401, 429]


def test_where_wrong_codes_are_spent_a_recovery_code_lets_its_owner_in_and_forgets_them(world: World) -> None:
    spend_codes(world)
    world.staff.answers["log_in"] = refusing(CodeRequired)
    asked = log_in(world)
    world.staff.answers["log_in"] = FOUND
    statuses = [log_in(world, code=each).status_code for each in ("123456", RECOVERY, "123456")]
    assert (asked.status_code, statuses) == (401, [429, 201, 201])


def test_wrong_recovery_codes_spend_no_codes_of_the_app(world: World) -> None:
    world.staff.answers["log_in"] = wrong_code()
    for number in range(40):
        log_in(world, f"10.{number}.0.1", code=RECOVERY)
    world.staff.answers["log_in"] = FOUND
    assert log_in(world, code="123456").status_code == 201


def test_another_password_by_email_forgets_wrong_codes_once_a_day(world: World) -> None:
    """Whoever had the password has it no more; who reads the owner's mail wins thirty tries by it and no more."""
    world.staff.answers["reset"] = {"email": LOGIN["email"]}
    statuses = []
    for _ in range(2):
        spend_codes(world)
        world.post("/v1/staff/password-resets/T0KEN", json={"password": "one of her own"})
        world.staff.answers["log_in"] = FOUND
        statuses.append(log_in(world, code="123456").status_code)
    assert statuses == [201, 429]


def test_wrong_codes_in_a_session_that_was_left_open_shut_its_owner_out_nowhere_else(world: World) -> None:
    world.staff.answers["recovery_codes"] = wrong_code()
    token = world.log_in_as(ANN)

    def ask(number: int) -> int:
        address = {"REMOTE_ADDR": f"10.{number}.0.1"}
        sent = {"code": "000000"}
        return world.post("/v1/staff/two-step/recovery-codes", token=token, json=sent, environ=address).status_code

    assert [ask(number) for number in range(31)] == [401] * 30 + [429]
    world.staff.answers["log_in"] = FOUND
    assert log_in(world, code="123456").status_code == 201


def test_wrong_passwords_with_codes_shut_no_account_for_a_day(world: World) -> None:
    """Else a stranger without the password would spend its owner's tries."""
    world.staff.answers["log_in"] = refusing(WrongLogin)
    for number in range(60):
        log_in(world, f"10.{number}.0.1", code="000000")
    world.staff.answers["log_in"] = FOUND
    assert log_in(world, "198.51.100.7", code="123456").status_code == 201


@pytest.mark.parametrize("account", [ANN, Account(ADMIN, None)])
def test_where_a_clinic_requires_two_steps_nobody_acts_there_by_one(world: World, account: Account) -> None:
    """C4: the installation's administrator neither; and it holds at once."""
    token = world.log_in_as(account)
    world.booking.answers["find"] = {"bookings": [], "next": None}
    before = world.get(BOOKINGS, token=token).status_code
    world.require_two_step()

    refused = world.get(f"{BOOKINGS}?nonsense=1", token=token)

    assert before == 200
    assert (refused.status_code, refused.json["code"]) == (401, "code_required")
    assert world.get("/v1/staff/sessions", token=token).status_code == 200, "what is needed to set it up is their own"


@pytest.mark.parametrize("account", [ANN, Account(ADMIN, None)])
def test_where_a_clinic_requires_two_steps_who_took_them_acts(world: World, account: Account) -> None:
    world.require_two_step()
    world.booking.answers["find"] = {"bookings": [], "next": None}
    by_two = Account(account.email, account.places, account.id, account.revision, two_step=True)
    token = world.log_in_as(by_two)
    assert world.get(BOOKINGS, token=token).status_code == 200
    assert world.get("/v1/staff/sessions", token=token).json["two_step"] is True


def test_setting_up_shows_a_qr_code_and_ends_with_a_new_session_and_ten_codes(world: World) -> None:
    uri = "otpauth://totp/Frontdesk:ann%40solna.example?secret=JBSWY3DPEHPK3PXP&issuer=Frontdesk"
    world.staff.answers["begin_two_step"] = {"secret": "JBSWY3DPEHPK3PXP", "uri": uri}
    world.staff.answers["confirm_two_step"] = {**FOUND, "recovery_codes": ["7K3M9-QX2VT"] * 10}
    token = world.log_in_as(ANN)

    begun = world.post("/v1/staff/two-step", token=token, json={"password": LOGIN["password"]})
    confirmed = world.post("/v1/staff/two-step/confirm", token=token, json={"code": "123456"})

    assert begun.json["qr"].startswith("<svg")
    assert (begun.json["secret"], begun.json["uri"]) == ("JBSWY3DPEHPK3PXP", uri)
    assert len(confirmed.json["recovery_codes"]) == 10
    assert world.get("/v1/staff/sessions", token=token).status_code == 401
    assert world.get("/v1/staff/sessions", token=confirmed.json["token"]).json["two_step"] is True
    assert [(call.name, call.fields, call.actor.id) for call in world.staff.calls] == [
        ("begin_two_step", {"password": LOGIN["password"]}, "ann@solna.example"),
        ("confirm_two_step", {"code": "123456"}, "ann@solna.example"),
    ]


def test_ending_it_ends_the_other_sessions_of_the_installations_administrator_too(world: World) -> None:
    world.staff.answers["end_two_step"] = {**FOUND, "account": None, "email": ADMIN, "clinics": None, "two_step": False}
    mine, other = world.log_in(), world.log_in()

    ended = world.send("DELETE", "/v1/staff/two-step", token=mine, json={"code": "123456"})

    assert [world.get("/v1/staff/sessions", token=each).status_code for each in (mine, other)] == [401, 401]
    assert world.get("/v1/staff/sessions", token=ended.json["token"]).status_code == 200


def test_new_recovery_codes_are_shown_once_asked_for(world: World) -> None:
    world.staff.answers["recovery_codes"] = {"recovery_codes": ["7K3M9-QX2VT"] * 10}
    shown = world.post("/v1/staff/two-step/recovery-codes", token=world.log_in(), json={"code": "123456"})
    assert len(shown.json["recovery_codes"]) == 10


@pytest.mark.parametrize(
    ("method", "path"),
    [("POST", ""), ("POST", "/confirm"), ("DELETE", ""), ("POST", "/recovery-codes")],
)
def test_guessing_by_an_open_session_is_counted_as_guessing_at_the_door(world: World, method: str, path: str) -> None:
    for name in ("begin_two_step", "confirm_two_step", "end_two_step", "recovery_codes"):
        world.staff.answers[name] = refusing(WrongLogin)
    token = world.log_in()
    sent = {"password" if (method, path) == ("POST", "") else "code": "a guess"}
    statuses = [world.send(method, f"/v1/staff/two-step{path}", token=token, json=sent).status_code for _ in range(12)]
    assert statuses == [401] * 10 + [429] * 2
    assert world.post("/v1/staff/logins", json={"email": ADMIN, "password": PASSWORD}).status_code == 429
