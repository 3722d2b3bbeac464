"""Who sees a page of the console, and what becomes of everybody else (C1, C4; CONSOLE "How it is built")."""

from datetime import timedelta

import pytest

from gateway.access.browser.staff_cookie import COOKIE
from shared.contracts.errors import Forbidden, NotFound, Timeout, Unavailable
from shared.texts.language import LANGUAGES
from tests.builders.gateway.clinics import heading_of
from tests.builders.gateway.console import ADMINISTRATOR, INSTALLER, OURS, THERAPIST, Browser
from tests.builders.gateway.world import World, refusing

ACCOUNTS = "/staff/solna/accounts"
SIGN_IN = "/staff/-/sign-in"


def test_who_is_not_signed_in_is_led_to_sign_in_and_back(clinic: World) -> None:
    answer = clinic.get(f"{ACCOUNTS}?done=added")
    assert (answer.status_code, answer.location) == (
        303,
        f"{SIGN_IN}?to=%2Fstaff%2Fsolna%2Faccounts%3Fdone%3Dadded",
    )


def test_a_part_that_is_asked_for_leads_the_whole_page_to_sign_in(clinic: World) -> None:
    answer = clinic.get(ACCOUNTS, headers={"HX-Request": "true", "HX-Target": "panel"})
    assert (answer.status_code, answer.text) == (204, "")
    assert answer.headers["HX-Redirect"].startswith(SIGN_IN)


def test_a_form_of_who_is_signed_out_leads_back_to_the_page_that_it_stood_on(clinic: World) -> None:
    headers = {"Origin": OURS, "Referer": f"{OURS}/staff/solna/accounts/new"}
    answer = clinic.post(f"{ACCOUNTS}/new", data={"email": "a@b.example"}, headers=headers)
    assert answer.location == f"{SIGN_IN}?to=%2Fstaff%2Fsolna%2Faccounts%2Fnew"


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"Origin": "https://elsewhere.example"},
        {"Origin": "null"},
        {"Origin": OURS, "Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
        {"Sec-Fetch-Site": "none"},
    ],
)
def test_a_form_that_another_site_sends_does_nothing(clinic: World, headers: dict[str, str]) -> None:
    token = clinic.log_in_as(ADMINISTRATOR)
    answer = clinic.post(f"{ACCOUNTS}/x1/remove", headers={"Cookie": f"{COOKIE}={token}", **headers})
    assert answer.status_code == 403
    assert clinic.staff.calls == []


@pytest.mark.parametrize("headers", [{"Origin": OURS}, {"Sec-Fetch-Site": "same-origin"}])
def test_a_form_of_our_own_page_is_taken(clinic: World, headers: dict[str, str]) -> None:
    token = clinic.log_in_as(ADMINISTRATOR)
    answer = clinic.post(f"{ACCOUNTS}/x1/remove", headers={"Cookie": f"{COOKIE}={token}", **headers})
    assert answer.status_code == 303
    assert [call.name for call in clinic.staff.calls] == ["remove_account"]


def test_pages_take_no_bearer_and_the_api_takes_no_cookie(clinic: World) -> None:
    token = clinic.log_in_as(ADMINISTRATOR)
    assert clinic.get(ACCOUNTS, token=token).status_code == 303
    assert clinic.get("/v1/staff/sessions", headers={"Cookie": f"{COOKIE}={token}"}).status_code == 401


def test_what_is_for_administrators_is_neither_shown_nor_opened_to_a_therapist(clinic: World) -> None:
    """C1: what a role may not do is not shown, and refused all the same."""
    therapist = Browser(clinic, THERAPIST)
    page = therapist.get(ACCOUNTS)
    assert (page.status_code, heading_of(page.text)) == (403, "Forbidden")
    assert 'href="/staff/solna/patients"' in page.text
    assert 'href="/staff/solna/set-up"' not in page.text
    assert clinic.staff.calls == []
    clinic.staff.answers["accounts"] = {"accounts": [], "next": None}
    assert 'href="/staff/solna/set-up"' in Browser(clinic).get(ACCOUNTS).text


def test_another_clinic_s_page_shows_nothing_of_it(clinic: World) -> None:
    page = Browser(clinic, ADMINISTRATOR).get("/staff/lund/accounts")
    assert page.status_code == 403
    assert "/staff/lund" not in page.text.replace('value="/staff/lund/accounts"', "")


def test_calls_are_made_in_the_name_of_who_is_signed_in(clinic: World) -> None:
    clinic.staff.answers["accounts"] = {"accounts": [], "next": None}
    Browser(clinic).get(ACCOUNTS)
    actor = clinic.staff.calls[-1].actor
    assert (actor.kind, actor.id, actor.role, actor.clinic) == ("staff", "ann@solna.example", "administrator", "solna")
    assert actor.source == "staff 203.0.113.7"


