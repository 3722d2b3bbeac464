"""Logging in as a patient, and what is passed on for whoever has (PRODUCT B9, B14, M2, M7)."""

import re
from typing import Any

import pytest
from werkzeug.test import TestResponse

from shared.contracts.errors import (
    Invalid,
    LoginRequired,
    NeedExpired,
    NoOpenNeed,
    Refusal,
    Timeout,
    Unavailable,
    WrongLogin,
)
from shared.links import need_token
from shared.sealed import Sealer
from tests.unit.gateway.clinics import DOCUMENT, open_clinic
from tests.unit.gateway.test_limits import DeadRedis
from tests.unit.gateway.world import World, a_booking, refusing

MOBILE = "+46701740605"
TYPED = "070-174 06 05"
NUMBER, CANONICAL = "850412-1230", "198504121230"
CODES, LOGINS = "/v1/clinics/solna/login-codes", "/v1/clinics/solna/logins"
START = "2026-12-01T14:00:00+01:00"
SEARCH = {"type": "exam", "from": "2026-12-01", "to": "2026-12-02"}
NEED = "a" * 32
CONTROLLED = [{**DOCUMENT["types"][0], "needs": {"controlled": True}}, DOCUMENT["types"][1]]


@pytest.fixture
def clinic(world: World) -> World:
    """Return a world with one open clinic in Sweden."""
    open_clinic(world)
    return world


def ask(world: World, mobile: Any = TYPED, **fields: Any) -> TestResponse:
    """Ask for a code."""
    return world.post(CODES, json={"mobile": mobile, **fields})


def sent_code(world: World) -> str:
    """Return the code that went out last."""
    return str(world.notification.calls[-1].args[2])


def other(code: str) -> str:
    """Return a code that is wrong."""
    return f"{(int(code) + 1) % 1_000_000:06d}"


def logged_in(world: World, **fields: Any) -> str:
    """Return the token of a patient who has just logged in."""
    assert ask(world, **fields).status_code == 202
    answer = world.post(LOGINS, json={"mobile": TYPED, **fields, "code": sent_code(world)})
    assert answer.status_code == 201, answer.text
    return str(answer.json["token"])


def refused(response: TestResponse, status: int, code: str) -> TestResponse:
    """Check why a call was refused."""
    assert (response.status_code, response.json["code"]) == (status, code), response.text
    return response


def test_a_code_goes_to_the_mobile_as_it_was_meant_in_the_gateways_own_name(clinic: World) -> None:
    answer = ask(clinic)

    assert (answer.status_code, answer.data) == (202, b"")
    call = clinic.notification.calls[0]
    assert (call.name, call.args[:2]) == ("send_code", ("solna", MOBILE))
    assert re.fullmatch("[0-9]{6}", call.args[2])
    assert (call.actor.kind, call.actor.id) == ("service", "gateway")


@pytest.mark.parametrize(
    ("query", "header", "language"),
    [("", None, "en"), ("", "sv-SE", "sv"), ("", "fr", "en"), ("?lang=fa", "sv", "fa")],
)
def test_a_code_is_sent_in_the_readers_language_else_in_the_clinics_first(
    clinic: World, query: str, header: str | None, language: str
) -> None:
    headers = {"Accept-Language": header} if header else {}
    clinic.post(f"{CODES}{query}", json={"mobile": TYPED}, headers=headers)

    assert clinic.notification.calls[0].args[3] == language


def test_the_right_code_opens_a_session_of_thirty_minutes_once(clinic: World) -> None:
    ask(clinic)
    body = {"mobile": MOBILE, "code": sent_code(clinic)}

    first, second = clinic.post(LOGINS, json=body), clinic.post(LOGINS, json=body)

    assert first.status_code == 201
    assert first.json["expires"] == "2026-11-23T10:30:00+01:00"
    refused(second, 401, "wrong_login")
    assert "password" not in second.json["detail"], "patients have none"
    assert first.headers["Cache-Control"] == "no-store"


