"""Recalls opened by number and code, and how often codes may be tried and sent (PRODUCT B14, M2; CONTRACTS 2)."""

from typing import Any

import pytest
from werkzeug.test import TestResponse

from gateway.access import guesses
from gateway.access.windows import Tier, Windows
from shared.contracts.errors import (
    Invalid,
    NeedExpired,
    NoOpenNeed,
    RateLimited,
    Refusal,
    Timeout,
    Unavailable,
    WrongLogin,
)
from tests.builders.gateway.clinics import open_clinic
from tests.builders.gateway.dead_redis import DeadRedis
from tests.builders.gateway.logins import CODES, LOGINS, MOBILE, PROVEN, ask, refused, sent_code
from tests.builders.gateway.world import World, refusing

NUMBER = "850412-1230"
SEARCH = {"type": "exam", "from": "2026-12-01", "to": "2026-12-02"}


def other(code: str) -> str:
    """Return a code that is wrong."""
    return f"{(int(code) + 1) % 1_000_000:06d}"


def open_by(world: World, code: Any = "7K3M-9QX2", address: str = "203.0.113.7", **who: Any) -> TestResponse:
    """Try a recall's code."""
    return world.post("/v1/recalls/open", json={**who, "code": code}, environ={"REMOTE_ADDR": address})


def test_a_recall_is_opened_with_a_number_or_a_birth_date(world: World) -> None:
    """PRODUCT M2."""
    world.booking.answers["open_recall"] = {"manage_token": "tok"}

    assert open_by(world, national_id=NUMBER).json == {"manage_token": "tok"}
    assert open_by(world, birth_date="1985-04-12", national_id=None).json == {"manage_token": "tok"}
    assert [call.fields for call in world.booking.calls] == [
        {"national_id": NUMBER, "code": "7K3M-9QX2"},
        {"birth_date": "1985-04-12", "code": "7K3M-9QX2"},
    ]
    assert (world.booking.calls[0].actor.kind, world.booking.calls[0].actor.clinic) == ("patient", None)


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({}, "code"),
        ({"code": "7K3M-9QX2"}, "national_id"),
        ({"code": "7K3M-9QX2", "national_id": " "}, "national_id"),
        ({"code": "7K3M-9QX2", "national_id": NUMBER, "birth_date": "1985-04-12"}, "national_id"),
        ({"code": "", "national_id": NUMBER}, "code"),
        ({"code": 12345678, "national_id": NUMBER}, "code"),
        ({"code": "7K3M-9QX2", "national_id": 8504121230}, "national_id"),
        ({"code": "7K3M-9QX2", "birth_date": {"year": 1985}}, "birth_date"),
    ],
)
def test_a_recall_wants_the_code_and_one_of_number_and_birth_date(world: World, body: Any, field: str) -> None:
    """With both, wrong codes could be tried out on either."""
    assert list(refused(world.post("/v1/recalls/open", json=body), 422, "invalid").json["errors"]) == [field]
    assert world.booking.calls == []


def test_five_wrong_codes_shut_a_number_however_it_is_written_and_a_right_one_forgives(world: World) -> None:
    """PRODUCT M2: wrong tries are limited."""
    written = ["850412-1230", "198504121230", "8504121230", "19850412-1230", "۸۵۰۴۱۲۱۲۳۰"]
    world.booking.answers["open_recall"] = refusing(WrongLogin)
    for each in written[:4]:
        refused(open_by(world, national_id=each), 401, "wrong_login")
    world.booking.answers["open_recall"] = {"manage_token": "tok"}
    assert open_by(world, national_id=NUMBER).status_code == 200

    world.booking.answers["open_recall"] = refusing(WrongLogin)
    for each in written:
        refused(open_by(world, national_id=each), 401, "wrong_login")
    tried = len(world.booking.calls)
    world.booking.answers["open_recall"] = {"manage_token": "tok"}
    shut = refused(open_by(world, national_id=NUMBER, address="203.0.113.99"), 429, "rate_limited")
    assert 0 < int(shut.headers["Retry-After"]) <= 900
    assert len(world.booking.calls) == tried, "the right code opens nothing either"
    assert open_by(world, national_id=NUMBER, address="198.51.100.4").status_code == 200, "from another network"
    assert open_by(world, birth_date="1985-04-12").status_code == 200


