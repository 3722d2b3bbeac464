"""Signing in to the console and out again (C4)."""

from typing import Any

import pytest
from werkzeug.test import TestResponse

from gateway.access.browser.half_logins import COOKIE as HALF
from gateway.access.browser.staff_cookie import COOKIE
from shared.contracts.errors import CodeRequired, Unavailable, WrongLogin
from tests.builders.gateway.clinics import fields_of, heading_of
from tests.builders.gateway.console import ADMINISTRATOR, INSTALLER, OF_TWO_CLINICS, OURS, THERAPIST, Browser
from tests.builders.gateway.world import ADMIN, PASSWORD, World, refusing

SIGN_IN, SECOND_STEP, HOME = "/staff/-/sign-in", "/staff/-/second-step", "/staff"
HEADERS = {"Origin": OURS, "Accept-Language": "en"}


def sign_in(world: World, password: str = PASSWORD, **fields: str) -> TestResponse:
    """Send the form."""
    return world.post(SIGN_IN, data={"email": ADMIN, "password": password, **fields}, headers=HEADERS)


def cookie_of(answer: TestResponse, name: str) -> str:
    """Return a cookie as it is set, with its attributes; "" for none."""
    return next((each for each in answer.headers.getlist("Set-Cookie") if each.startswith(f"{name}=")), "")


def leads_to(world: World, answer: TestResponse) -> str:
    """Return where a login leads a browser that keeps its cookie."""
    assert answer.status_code == 303, answer.text
    kept = {"Cookie": cookie_of(answer, COOKIE).split(";")[0]}
    return str(world.get(answer.location, headers=kept).location)


def with_code(email: str, password: str, code: str | None = None) -> dict[str, Any]:
    """Answer as staff does of who logs in by two steps."""
    if password != PASSWORD:
        raise WrongLogin.because("The email or the password is wrong.")
    if code is None:
        raise CodeRequired.because("Enter the code that your authenticator app shows.")
    if code != "123456":
        raise WrongLogin.because("The code is wrong.", step="code")
    return {"account": None, "email": email, "clinics": None, "revision": 0, "two_step": True}


def test_who_proves_who_they_are_gets_a_cookie_and_goes_where_they_wanted(world: World) -> None:
    page = world.get(f"{SIGN_IN}?to=/staff/solna/bookings/7K3M9QX2VT", headers={"Accept-Language": "en"})
    assert heading_of(page.text) == "Log in"
    wanted = fields_of(page.text)["to"]
    answer = sign_in(world, to=wanted)
    assert leads_to(world, answer) == "/staff/solna/bookings/7K3M9QX2VT"
    cookie = cookie_of(answer, COOKIE)
    assert COOKIE.startswith("__Host-")
    assert {"Secure", "HttpOnly", "SameSite=Lax", "Path=/"} <= {*cookie.split("; ")}
    assert "Domain" not in cookie
    token = cookie.split(";")[0].split("=")[1]
    assert world.door.sessions.open(token).account.email == ADMIN


@pytest.mark.parametrize(
    "wanted",
    ["https://elsewhere.example/", "//elsewhere.example", "/staff//elsewhere.example", "/staff\\x", "/m/x", SIGN_IN],
)
def test_a_login_leads_to_no_other_place(world: World, wanted: str) -> None:
    assert leads_to(world, sign_in(world, to=wanted)) == HOME
    assert (
        world.get("/staff/-/signed-in", query_string={"to": wanted}, headers={"Cookie": f"{COOKIE}=x"}).location == HOME
    )


def test_who_keeps_no_cookie_is_told_why_instead_of_being_asked_again_and_again(world: World) -> None:
    page = world.get(sign_in(world).location, headers={"Cookie": "other=1", "Accept-Language": "en"})
    assert (page.status_code, heading_of(page.text)) == (400, "You are not logged in")


def test_a_wrong_password_is_told_without_saying_which_was_wrong_and_is_not_shown_again(world: World) -> None:
    page = sign_in(world, "a wrong password", to="/staff/solna")
    assert page.status_code == 401
    assert "The email address or the password is wrong." in page.text
    assert "a wrong password" not in page.text
    assert (f'value="{ADMIN}"' in page.text, fields_of(page.text)["to"]) == (True, "/staff/solna")
    assert not cookie_of(page, COOKIE)


def test_what_is_missing_is_told_and_nobody_is_asked(world: World) -> None:
    page = sign_in(world, "", email="")
    assert page.status_code == 422
    assert 'href="#email"' in page.text
    assert 'href="#password"' in page.text
    assert world.staff.calls == []