@pytest.mark.parametrize("written", ["{0}", " {0} ", "{1} {2}", "{1}-{2}", "\u200e{0}\u200f", "{3}"])
def test_a_code_may_be_typed_with_gaps_and_in_the_readers_digits(clinic: World, written: str) -> None:
    ask(clinic)
    code = sent_code(clinic)
    persian = code.translate(str.maketrans("0123456789", "۰۱۲۳۴۵۶۷۸۹"))

    assert (
        clinic.post(
            LOGINS, json={"mobile": TYPED, "code": written.format(code, code[:3], code[3:], persian)}
        ).status_code
        == 201
    )


@pytest.mark.parametrize("code", ["", "12345", "1234567", "abcdef", "0" * 10_000, "²³¹²³¹"])
def test_what_is_no_code_is_a_wrong_one_or_missing_and_never_a_fault(clinic: World, code: str) -> None:
    ask(clinic)

    answer = clinic.post(LOGINS, json={"mobile": TYPED, "code": code})

    refused(answer, *((401, "wrong_login") if code else (422, "invalid")))


@pytest.mark.parametrize("mobile", [None, "", "  ", 701740605, ["x"], {"a": 1}, True, "12", "07017", "x" * 5000])
def test_a_mobile_that_is_none_is_named_and_nothing_is_sent(clinic: World, mobile: Any) -> None:
    for answer in (ask(clinic, mobile), clinic.post(LOGINS, json={"mobile": mobile, "code": "123456"})):
        assert list(refused(answer, 422, "invalid").json["errors"]) == ["mobile"]
    assert clinic.notification.calls == []


def test_a_national_number_is_checked_by_the_clinics_scheme_after_the_fields(clinic: World) -> None:
    wrong = refused(ask(clinic, national_id="850412-1239"), 422, "invalid_national_id")

    assert list(wrong.json["errors"]) == ["national_id"]
    refused(ask(clinic, "1", national_id="850412-1239"), 422, "invalid")
    assert clinic.notification.calls == []


def test_a_login_with_a_number_proves_it_in_its_one_form(clinic: World) -> None:
    proven = login_of(clinic, logged_in(clinic, national_id=NUMBER))

    assert proven == {"mobile": MOBILE, "identity": {"scheme": "se.personnummer", "number": CANONICAL}}


def test_a_clinic_without_numbers_gets_none(world: World) -> None:
    open_clinic(world, identity="none", two_step={"patients": True})

    assert login_of(world, logged_in(world, national_id="whatever"))["identity"] is None
    assert login_of(world, logged_in(world))["identity"] is None


def test_a_login_in_two_steps_wants_the_number_both_times(world: World) -> None:
    """PRODUCT B14: two-step login can be switched on."""
    open_clinic(world, two_step={"patients": True})

    for answer in (ask(world), world.post(LOGINS, json={"mobile": TYPED, "code": "123456"})):
        assert list(refused(answer, 422, "invalid").json["errors"]) == ["national_id"]
    assert login_of(world, logged_in(world, national_id=NUMBER))["identity"]["number"] == CANONICAL


def test_a_clinic_that_is_off_the_web_says_which_number_to_call_before_it_looks_at_anything(world: World) -> None:
    """PRODUCT B1: `active: false` stops everything on the web; new bookings alone may be off."""
    open_clinic(world, booking={"active": False})
    for url in (CODES, LOGINS):
        assert "+46 8 123 45 67" in refused(world.post(url, json={}), 422, "booking_off").json["detail"]

    open_clinic(world, booking={"new": False})
    logged_in(world)


def login_of(world: World, token: str) -> dict[str, Any]:
    """Return what the calls of a session's bearer prove."""
    world.booking.answers["my_bookings"] = {"bookings": [], "next": None}
    assert world.get("/v1/clinics/solna/my/bookings", token=token).status_code == 200
    actor = world.booking.calls[-1].actor
    assert (actor.kind, actor.id, actor.role, actor.clinic, actor.need) == ("patient", None, None, "solna", None)
    found: dict[str, Any] = Sealer(world.settings.event_keys).open(str(actor.login))
    return found