def test_twenty_wrong_recall_codes_shut_an_address_and_its_household_and_no_logins(clinic: World) -> None:
    clinic.booking.answers["open_recall"] = refusing(WrongLogin)
    for number in range(20):
        refused(open_by(clinic, national_id=str(number), address=f"2001:db8:1:2::{number}"), 401, "wrong_login")

    refused(open_by(clinic, national_id="99", address="2001:db8:1:2::ffff"), 429, "rate_limited")
    refused(open_by(clinic, national_id="99", address="2001:db8:1:3::1"), 401, "wrong_login")
    ask(clinic)
    assert guess(clinic, MOBILE, "2001:db8:1:2::ffff", sent_code(clinic)).status_code == 201


def test_twenty_wrong_login_codes_shut_an_address_out_of_that_clinic_alone(clinic: World) -> None:
    """Thousands of a mobile carrier's customers may share it: they log in elsewhere, and open their recalls."""
    carrier = "198.51.100.4"
    answers = [guess(clinic, f"+4670174{number:04d}", carrier).status_code for number in range(22)]
    assert answers == [401] * 20 + [429] * 2

    assert guess(clinic, MOBILE, carrier, clinic="lund").status_code == 401
    clinic.booking.answers["open_recall"] = {"manage_token": "tok"}
    assert open_by(clinic, national_id=NUMBER, address=carrier).status_code == 200


