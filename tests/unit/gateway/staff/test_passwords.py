"""Passwords that are changed, or chosen anew by a link (C4)."""

import pytest

from gateway.access.sessions import Account, Place
from shared.contracts.errors import Gone, Invalid, LoginRequired, Refusal, WrongLogin
from tests.builders.gateway.world import ADMIN, World, refusing

ANN = Account("ann@solna.example", (Place("solna", "therapist", "anna"),), "a1", 1)
CHANGE = {"old": "the old one of hers", "new": "the new one of hers"}
FOUND = {
    "account": "a1",
    "email": "ann@solna.example",
    "clinics": [{"clinic": "solna", "role": "therapist", "practitioner": "anna"}],
    "revision": 2,
    "two_step": False,
}


def test_whoever_changes_their_password_goes_on_with_a_new_session(world: World) -> None:
    token = world.log_in_as(ANN)

    def change(**_fields: str) -> dict[str, object]:
        world.announce("a1", 2)
        return FOUND

    world.staff.answers["change_password"] = change
    changed = world.send("PUT", "/v1/staff/password", token=token, json=CHANGE)

    assert (changed.status_code, changed.json["role"]) == (200, "therapist")
    assert world.get("/v1/staff/sessions", token=token).status_code == 401
    assert world.get("/v1/staff/sessions", token=changed.json["token"]).status_code == 200
    call = world.staff.calls[0]
    assert (call.fields, call.actor.kind, call.actor.id, call.actor.clinic) == (
        CHANGE, "staff", "ann@solna.example", "solna",
    )  # fmt: skip


@pytest.mark.parametrize(("refusal", "tries"), [(WrongLogin, 10), (Invalid, 20), (LoginRequired, 20)])
def test_wrong_old_passwords_are_counted_as_wrong_logins_are_and_other_mistakes_not(
    world: World, refusal: type[Refusal], tries: int
) -> None:
    """Who has found an open session does not find the password out by it."""
    token = world.log_in_as(ANN)
    world.staff.answers["change_password"] = refusing(refusal)

    statuses = [world.send("PUT", "/v1/staff/password", token=token, json=CHANGE).status_code for _ in range(20)]

    assert statuses == [refusal.status] * tries + [429] * (20 - tries)


def test_asking_for_a_new_password_is_answered_alike_whoever_is_asked_for(world: World) -> None:
    for email in (ADMIN, "nobody@solna.example"):
        asked = world.post("/v1/staff/password-resets", json={"email": email}, headers={"Accept-Language": "da"})
        assert (asked.status_code, asked.data) == (202, b"")
    call = world.staff.calls[1]
    assert (call.name, call.fields) == ("ask_reset", {"email": "nobody@solna.example", "language": "da"})
    assert call.actor.kind == "service"


def test_one_address_asks_for_ten_links_in_a_quarter_of_an_hour_and_shuts_nobody_else_out(world: World) -> None:
    def ask(address: str) -> int:
        sent = {"email": "ann@solna.example"}
        return world.post("/v1/staff/password-resets", json=sent, environ={"REMOTE_ADDR": address}).status_code

    assert [ask("203.0.113.7") for _ in range(12)] == [202] * 10 + [429] * 2
    assert ask("198.51.100.4") == 202
    assert [ask(f"203.0.113.{number}") for number in range(20, 60)].count(202) == 30, "of a network forty"


def test_a_password_is_chosen_by_a_link(world: World) -> None:
    world.staff.answers["reset"] = {"email": "ann@solna.example"}
    chosen = world.post("/v1/staff/password-resets/T0KEN", json={"password": "one of her own"})

    assert chosen.status_code == 204
    [call] = world.staff.calls
    assert (call.name, call.args, call.fields) == ("reset", ("T0KEN",), {"password": "one of her own"})


def test_a_link_that_is_over_is_gone(world: World) -> None:
    world.staff.answers["reset"] = refusing(Gone)
    chosen = world.post("/v1/staff/password-resets/T0KEN", json={"password": "one of her own"})
    assert (chosen.status_code, chosen.json["code"]) == (410, "gone")