def test_ones_own_bookings_show_of_the_patient_only_the_names(clinic: World) -> None:
    """PRODUCT M7."""
    may = {"rebook": {"allowed": True, "until": None, "reason": None}}
    row = {**a_booking(), "may": may, "manage_token": "tok"}
    clinic.booking.answers["my_bookings"] = {"bookings": [row], "next": "c2"}
    token = logged_in(clinic)

    answer = clinic.get("/v1/clinics/solna/my/bookings?limit=1&cursor=c1", token=token)

    assert answer.json == {"bookings": [{**row, "patient": {"first_name": "Maja", "last_name": "Ek"}}], "next": "c2"}
    assert clinic.booking.calls[-1].fields == {"limit": 1, "cursor": "c1"}
    assert answer.headers["Cache-Control"] == "no-store"


def test_ones_own_needs_are_listed_for_a_login_and_for_a_recalls_token(clinic: World) -> None:
    """PRODUCT B9."""
    clinic.patient.answers["needs"] = {"needs": [], "next": None}
    by_login = clinic.get("/v1/clinics/solna/my/needs", token=logged_in(clinic))
    by_recall = clinic.get("/v1/clinics/solna/my/needs", token=need_token(clinic.settings.link_key, NEED))

    assert by_login.json == by_recall.json == {"needs": [], "next": None}
    assert by_login.headers["Cache-Control"] == "no-store"
    first, second = (call.actor for call in clinic.patient.calls)
    assert (first.need, second.need) == (None, NEED)
    assert (second.login, second.clinic) == (None, "solna")


@pytest.mark.parametrize("path", ["my/bookings", "my/needs", "my/bookings?limit=nonsense&x=1"])
def test_what_is_ones_own_wants_a_login_before_anything_else_is_looked_at(clinic: World, path: str) -> None:
    for token in (None, "unknown", clinic.log_in()):
        answer = refused(clinic.get(f"/v1/clinics/solna/{path}", token=token), 401, "login_required")
        assert answer.headers["WWW-Authenticate"] == "Bearer"
    assert clinic.booking.calls == clinic.patient.calls == []


def test_a_login_ends_when_the_patient_says_so(clinic: World) -> None:
    token = logged_in(clinic)

    assert clinic.send("DELETE", LOGINS, token=token).status_code == 204
    refused(clinic.get("/v1/clinics/solna/my/bookings", token=token), 401, "login_required")
    refused(clinic.send("DELETE", LOGINS, token=token), 401, "login_required")


def test_a_login_at_one_clinic_is_nobody_at_another(clinic: World) -> None:
    token = logged_in(clinic)

    refused(clinic.get("/v1/clinics/lund/my/bookings", token=token), 401, "login_required")
    clinic.booking.answers["hold"] = {}
    clinic.post("/v1/clinics/lund/holds", json={"type": "exam", "start": START}, token=token)
    actor = clinic.booking.calls[-1].actor
    assert (actor.clinic, actor.login) == (None, None)


def test_holds_and_bookings_are_made_by_whoever_has_logged_in_and_name_the_need(clinic: World) -> None:
    """PRODUCT B9, B14: the services decide by what was proven."""
    token = logged_in(clinic)
    body = {"type": "exam", "start": START, "need": NEED}

    clinic.post("/v1/clinics/solna/holds", json=body, token=token)
    clinic.post("/v1/clinics/solna/bookings", json={**body, "patient": {}}, token=token)

    for call in clinic.booking.calls:
        assert call.fields["need"] == NEED
        assert (call.actor.clinic, call.actor.login is None) == ("solna", False)


@pytest.mark.parametrize("kind", ["days", "slots"])
def test_searches_for_a_need_are_bookings_to_answer_and_nobodys_to_keep(world: World, kind: str) -> None:
    """PRODUCT B9: minutes and practitioner come from the need, so that everybody's answer is another."""
    open_clinic(world, types=CONTROLLED)
    world.booking.answers[f"{kind}_for_need"] = {kind: []}
    url, token = f"/v1/clinics/solna/{kind}", need_token(world.settings.link_key, NEED)

    answer = world.get(url, query_string={**SEARCH, "need": NEED}, token=token)

    assert (answer.json, answer.headers["Cache-Control"]) == ({kind: []}, "no-store")
    assert world.booking.calls[-1].fields == {**SEARCH, "need": NEED}
    assert world.booking.calls[-1].actor.need == NEED
    assert world.availability.calls == []