def test_wrong_passwords_are_counted_as_those_of_the_api_are(world: World) -> None:
    for _ in range(10):
        sign_in(world, "wrong")
    page = sign_in(world, PASSWORD)
    assert page.status_code == 429
    assert "There were too many attempts. Try again in 15 min." in page.text
    assert int(page.headers["Retry-After"]) > 0
    api = world.post("/v1/staff/logins", json={"email": ADMIN, "password": PASSWORD})
    assert api.status_code == 429


def test_the_second_step_is_asked_without_typing_the_password_again(world: World) -> None:
    world.staff.answers["log_in"] = with_code
    first = sign_in(world, to="/staff/solna")
    assert first.location.startswith(SECOND_STEP)
    half = cookie_of(first, HALF).split(";")[0]
    assert PASSWORD not in str(world.cache.get(world.cache.keys("frontdesk:second-step:*")[0]))
    page = world.get(first.location, headers={"Cookie": half, "Accept-Language": "en"})
    assert heading_of(page.text) == "Enter the code"
    wrong = world.post(
        SECOND_STEP, data={"code": "000000", **fields_of(page.text)}, headers={**HEADERS, "Cookie": half}
    )
    assert (wrong.status_code, "The code is wrong or was used already." in wrong.text) == (401, True)
    right = world.post(
        SECOND_STEP, data={"code": "123456", **fields_of(page.text)}, headers={**HEADERS, "Cookie": half}
    )
    assert leads_to(world, right) == "/staff/solna"
    assert world.get(SECOND_STEP, headers={"Cookie": half}).location == SIGN_IN, "what was proven is used once"


def test_the_second_step_without_a_first_begins_at_the_first(world: World) -> None:
    assert world.get(SECOND_STEP).location == SIGN_IN
    answer = world.post(SECOND_STEP, data={"code": "123456"}, headers={**HEADERS, "Cookie": f"{HALF}=guessed"})
    assert answer.location == SIGN_IN
    assert world.staff.calls == []


def test_a_login_that_another_site_sends_is_none(world: World) -> None:
    data = {"email": ADMIN, "password": PASSWORD}
    answer = world.post(SIGN_IN, data=data, headers={"Origin": "https://elsewhere.example"})
    assert answer.status_code == 403
    assert not cookie_of(answer, COOKIE)


def test_where_staff_is_away_the_page_says_so_and_does_not_hold_the_password(world: World) -> None:
    world.staff.answers["log_in"] = refusing(Unavailable)
    page = sign_in(world)
    assert page.status_code == 503
    assert PASSWORD not in page.text


def test_signing_out_ends_the_session_and_no_other(clinic: World) -> None:
    here, elsewhere = Browser(clinic), Browser(clinic)
    answer = here.post("/staff/-/sign-out")
    assert answer.location == f"{SIGN_IN}?out=1"
    assert "Max-Age=0" in cookie_of(answer, COOKIE)
    assert here.get("/staff/-/account").status_code == 303
    assert elsewhere.get("/staff/-/account").status_code == 200
    assert "You are logged out." in here.get(answer.location).text
    assert here.post("/staff/-/sign-out").status_code == 303, "twice is no mistake"


def test_signing_in_anew_ends_the_session_that_this_browser_had(clinic: World) -> None:
    before = Browser(clinic, INSTALLER)
    clinic.post(
        SIGN_IN, data={"email": ADMIN, "password": PASSWORD}, headers={**HEADERS, "Cookie": f"{COOKIE}={before.token}"}
    )
    assert before.get("/staff/-/account").status_code == 303


def test_who_works_at_one_clinic_begins_there_and_others_choose(clinic: World) -> None:
    clinic.availability.answers["clinics"] = {
        "clinics": [{"clinic": key, "name": key.title(), "active": True} for key in ("lund", "malmo", "solna")]
    }
    assert Browser(clinic, THERAPIST).get(HOME).location == "/staff/solna"
    both = Browser(clinic, OF_TWO_CLINICS)
    page = both.follow(both.get(HOME))
    assert ("/staff/lund" in page.text, "/staff/malmo" in page.text) == (True, False)
    installer = Browser(clinic, INSTALLER)
    assert "/staff/malmo" in installer.follow(installer.get(HOME)).text


def test_the_language_that_is_chosen_stays(clinic: World) -> None:
    browser = Browser(clinic, ADMINISTRATOR)
    answer = browser.post("/staff/-/language", {"language": "sv", "to": "/staff/-/account"})
    assert answer.location == "/staff/-/account"
    language = cookie_of(answer, "__Host-language").split(";")[0]
    page = browser.get("/staff/-/account", headers={"Cookie": f"{COOKIE}={browser.token}; {language}"})
    assert heading_of(page.text) == "Mitt konto"
    odd = browser.post("/staff/-/language", {"language": "xx", "to": "https://elsewhere.example"})
    assert (odd.location, cookie_of(odd, "__Host-language")) == (HOME, "")