def test_an_account_that_is_changed_is_signed_out_at_once(clinic: World) -> None:
    browser = Browser(clinic)
    clinic.announce("a1", 2)
    assert browser.get(ACCOUNTS).location.startswith(SIGN_IN)


@pytest.mark.parametrize(("refusal", "status"), [(NotFound, 404), (Forbidden, 403), (Unavailable, 503), (Timeout, 504)])
def test_what_services_refuse_is_told_in_people_s_words_within_the_frame(
    clinic: World, refusal: type, status: int
) -> None:
    clinic.staff.answers["accounts"] = refusing(refusal)
    page = Browser(clinic).get(ACCOUNTS)
    assert page.status_code == status
    assert 'class="nav"' in page.text
    assert "In the service's own words" not in page.text or status in {403, 404}


def test_an_address_of_no_page_leads_on_within_the_frame(clinic: World) -> None:
    page = Browser(clinic).get("/staff/solna/no/such/page")
    assert (page.status_code, heading_of(page.text)) == (404, "This page does not exist")
    assert 'class="nav"' in page.text
    assert clinic.get("/staff/solna/no/such/page").status_code == 303


def test_what_was_typed_can_be_sent_again_where_a_service_is_away(clinic: World) -> None:
    clinic.staff.answers["add_account"] = refusing(Unavailable)
    page = Browser(clinic).post(f"{ACCOUNTS}/new", {"email": "new@solna.example", "role": "therapist"})
    assert page.status_code == 503
    assert 'name="email" value="new@solna.example"' in page.text


def test_a_refusal_in_the_panel_stays_in_the_panel(clinic: World) -> None:
    clinic.staff.answers["accounts"] = {"accounts": [], "next": None}
    panel = Browser(clinic).get(f"{ACCOUNTS}/nobody", in_panel=True)
    assert panel.status_code == 404
    assert "<html" not in panel.text
    assert 'id="panel-title"' in panel.text


def test_the_panel_alone_is_sent_where_it_is_asked_for(clinic: World) -> None:
    browser = Browser(clinic)
    panel, page = browser.get(f"{ACCOUNTS}/new", in_panel=True), browser.get(f"{ACCOUNTS}/new")
    assert "<html" not in panel.text
    assert "<h2" in panel.text
    assert page.text.count("<h1") == 1
    assert 'name="email"' in panel.text
    assert 'name="email"' in page.text
    assert {"HX-Target", "HX-Request", "Cookie"} <= {*page.vary}


def test_pages_are_kept_by_nobody_and_framed_by_nobody(clinic: World) -> None:
    page = Browser(clinic).get(f"{ACCOUNTS}/new")
    assert page.headers["Cache-Control"] == "no-store"
    assert page.headers["X-Frame-Options"] == "DENY"
    assert "script-src 'self'" in page.headers["Content-Security-Policy"]
    assert "style=" not in page.text
    assert "onclick" not in page.text


def test_what_a_page_asks_by_itself_lets_no_session_last_longer(clinic: World) -> None:
    browser = Browser(clinic)
    began = clinic.door.sessions.open(browser.token, prolong=False).last_used_at
    clinic.clock.moment += timedelta(hours=2)
    browser.get("/staff/solna/live")
    browser.get(f"{ACCOUNTS}/new", headers={"X-Frontdesk-Live": "1"})
    assert clinic.door.sessions.open(browser.token, prolong=False).last_used_at == began
    browser.get(f"{ACCOUNTS}/new")
    assert clinic.door.sessions.open(browser.token, prolong=False).last_used_at != began


def test_a_session_ends_after_a_day_however_much_it_is_used(clinic: World) -> None:
    browser = Browser(clinic)
    for _ in range(3):
        clinic.clock.moment += timedelta(hours=8)
        page = browser.get(f"{ACCOUNTS}/new")
    assert page.status_code == 303


def test_where_two_steps_are_required_everything_leads_to_setting_them_up_but_one_s_own_account(
    world: World,
) -> None:
    world.require_two_step()
    browser = Browser(world)
    assert browser.get(f"{ACCOUNTS}/new").location == "/staff/-/account?wanted=two-step"
    page = browser.get("/staff/-/account?wanted=two-step")
    assert page.status_code == 200
    assert "Your clinic asks for two-step login." in page.text


def test_the_installation_s_administrator_sees_every_clinic(clinic: World) -> None:
    clinic.staff.answers["accounts"] = {"accounts": [], "next": None}
    assert Browser(clinic, INSTALLER).get(ACCOUNTS).status_code == 200


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_frame_speaks_the_reader_s_language(clinic: World, language: str) -> None:
    page = Browser(clinic, language=language).get(f"{ACCOUNTS}/new")
    assert page.headers["Content-Language"] == language
    assert f'dir="{"rtl" if language == "fa" else "ltr"}"' in page.text
