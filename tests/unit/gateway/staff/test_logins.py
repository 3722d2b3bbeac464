"""Logging in as staff, and out again (C4)."""

import json
from dataclasses import replace
from datetime import timedelta

import pytest
import redis

from gateway.access.sessions import Account, Place, Session
from shared.contracts.errors import LoginRequired, Refusal, Timeout, Unavailable
from tests.builders.gateway.bookings import a_booking
from tests.builders.gateway.world import ADMIN, PASSWORD, World, refusing

CLINIC = "/v1/staff/clinics/solna"


def test_the_administrator_logs_in_and_acts_for_the_installation(world: World) -> None:
    response = world.post("/v1/staff/logins", json={"email": f" {ADMIN.upper()} ", "password": PASSWORD})
    world.booking.answers["find"] = {"bookings": [a_booking()], "next": None}

    listed = world.get(f"{CLINIC}/bookings?from=2026-12-01&status=booked", token=response.json["token"])

    assert response.status_code == 201
    assert {key: response.json[key] for key in ("role", "clinics")} == {"role": "administrator", "clinics": None}
    assert listed.json == {"bookings": [a_booking()], "next": None}
    call = world.booking.calls[0]
    assert (call.name, call.args, call.fields) == ("find", ("solna",), {"from": "2026-12-01", "status": "booked"})
    assert (call.actor.kind, call.actor.id, call.actor.role, call.actor.clinic) == (
        "staff", ADMIN, "administrator", None,
    )  # fmt: skip
    assert call.actor.source == "staff 203.0.113.7"


@pytest.mark.parametrize(
    "body",
    [
        {"email": ADMIN, "password": "wrong"},
        {"email": "else@example.com", "password": PASSWORD},
        {"email": ADMIN, "password": PASSWORD + "\n"},
    ],
)
def test_a_wrong_name_and_a_wrong_password_are_told_alike(world: World, body: dict[str, str]) -> None:
    response = world.post("/v1/staff/logins", json=body)

    assert (response.status_code, response.json["code"]) == (401, "wrong_login")
    assert response.json["detail"] == "Something you entered is wrong or no longer valid."


@pytest.mark.parametrize("body", [{}, {"email": ADMIN}, {"email": 1, "password": []}, {"email": "", "password": ""}])
def test_a_login_without_its_fields_is_invalid(world: World, body: dict[str, object]) -> None:
    response = world.post("/v1/staff/logins", json=body)

    assert (response.status_code, response.json["code"]) == (422, "invalid")
    assert "password" in response.json["errors"]


def test_whoever_works_at_clinics_logs_in_and_acts_at_each_as_what_they_are_there(world: World) -> None:
    """C1: one account, an administrator at one clinic and a therapist at another."""
    clinics = [
        {"clinic": "lund", "role": "administrator", "practitioner": None},
        {"clinic": "solna", "role": "therapist", "practitioner": "anna"},
    ]
    world.staff.answers["log_in"] = {
        "account": "a1",
        "email": "ann@example.com",
        "clinics": clinics,
        "revision": 3,
        "two_step": False,
    }
    world.booking.answers["find"] = {"bookings": [], "next": None}
    world.announce("a1", 3)

    login = world.post("/v1/staff/logins", json={"email": "ANN@example.com", "password": "something of hers"})
    statuses = [
        world.get(f"/v1/staff/clinics/{clinic}/bookings", token=login.json["token"]).status_code
        for clinic in ("solna", "lund", "visby")
    ]

    assert (login.json["role"], login.json["clinics"]) == ("administrator", clinics)
    asked = world.staff.calls[0]
    assert (asked.fields, asked.actor.kind) == (
        {"email": "ANN@example.com", "password": "something of hers"},
        "service",
    )
    assert statuses == [200, 200, 403]
    acted = [
        (call.actor.id, call.actor.clinic, call.actor.role, call.actor.practitioner) for call in world.booking.calls
    ]
    assert acted == [
        ("ann@example.com", "solna", "therapist", "anna"),
        ("ann@example.com", "lund", "administrator", None),
    ]


def test_sessions_of_an_account_end_as_soon_as_it_is_changed(world: World) -> None:
    """C4: staff announces the account's new revision before it answers whoever changed it."""
    account = Account("ann@solna.example", (Place("solna", "therapist", "anna"),), "a1", 1)
    token = world.log_in_as(account)
    assert world.get("/v1/staff/sessions", token=token).status_code == 200

    world.announce("a1", 2)

    assert world.get("/v1/staff/sessions", token=token).status_code == 401
    assert world.get("/v1/staff/sessions", token=world.log_in_as(replace(account, revision=2))).status_code == 200


