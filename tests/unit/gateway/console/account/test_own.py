"""My account in the console: password, two-step login, sessions (C4)."""

from typing import Any

import pytest

from gateway.access.browser.staff_cookie import COOKIE
from gateway.http.devices import device_of
from shared.contracts.errors import FunctionOff, Invalid, WrongLogin
from tests.builders.gateway.clinics import heading_of
from tests.builders.gateway.console import ADMINISTRATOR, INSTALLER, Browser
from tests.builders.gateway.world import World

ACCOUNT = "/staff/solna/account"
AGAIN = {
    "account": "a1",
    "email": "ann@solna.example",
    "clinics": [{"clinic": "solna", "role": "administrator", "practitioner": None}],
    "revision": 1,
    "two_step": False,
}
SECRET = "JBSWY3DPEHPK3PXP"
BEGUN = {"secret": SECRET, "uri": f"otpauth://totp/Frontdesk:ann?secret={SECRET}&issuer=Frontdesk"}
CODES = ["ABCD-EFGH", "JKLM-NPQR"]


def signed_in_anew(browser: Browser, answer: Any) -> bool:
    """Tell whether an answer brings another session, and the one before is over."""
    cookie = next(each for each in answer.headers.getlist("Set-Cookie") if each.startswith(COOKIE))
    token = cookie.split(";")[0].split("=")[1]
    return token != browser.token and browser.get(ACCOUNT).status_code == 303


def test_another_password_is_taken_and_everybody_else_is_logged_out(clinic: World) -> None:
    browser, elsewhere = Browser(clinic), Browser(clinic)
    clinic.staff.answers["change_password"] = AGAIN
    answer = browser.post(f"{ACCOUNT}/password", {"old": "the one before", "new": "one of her very own"})
    assert (answer.status_code, answer.location) == (303, f"{ACCOUNT}?done=password")
    assert clinic.staff.calls[-1].fields == {"old": "the one before", "new": "one of her very own"}
    assert signed_in_anew(browser, answer)
    assert elsewhere.get(ACCOUNT).status_code == 303


@pytest.mark.parametrize(
    ("refusal", "text"),
    [
        (WrongLogin.because("The old password is wrong."), "The password is wrong."),
        (Invalid.because("Too short.", errors={"new": ["Too short."]}), "Too short."),
    ],
)
def test_a_password_that_is_refused_is_told_at_its_field_and_not_shown(
    clinic: World, refusal: Exception, text: str
) -> None:
    clinic.staff.answers["change_password"] = refusal
    page = Browser(clinic).post(f"{ACCOUNT}/password", {"old": "typed before", "new": "typed anew"})
    assert page.status_code == 422
    assert page.text.count(text) == 2
    assert "typed before" not in page.text
    assert "typed anew" not in page.text


def test_wrong_passwords_are_counted_here_too(clinic: World) -> None:
    clinic.staff.answers["change_password"] = WrongLogin.because("The old password is wrong.")
    browser = Browser(clinic)
    pages = [browser.post(f"{ACCOUNT}/password", {"old": "guess", "new": "x" * 12}) for _ in range(11)]
    assert [page.status_code for page in pages] == [422] * 10 + [429]


def test_two_step_login_is_set_up_by_a_picture_and_a_code_and_its_recovery_codes_are_shown_once(clinic: World) -> None:
    browser = Browser(clinic)
    clinic.staff.answers |= {
        "begin_two_step": BEGUN,
        "confirm_two_step": {**AGAIN, "two_step": True, "recovery_codes": CODES},
    }
    page = browser.post(f"{ACCOUNT}/two-step", {"password": "the one before"})
    assert 'viewBox="0 0 ' in page.text, "all of the picture is shown, however large it is drawn"
    assert "JBSW Y3DP EHPK 3PXP" in page.text
    assert "the one before" not in page.text
    answer = browser.post(f"{ACCOUNT}/two-step/confirm", {"code": "123 456"})
    assert heading_of(answer.text) == "Your recovery codes"
    assert all(code in answer.text for code in CODES)
    assert clinic.staff.calls[-1].fields == {"code": "123 456"}
    assert signed_in_anew(browser, answer)


def test_a_wrong_code_is_asked_for_again_and_the_secret_is_not_shown_again(clinic: World) -> None:
    clinic.staff.answers["confirm_two_step"] = WrongLogin.because("The code is wrong.", step="code")
    page = Browser(clinic).post(f"{ACCOUNT}/two-step/confirm", {"code": "000000"})
    assert page.status_code == 422
    assert page.text.count("The code is wrong or was used already.") == 2
    assert "<svg" not in page.text


def test_two_step_login_is_switched_off_by_a_code_unless_a_clinic_requires_it(clinic: World) -> None:
    browser = Browser(clinic)
    clinic.staff.answers["end_two_step"] = FunctionOff.because("Your clinic requires two-step login.")
    refused = browser.post(f"{ACCOUNT}/two-step/end", {"code": "123456"})
    assert (refused.status_code, "error-summary" in refused.text) == (422, True)
    clinic.staff.answers["end_two_step"] = AGAIN
    answer = browser.post(f"{ACCOUNT}/two-step/end", {"code": "123456"})
    assert answer.location == f"{ACCOUNT}?done=two-step-off"
    assert signed_in_anew(browser, answer)


def test_new_recovery_codes_are_shown(clinic: World) -> None:
    clinic.staff.answers["recovery_codes"] = {"recovery_codes": CODES}
    page = Browser(clinic).post(f"{ACCOUNT}/two-step/codes", {"code": "123456"})
    assert all(code in page.text for code in CODES)


def test_sessions_are_listed_and_ended(clinic: World) -> None:
    here, there, third = Browser(clinic), Browser(clinic), Browser(clinic)
    ids = {each: clinic.door.sessions.open(each.token).id for each in (here, there, third)}
    page = here.get(ACCOUNT)
    assert page.text.count('name="session"') == 3, "two others, and all of them"
    assert here.post(f"{ACCOUNT}/sessions", {"session": ids[there]}).location == f"{ACCOUNT}?done=ended"
    assert (there.get(ACCOUNT).status_code, third.get(ACCOUNT).status_code) == (303, 200)
    here.post(f"{ACCOUNT}/sessions", {"session": "others"})
    assert (third.get(ACCOUNT).status_code, here.get(ACCOUNT).status_code) == (303, 200)


def test_c4_a_session_says_on_what_it_began_and_since_when(clinic: World) -> None:
    here = Browser(clinic)
    agent = "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605.1.15 Version/18.0 Safari/604.1"
    clinic.door.sessions.start(ADMINISTRATOR, device_of(agent))
    page = here.get(ACCOUNT).text
    assert "Safari on iPhone" in page
    assert "Unknown device" in page, "of what began before, or is a program"
    french = Browser(clinic, language="fr").get(ACCOUNT).text
    assert "Safari sur iPhone" in french


def test_a_session_of_somebody_else_is_not_ended(clinic: World) -> None:
    other = Browser(clinic, INSTALLER)
    Browser(clinic).post(f"{ACCOUNT}/sessions", {"session": clinic.door.sessions.open(other.token).id})
    assert other.get("/staff/-/account").status_code == 200


def test_the_installation_s_administrator_changes_their_password_in_the_environment(clinic: World) -> None:
    page = Browser(clinic, INSTALLER).get("/staff/-/account")
    assert 'name="old"' not in page.text
    assert 'action="/staff/-/account/two-step"' in page.text