@pytest.mark.parametrize("kind", ["days", "slots"])
def test_searches_that_depend_on_no_need_are_everybodys(world: World, kind: str) -> None:
    open_clinic(world, types=CONTROLLED)
    token = need_token(world.settings.link_key, NEED)
    other_type = {**SEARCH, "type": "acute"}

    world.get(f"/v1/clinics/solna/{kind}", query_string=SEARCH)
    world.get(f"/v1/clinics/solna/{kind}", query_string=other_type, token=token)

    assert [call.fields for call in world.availability.calls] == [SEARCH, other_type]
    assert world.booking.calls == []


@pytest.mark.parametrize("kind", ["days", "slots"])
def test_a_search_that_names_a_need_is_bookings_to_judge_whatever_the_type(world: World, kind: str) -> None:
    open_clinic(world)
    world.booking.answers[f"{kind}_for_need"] = refusing(LoginRequired)

    answer = world.get(f"/v1/clinics/solna/{kind}", query_string={**SEARCH, "need": NEED})

    refused(answer, 401, "login_required")
    assert world.booking.calls[-1].fields == {**SEARCH, "need": NEED}


def test_a_refused_need_says_which_number_to_call(world: World) -> None:
    open_clinic(world, types=CONTROLLED)
    token = need_token(world.settings.link_key, NEED)
    for refusal, code in ((NoOpenNeed, "no_open_need"), (NeedExpired, "need_expired")):
        world.booking.answers["slots_for_need"] = refusing(refusal, phone="+46 8 1")
        answer = world.get("/v1/clinics/solna/slots", query_string=SEARCH, token=token)
        assert "+46 8 1" in refused(answer, 422, code).json["detail"]


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
    shut = refused(open_by(world, national_id=NUMBER, address="198.51.100.4"), 429, "rate_limited")
    assert 0 < int(shut.headers["Retry-After"]) <= 900
    assert len(world.booking.calls) == tried, "the right code opens nothing either"
    assert open_by(world, birth_date="1985-04-12").status_code == 200


def test_twenty_wrong_codes_shut_an_address_and_its_household_for_recalls_and_logins_together(world: World) -> None:
    open_clinic(world)
    world.booking.answers["open_recall"] = refusing(WrongLogin)
    for number in range(10):
        refused(open_by(world, national_id=str(number), address=f"2001:db8:1:2::{number}"), 401, "wrong_login")
    home = {"REMOTE_ADDR": "2001:db8:1:2::ffff"}
    for number in range(10):
        body = {"mobile": f"+46701740{600 + number}", "code": "123456"}
        refused(world.post(LOGINS, json=body, environ=home), 401, "wrong_login")

    refused(open_by(world, national_id="99", address="2001:db8:1:2::1"), 429, "rate_limited")
    refused(world.post(LOGINS, json={"mobile": TYPED, "code": "123456"}, environ=home), 429, "rate_limited")
    refused(open_by(world, national_id="99", address="2001:db8:1:3::1"), 401, "wrong_login")


@pytest.mark.parametrize("place", ["clinic", "recalls"])
def test_three_hundred_wrong_codes_shut_a_clinic_or_all_recalls(world: World, place: str) -> None:
    open_clinic(world)
    world.booking.answers["open_recall"] = refusing(WrongLogin)

    def guess(number: int) -> TestResponse:
        address = f"10.0.{number % 250}.{number // 250}"
        if place == "recalls":
            return open_by(world, national_id=str(number), address=address)
        body = {"mobile": f"+46701740{number:03d}", "code": "123456"}
        return world.post(LOGINS, json=body, environ={"REMOTE_ADDR": address})

    assert {guess(number).status_code for number in range(300)} == {401}
    refused(guess(300), 429, "rate_limited")