def test_a_session_whose_account_s_revision_nobody_knows_is_over(world: World) -> None:
    """C4: what Redis has lost lets nobody in."""
    token = world.log_in_as(Account("ann@solna.example", (Place("solna", "therapist", "anna"),), "a1", 1))
    world.cache.delete("frontdesk:revision:account:a1")

    assert world.get("/v1/staff/sessions", token=token).status_code == 401


def test_a_session_of_the_installations_administrator_is_kept_as_version_0_1_0_reads_it(world: World) -> None:
    """Gateways of two neighbouring versions serve the same sessions during an upgrade."""
    token = world.log_in()
    [key] = world.cache.scan_iter("frontdesk:session:*")

    kept = json.loads(world.cache.get(key))["account"]

    assert kept == {"email": ADMIN, "role": "administrator", "clinics": None, "practitioner": None}
    assert world.get("/v1/staff/sessions", token=token).json["clinics"] is None


@pytest.mark.parametrize("trouble", [Unavailable, Timeout])
def test_a_try_at_which_nobody_could_look_shuts_nobody_out(world: World, trouble: type[Refusal]) -> None:
    """C4."""
    right = {"email": ADMIN, "password": PASSWORD}
    works, world.staff.answers["log_in"] = world.staff.answers["log_in"], refusing(trouble)
    assert {world.post("/v1/staff/logins", json=right).status_code for _ in range(15)} == {trouble.status}

    world.staff.answers["log_in"] = works

    assert world.post("/v1/staff/logins", json=right).status_code == 201


def test_after_ten_failures_the_account_is_shut_to_that_address_and_no_other(world: World) -> None:
    """C4."""
    wrong = {"email": ADMIN, "password": "wrong"}
    right = {"email": ADMIN, "password": PASSWORD}

    failed = [world.post("/v1/staff/logins", json=wrong).status_code for _ in range(10)]
    shut = world.post("/v1/staff/logins", json=right)
    elsewhere = world.post("/v1/staff/logins", json=right, environ={"REMOTE_ADDR": "198.51.100.4"})

    assert failed == [401] * 10
    assert (shut.status_code, shut.json["code"]) == (429, "rate_limited")
    assert 0 < int(shut.headers["Retry-After"]) <= 15 * 60
    assert elsewhere.status_code == 201


def test_one_password_is_not_tried_on_every_account_from_one_address(world: World) -> None:
    """C4."""
    tries = [{"email": f"person{number}@solna.example", "password": "Summer2026"} for number in range(60)]

    statuses = [world.post("/v1/staff/logins", json=each).status_code for each in tries]
    elsewhere = world.post(
        "/v1/staff/logins", json={"email": ADMIN, "password": PASSWORD}, environ={"REMOTE_ADDR": "198.51.100.4"}
    )

    assert statuses == [401] * 30 + [429] * 30
    assert elsewhere.status_code == 201


def test_logins_that_succeed_use_up_nothing_of_their_address(world: World) -> None:
    right = {"email": ADMIN, "password": PASSWORD}

    assert {world.post("/v1/staff/logins", json=right).status_code for _ in range(40)} == {201}


def test_staff_of_one_clinic_see_and_end_their_own_sessions(world: World) -> None:
    """C4: what belongs to no clinic is the account's own."""
    account = Account("ann@solna.example", (Place("solna", "therapist", "anna"),), "a1", 1)
    token = world.log_in_as(account)

    listed = world.get("/v1/staff/sessions", token=token)
    ended = world.send("DELETE", "/v1/staff/sessions", token=token)

    assert (listed.status_code, listed.json["email"]) == (200, account.email)
    assert ended.status_code == 204
    assert world.get("/v1/staff/sessions", token=token).status_code == 401


def test_a_session_ends_after_a_day_however_much_it_is_used(world: World) -> None:
    """C4."""
    token, began = world.log_in(), world.clock.moment
    for hours in (8, 16, 23):
        world.clock.moment = began + timedelta(hours=hours)
        assert world.get("/v1/staff/sessions", token=token).status_code == 200

    world.clock.moment = began + timedelta(hours=24)

    assert world.get("/v1/staff/sessions", token=token).status_code == 401


