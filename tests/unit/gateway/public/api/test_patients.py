"""Logging in as a patient, and what is passed on for whoever has (PRODUCT B9, B14, M7)."""

import re
from typing import Any

import pytest
from werkzeug.test import TestResponse

from shared.contracts.errors import LoginRequired, NeedExpired, NoOpenNeed
from shared.links import need_token
from shared.sealed import Sealer
from tests.builders.gateway.bookings import a_booking
from tests.builders.gateway.clinics import DOCUMENT, open_clinic
from tests.builders.gateway.logins import CODES, LOGINS, MOBILE, NEED, PROVEN, ask, refused, sent_code
from tests.builders.gateway.world import World, refusing

NUMBER, CANONICAL = "850412-1230", "198504121230"
START = "2026-12-01T14:00:00+01:00"
SEARCH = {"type": "exam", "from": "2026-12-01", "to": "2026-12-02"}
CONTROLLED = [{**DOCUMENT["types"][0], "needs": {"controlled": True}}, DOCUMENT["types"][1]]


def logged_in(world: World, **fields: Any) -> str:
    """Return the token of a patient who has just logged in."""
    assert ask(world, **fields).status_code == 202
    answer = world.post(LOGINS, json={"mobile": MOBILE, **fields, "code": sent_code(world)})
    assert answer.status_code == 201, answer.text
    return str(answer.json["token"])


def test_a_code_goes_to_the_mobile_as_it_was_meant_in_the_gateways_own_name(clinic: World) -> None:
    answer = ask(clinic)

    assert (answer.status_code, answer.data) == (202, b"")
    call = clinic.notification.calls[0]
    assert (call.name, call.args[:2]) == ("send_code", ("solna", PROVEN))
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
    clinic.post(f"{CODES}{query}", json={"mobile": MOBILE}, headers=headers)

    assert clinic.notification.calls[0].args[3] == language


def test_the_right_code_opens_a_session_of_thirty_minutes_once(clinic: World) -> None:
    ask(clinic)
    body = {"mobile": PROVEN, "code": sent_code(clinic)}

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
            LOGINS, json={"mobile": MOBILE, "code": written.format(code, code[:3], code[3:], persian)}
        ).status_code
        == 201
    )


@pytest.mark.parametrize("code", ["", "12345", "1234567", "abcdef", "0" * 10_000, "²³¹²³¹"])
def test_what_is_no_code_is_a_wrong_one_or_missing_and_never_a_fault(clinic: World, code: str) -> None:
    ask(clinic)

    answer = clinic.post(LOGINS, json={"mobile": MOBILE, "code": code})

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

    assert proven == {"mobile": PROVEN, "identity": {"scheme": "se.personnummer", "number": CANONICAL}}


def test_a_clinic_without_numbers_gets_none(world: World) -> None:
    open_clinic(world, identity="none", two_step={"patients": True})

    assert login_of(world, logged_in(world, national_id="whatever"))["identity"] is None
    assert login_of(world, logged_in(world))["identity"] is None


def test_a_login_in_two_steps_wants_the_number_both_times(world: World) -> None:
    """PRODUCT B14: two-step login can be switched on."""
    open_clinic(world, two_step={"patients": True})

    for answer in (ask(world), world.post(LOGINS, json={"mobile": MOBILE, "code": "123456"})):
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


def test_b22_whose_telephone_it_is_is_listed_by_names_for_a_login(clinic: World) -> None:
    found = {"people": [{"person": "a" * 32, "first_name": "Maja", "last_name": "Ek"}]}
    clinic.patient.answers["people"] = found
    answer = clinic.get("/v1/clinics/solna/my/people", token=logged_in(clinic))
    assert answer.json == found
    assert answer.headers["Cache-Control"] == "no-store"
    assert clinic.patient.calls[-1].actor.login is not None


@pytest.mark.parametrize("path", ["my/bookings", "my/needs", "my/people", "my/bookings?limit=nonsense&x=1"])
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


@pytest.mark.parametrize("nowhere", ["%C2%AB%E2%80%A8", "a" * 300])
def test_a_need_is_no_proof_where_no_clinic_can_be(world: World, nowhere: str) -> None:
    """What services would not take for who acts is not signed."""
    token = need_token(world.settings.link_key, NEED)
    refused(world.get(f"/v1/clinics/{nowhere}/my/needs", token=token), 401, "login_required")