@pytest.mark.parametrize(
    ("address", "most"),
    [("198.51.100.4", 20), ("2001:db8:1:{:x}::1", 30), ("2001:db8:1:{:x}00::1", 60), ("198.51.100.{}", 60)],
)
def test_at_all_clinics_together_five_times_as_many_login_codes_are_looked_at(
    clinic: World, address: str, most: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Guessing does not get easier with the number of clinics."""
    assert (guesses.OF_ADDRESS, guesses.OF_SITE, guesses.OF_NETWORK) == (20, 30, 60)
    for bound, fifth in (("OF_ADDRESS", 4), ("OF_SITE", 6), ("OF_NETWORK", 12)):
        monkeypatch.setattr(guesses, bound, fifth)  # as five times as many would
    tried = [
        looked_at(clinic, f"number {number}", address.format(number), f"c{number % 20}") for number in range(most + 5)
    ]
    assert tried == [True] * most + [False] * 5


def looked_at(world: World, mobile: str, address: str, clinic: str) -> bool:
    """Tell whether a wrong login code was looked at."""
    try:
        with world.door.guesses.of_login(mobile, address, clinic):
            raise WrongLogin.because("No.")
    except RateLimited:
        return False
    except WrongLogin:
        return True


@pytest.mark.parametrize("address", ["198.51.100.4", "2001:db8:1:2::1"])
def test_wrong_codes_shut_an_address_for_a_quarter_of_an_hour_and_never_for_a_day(clinic: World, address: str) -> None:
    """A stranger behind a carrier's address spent its day's codes, and everybody's there, in two quarters."""
    clinic.booking.answers["open_recall"] = refusing(WrongLogin)
    for quarter in range(3):
        for number in range(25):
            guess(clinic, f"+4670174{quarter:02d}{number:02d}", address)
            open_by(clinic, national_id=f"{quarter}{number}", address=address)
        end_quarters(clinic)

    clinic.booking.answers["open_recall"] = {"manage_token": "tok"}
    assert open_by(clinic, national_id=NUMBER, address=address).status_code == 200
    assert clinic.post(CODES, json={"mobile": MOBILE}, environ={"REMOTE_ADDR": address}).status_code == 202
    assert len(sent_code(clinic)) == 9
    assert guess(clinic, MOBILE, address, sent_code(clinic)).status_code == 201


def test_wrong_recall_codes_of_many_shut_nobody_else_out(world: World) -> None:
    """The wrong codes of strangers close recalls neither for all clinics nor for one holder."""
    for number in range(400):
        guess_recall(world, str(number), f"10.{number % 200}.{number // 200}.7")
    world.booking.answers["open_recall"] = refusing(WrongLogin)
    for stranger in range(40):
        open_by(world, national_id=NUMBER, address=f"172.16.{stranger}.7")

    world.booking.answers["open_recall"] = {"manage_token": "tok"}
    assert open_by(world, national_id=NUMBER).status_code == 200


def guess_recall(world: World, holder: str, address: str) -> None:
    """Try a wrong recall code, past the pages: the counting is all that many of them are about."""
    with pytest.raises(WrongLogin), world.door.guesses.of_recall(holder, address):
        raise WrongLogin.because("No.")


def guess(world: World, mobile: str, address: str, code: str = "123456", clinic: str = "solna") -> TestResponse:
    """Try a login code."""
    path = f"/v1/clinics/{clinic}/logins"
    return world.post(path, json={"mobile": mobile, "code": code}, environ={"REMOTE_ADDR": address})


def end_quarters(world: World) -> None:
    """Let the windows of a quarter of an hour run out, and those of a day go on."""
    for key in world.cache.scan_iter("frontdesk:limit:*"):
        if world.cache.ttl(key) <= 900:
            world.cache.delete(key)


def test_a_stranger_s_wrong_codes_shut_no_patient_out(clinic: World) -> None:
    """Nor void the code that the patient has in hand."""
    ask(clinic)
    code = sent_code(clinic)
    tries = [guess(clinic, MOBILE, "198.51.100.4", other(code)).status_code for _ in range(12)]
    assert tries == [401] * 5 + [429] * 7

    assert guess(clinic, MOBILE, "203.0.113.7", code).status_code == 201


@pytest.mark.parametrize(
    ("mobile", "address", "wrong"),
    [
        (MOBILE, "10.{}.0.1", 10),
        ("+4670174{:04d}", "198.51.100.{}", 20),
        ("+4670174{:04d}", "10.{}.0.1", 30),
    ],
    ids=["number", "network", "clinic"],
)
def test_where_many_guess_login_codes_are_long_and_nobody_is_shut_out(
    clinic: World, mobile: str, address: str, wrong: int
) -> None:
    """ADR 17: short codes that are out already are good no longer."""
    ask(clinic)
    short = sent_code(clinic)
    for number in range(wrong):
        refused(guess(clinic, mobile.format(number), address.format(number), other(short)), 401, "wrong_login")
    at = address.format(200)

    refused(guess(clinic, MOBILE, at, short), 401, "wrong_login")
    asked = clinic.post(CODES, json={"mobile": MOBILE}, environ={"REMOTE_ADDR": at})
    assert asked.status_code == 202
    long = sent_code(clinic)
    assert (len(short), len(long)) == (6, 9)
    assert guess(clinic, MOBILE, at, f"{long[:3]} {long[3:6]} {long[6:]}").status_code == 201


def test_where_thousands_are_guessed_login_codes_are_longest_and_nobody_is_shut_out(
    clinic: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """ADR 17."""
    assert guesses.VERY_WARY == 20_000
    monkeypatch.setattr(guesses, "VERY_WARY", 40)
    for number in range(40):
        guess(clinic, f"+4670174{number:04d}", f"10.{number}.0.1", clinic=f"c{number}")
    ask(clinic)
    assert len(sent_code(clinic)) == 12
    refused(guess(clinic, MOBILE, "203.0.113.7", sent_code(clinic)[:9]), 401, "wrong_login")
    assert guess(clinic, MOBILE, "203.0.113.7", sent_code(clinic)).status_code == 201


def test_up_to_that_login_codes_are_short(clinic: World) -> None:
    for number in range(9):
        guess(clinic, MOBILE, f"10.{number}.0.1")
    ask(clinic)
    assert len(sent_code(clinic)) == 6
    assert guess(clinic, MOBILE, "203.0.113.7", sent_code(clinic)).status_code == 201


@pytest.mark.parametrize(
    ("address", "looked_at"), [("2001:db8:1:{:x}::1", 30), ("2001:db8:1:{:x}00::1", 60), ("198.51.100.{}", 60)]
)
def test_a_site_or_a_network_has_its_own_tries_however_many_addresses_it_has(
    world: World, address: str, looked_at: int
) -> None:
    world.booking.answers["open_recall"] = refusing(WrongLogin)
    answers = [
        open_by(world, national_id=str(number), address=address.format(number)).status_code for number in range(70)
    ]
    assert answers == [401] * looked_at + [429] * (70 - looked_at)


def test_an_address_that_is_shut_out_spends_nobody_elses_tries(world: World) -> None:
    """Else one address could shut a whole clinic."""
    open_clinic(world)
    tried = [looked_at(world, f"+46701740{number:03d}", "203.0.113.7", "solna") for number in range(400)]
    assert tried == [True] * 20 + [False] * 380
    ask(world)

    answer = world.post(
        LOGINS, json={"mobile": PROVEN, "code": sent_code(world)}, environ={"REMOTE_ADDR": "198.51.100.4"}
    )

    assert answer.status_code == 201


def test_right_codes_and_mistyped_fields_spend_no_tries(clinic: World) -> None:
    """CONTRACTS 2: limits count failures."""
    clinic.booking.answers["open_recall"] = {"manage_token": "tok"}
    for _ in range(30):
        assert open_by(clinic, national_id=NUMBER).status_code == 200
        refused(clinic.post(LOGINS, json={"mobile": MOBILE}), 422, "invalid")
    clinic.booking.answers["open_recall"] = refusing(Invalid, errors={"birth_date": ["No date."]})
    for _ in range(30):
        refused(open_by(clinic, birth_date="x"), 422, "invalid")


def test_a_birth_date_is_counted_in_whatever_form_it_is_written(world: World) -> None:
    world.booking.answers["open_recall"] = refusing(WrongLogin)
    for written in ("1985-04-12", "19850412", "1985-W15-5", "1985W155", "1985-04-12"):
        refused(open_by(world, birth_date=written), 401, "wrong_login")

    refused(open_by(world, birth_date="1985-04-12"), 429, "rate_limited")


@pytest.mark.parametrize("refusal", [NeedExpired, NoOpenNeed])
def test_a_right_code_for_what_is_over_spends_no_try(world: World, refusal: type[Refusal]) -> None:
    world.booking.answers["open_recall"] = refusing(refusal, phone="+46 8 1")
    for _ in range(30):
        assert "+46 8 1" in refused(open_by(world, national_id=NUMBER), 422, refusal.code).json["detail"]


def test_wrong_login_codes_shut_a_mobile_however_it_is_written(clinic: World) -> None:
    ask(clinic)
    code = sent_code(clinic)
    for mobile in (MOBILE, PROVEN, "0701740605", "0046701740605", "070 174 06 05"):
        refused(clinic.post(LOGINS, json={"mobile": mobile, "code": other(code)}), 401, "wrong_login")

    refused(clinic.post(LOGINS, json={"mobile": MOBILE, "code": code}), 429, "rate_limited")


def test_three_codes_go_to_a_mobile_and_twenty_from_an_address_in_a_quarter_of_an_hour(clinic: World) -> None:
    assert [ask(clinic, each).status_code for each in (MOBILE, PROVEN, MOBILE)] == [202] * 3
    shut = refused(ask(clinic), 429, "rate_limited")
    assert 0 < int(shut.headers["Retry-After"]) <= 900
    elsewhere = clinic.post(CODES, json={"mobile": MOBILE}, environ={"REMOTE_ADDR": "198.51.100.4"})
    refused(elsewhere, 429, "rate_limited")

    for number in range(16):
        assert ask(clinic, f"+46701740{600 - number}").status_code == 202
    refused(ask(clinic, "+46701740699"), 429, "rate_limited")
    assert len(clinic.notification.calls) == 19


def send(world: World, number: int, address: str, clinic: str) -> bool:
    """Ask for a login code to one of many mobiles; tell whether it was sent."""
    try:
        with world.door.guesses.sending(f"+4670174{number:04d}", address.format(number % 250), clinic):
            return True
    except RateLimited:
        return False


@pytest.mark.parametrize("address", ["2001:db8:1:{:x}::1", "198.51.100.{}"])
def test_a_network_has_codes_sent_to_a_hundred_mobiles_in_a_quarter_of_an_hour(clinic: World, address: str) -> None:
    """Nobody who has thousands of addresses lets us send SMS to thousands of numbers that pay."""
    assert [send(clinic, number, address, "solna") for number in range(102)] == [True] * 100 + [False] * 2
    assert send(clinic, 102, "203.0.113.7", "solna")
    assert send(clinic, 103, address, "lund"), "patients of other clinics share a carrier's network"


@pytest.mark.parametrize(("address", "most"), [("198.51.100.{}", 80), ("198.51.100.4", 16)])
def test_at_all_clinics_together_four_times_as_many_codes_are_sent(
    clinic: World, address: str, most: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert (Tier(100, 500), 20) == (guesses.SENDINGS_OF_NETWORK, guesses.SENDINGS_PER_ADDRESS)
    monkeypatch.setattr(guesses, "SENDINGS_OF_NETWORK", Tier(20, 100))  # as five times as many would
    monkeypatch.setattr(guesses, "SENDINGS_PER_ADDRESS", 4)
    sent = [send(clinic, number, address, f"c{number % 25}") for number in range(most + 5)]
    assert sent == [True] * most + [False] * 5


def test_a_network_has_five_hundred_codes_of_a_clinic_sent_in_a_day_and_two_thousand_of_all(
    clinic: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert (guesses.SENDINGS_OF_NETWORK.quarter, guesses.SENDINGS_OF_NETWORK.day) == (100, 500)
    monkeypatch.setattr(guesses, "SENDINGS_OF_NETWORK", Tier(5, 25))  # as twenty times as many would
    of_one = of_all = 0
    for quarter in range(7):
        of_one += sum(send(clinic, number, "198.51.100.{}", "solna") for number in range(6))
        of_all += sum(send(clinic, number, "192.0.2.{}", f"c{number % 25}-{quarter}") for number in range(21))
        end_quarters(clinic)
    assert (of_one, of_all) == (25, 100)


def test_who_no_code_could_be_sent_to_may_ask_again(clinic: World) -> None:
    clinic.notification.answers["send_code"] = refusing(Unavailable)
    for _ in range(5):
        refused(ask(clinic), 503, "unavailable")
    clinic.notification.answers["send_code"] = refusing(Timeout)  # it may have been sent
    for _ in range(3):
        refused(ask(clinic), 504, "timeout")
    refused(ask(clinic), 429, "rate_limited")


def test_without_redis_nobody_logs_in_or_opens_a_recall_and_who_has_no_token_still_searches(clinic: World) -> None:
    clinic.door.guesses._windows = Windows(DeadRedis())
    clinic.door.codes._cache = clinic.door.patients._cache = DeadRedis()
    clinic.booking.answers["open_recall"] = {"manage_token": "tok"}

    refused(ask(clinic), 503, "unavailable")
    refused(clinic.post(LOGINS, json={"mobile": MOBILE, "code": "123456"}), 503, "unavailable")
    refused(open_by(clinic, national_id=NUMBER), 503, "unavailable")
    refused(clinic.get("/v1/clinics/solna/my/bookings", token="x" * 43), 503, "unavailable")
    assert clinic.notification.calls == clinic.booking.calls == []
    assert clinic.get("/v1/clinics/solna/slots", query_string=SEARCH).status_code == 200