def test_a_session_that_is_ended_while_it_is_used_stays_ended(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """C4: a reader that had found it a moment before does not bring it back."""
    sessions, token = world.door.sessions, world.log_in()
    found = sessions.open(token)
    read = sessions._read

    def ended_meanwhile(key: str) -> Session | None:
        session = read(key)
        world.cache.delete(key)
        return session

    monkeypatch.setattr(sessions, "_read", ended_meanwhile)
    with pytest.raises(LoginRequired):
        sessions.open(token)
    monkeypatch.undo()

    assert found.account.email == ADMIN
    assert sessions.of_account(found.account) == []


def test_a_login_that_succeeds_forgives_the_failures_before_it(world: World) -> None:
    for _ in range(2):
        for _ in range(6):
            world.post("/v1/staff/logins", json={"email": ADMIN, "password": "wrong"})
        assert world.post("/v1/staff/logins", json={"email": ADMIN, "password": PASSWORD}).status_code == 201


def test_sessions_are_listed_and_ended_one_by_one_or_all(world: World) -> None:
    """C4."""
    first, second, third = (world.log_in() for _ in range(3))
    listed = world.get("/v1/staff/sessions", token=first).json
    others = [row["id"] for row in listed["sessions"] if not row["current"]]

    assert (listed["email"], len(listed["sessions"]), len(others)) == (ADMIN, 3, 2)
    assert world.send("DELETE", "/v1/staff/sessions", token=first).status_code == 204
    assert world.get("/v1/staff/sessions", token=first).status_code == 401
    assert world.get("/v1/staff/sessions", token=second).status_code == 200
    assert world.send("DELETE", "/v1/staff/sessions?session=all", token=third).status_code == 204
    assert world.get("/v1/staff/sessions", token=second).status_code == 401


def test_a_session_says_on_what_it_began_and_nothing_else_of_it_is_kept(world: World) -> None:
    """C4."""
    agent = "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:133.0) Gecko/20100101 Firefox/133.0"
    body = {"email": ADMIN, "password": PASSWORD}
    token = world.post("/v1/staff/logins", json=body, headers={"User-Agent": agent}).json["token"]

    [listed] = world.get("/v1/staff/sessions", token=token).json["sessions"]

    assert (listed["browser"], listed["system"]) == ("Firefox", "Windows")
    kept = [world.cache.get(key) for key in world.cache.scan_iter("frontdesk:session*", _type="string")]
    assert kept
    assert not any("133" in str(each) or "203.0.113.7" in str(each) for each in kept)


def test_sessions_that_opened_before_an_account_was_changed_are_listed_no_more(world: World) -> None:
    """C4: after a new password nobody shall read that a telephone that was lost is still logged in."""
    ann = Account("ann@example.com", (Place("solna", "therapist", "anna"),), "a1", 3)
    world.log_in_as(ann)
    mine = world.log_in_as(replace(ann, revision=4))

    [listed] = world.get("/v1/staff/sessions", token=mine).json["sessions"]

    assert listed["current"]


def test_one_session_can_end_another_of_its_account(world: World) -> None:
    lost, mine = world.log_in(), world.log_in()
    rows = world.get("/v1/staff/sessions", token=mine).json["sessions"]
    other = next(row["id"] for row in rows if not row["current"])

    world.send("DELETE", f"/v1/staff/sessions?session={other}", token=mine)

    assert world.get("/v1/staff/sessions", token=lost).status_code == 401
    assert world.get("/v1/staff/sessions", token=mine).status_code == 200


def test_a_session_lasts_twelve_hours_from_its_last_use(world: World) -> None:
    token = world.log_in()
    keys = list(world.cache.scan_iter("frontdesk:session:*"))
    world.cache.expire(keys[0], 60)

    world.get("/v1/staff/sessions", token=token)

    assert world.cache.ttl(keys[0]) > 60
    assert timedelta(seconds=world.cache.ttl(keys[0])) <= timedelta(hours=12)


def test_redis_holds_neither_token_nor_password(world: World) -> None:
    token = world.log_in()

    stored = json.dumps({key: str(world.cache.type(key)) for key in world.cache.scan_iter()})
    values = [world.cache.get(key) for key in world.cache.scan_iter("frontdesk:session:*")]

    assert token not in stored
    assert not any(token in str(value) or PASSWORD in str(value) for value in values)


def test_without_redis_nobody_logs_in_and_no_session_opens(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    def gone(*_: object, **__: object) -> None:
        raise redis.ConnectionError("gone")

    token = world.log_in()
    monkeypatch.setattr(world.cache, "execute_command", gone)

    login = world.post("/v1/staff/logins", json={"email": ADMIN, "password": PASSWORD})
    call = world.get("/v1/staff/sessions", token=token)

    assert (login.status_code, login.json["code"]) == (503, "unavailable")
    assert (call.status_code, call.json["code"]) == (503, "unavailable")