def test_an_address_that_is_shut_out_spends_nobody_elses_tries(world: World) -> None:
    """Else one address could shut a whole clinic."""
    open_clinic(world)
    for number in range(400):
        world.post(LOGINS, json={"mobile": f"+46701740{number:03d}", "code": "123456"})
    ask(world)

    answer = world.post(
        LOGINS, json={"mobile": MOBILE, "code": sent_code(world)}, environ={"REMOTE_ADDR": "198.51.100.4"}
    )

    assert answer.status_code == 201


def test_right_codes_and_mistyped_fields_spend_no_tries(clinic: World) -> None:
    """CONTRACTS 2: limits count failures."""
    clinic.booking.answers["open_recall"] = {"manage_token": "tok"}
    for _ in range(30):
        assert open_by(clinic, national_id=NUMBER).status_code == 200
        refused(clinic.post(LOGINS, json={"mobile": TYPED}), 422, "invalid")
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
    for mobile in (TYPED, MOBILE, "0701740605", "0046701740605", "070 174 06 05"):
        refused(clinic.post(LOGINS, json={"mobile": mobile, "code": other(code)}), 401, "wrong_login")

    refused(clinic.post(LOGINS, json={"mobile": TYPED, "code": code}), 429, "rate_limited")


def test_three_codes_go_to_a_mobile_and_twenty_from_an_address_in_a_quarter_of_an_hour(clinic: World) -> None:
    assert [ask(clinic, each).status_code for each in (TYPED, MOBILE, TYPED)] == [202] * 3
    shut = refused(ask(clinic), 429, "rate_limited")
    assert 0 < int(shut.headers["Retry-After"]) <= 900
    elsewhere = clinic.post(CODES, json={"mobile": TYPED}, environ={"REMOTE_ADDR": "198.51.100.4"})
    refused(elsewhere, 429, "rate_limited")

    for number in range(16):
        assert ask(clinic, f"+46701740{600 - number}").status_code == 202
    refused(ask(clinic, "+46701740699"), 429, "rate_limited")
    assert len(clinic.notification.calls) == 19


def test_who_no_code_could_be_sent_to_may_ask_again(clinic: World) -> None:
    clinic.notification.answers["send_code"] = refusing(Unavailable)
    for _ in range(5):
        refused(ask(clinic), 503, "unavailable")
    clinic.notification.answers["send_code"] = refusing(Timeout)  # it may have been sent
    for _ in range(3):
        refused(ask(clinic), 504, "timeout")
    refused(ask(clinic), 429, "rate_limited")


def test_known_and_unknown_taken_and_free_are_answered_alike_and_nobody_is_asked_who_they_are(clinic: World) -> None:
    """PRODUCT B14: nothing tells whether a number is known."""
    answers = [ask(clinic, mobile) for mobile in ("+46701740605", "+46701740606")]
    wrong = [clinic.post(LOGINS, json={"mobile": each, "code": "x"}) for each in ("+46701740605", "+46701740607")]

    for first, second in (answers, wrong):
        assert said(first) == said(second)
    assert {call.name for call in clinic.notification.calls} == {"send_code"}
    assert clinic.patient.calls == clinic.booking.calls == []


def said(answer: TestResponse) -> tuple[Any, ...]:
    """Return all of an answer but the request's id."""
    headers = {name: value for name, value in answer.headers if name not in ("X-Request-Id", "ETag")}
    return answer.status_code, headers, re.sub(r"urn:request:\w+", "", answer.text)


def test_without_redis_nobody_logs_in_or_opens_a_recall_and_who_has_no_token_still_searches(clinic: World) -> None:
    clinic.door.limits._cache = clinic.door.codes._cache = clinic.door.patients._cache = DeadRedis()
    clinic.booking.answers["open_recall"] = {"manage_token": "tok"}

    refused(ask(clinic), 503, "unavailable")
    refused(clinic.post(LOGINS, json={"mobile": TYPED, "code": "123456"}), 503, "unavailable")
    refused(open_by(clinic, national_id=NUMBER), 503, "unavailable")
    refused(clinic.get("/v1/clinics/solna/my/bookings", token="x" * 43), 503, "unavailable")
    assert clinic.notification.calls == clinic.booking.calls == []
    assert clinic.get("/v1/clinics/solna/slots", query_string=SEARCH).status_code == 200
