"""The console's frame in a real browser: getting in, being kept out, and working by keyboard (PRODUCT C1, C4)."""

import time
from base64 import b32decode
from collections.abc import Callable
from itertools import count
from urllib.parse import quote

import pytest
from cryptography.hazmat.primitives.hashes import SHA1
from cryptography.hazmat.primitives.twofactor.totp import TOTP
from playwright.sync_api import Page, expect

from tests.browser.clinic_site import OpenSite
from tests.browser.eyes import WINDOWS, Eyes
from tests.browser.visitor import Visitor
from tests.system.api_client import Client, staff
from tests.system.clinics import OwnClinic, own_clinic
from tests.system.installation import ADMIN, Installation

Visit = Callable[..., Visitor]
_people = count(1)
PASSWORD = "several words of her own"


@pytest.fixture(scope="module")
def clinic(running: Installation) -> OwnClinic:
    """Return a clinic of this module's."""
    return own_clinic(Client(running.url), staff(running.url, *ADMIN))


@pytest.fixture
def somebody(clinic: OwnClinic) -> str:
    """Return the address of an administrator of the clinic, of this test alone."""
    email = f"somebody{next(_people)}@people.example"
    added = clinic.desk("POST", "accounts", {"email": email, "role": "administrator", "password": PASSWORD})
    assert added.status == 201, added
    return email


def sign_in(page: Page, email: str, wanted: str) -> None:
    """Sign in on the way to an address."""
    page.goto(wanted)
    page.locator("[name=email]").fill(email)
    page.locator("[name=password]").fill(PASSWORD)
    page.locator("main button").click()
    page.wait_for_url(lambda address: "/-/sign-in" not in address)


def code_for(secret: str) -> str:
    """Return what an authenticator app shows now."""
    totp = TOTP(b32decode(secret), 6, SHA1(), 30)
    return totp.generate(int(time.time())).decode()


def test_a_link_leads_to_its_page_by_way_of_signing_in(visit: Visit, clinic: OwnClinic, somebody: str) -> None:
    """As from a practitioner's mail (M3, C4)."""
    page = visit(locale="en-GB").page
    wanted = f"/staff/{clinic.key}/accounts/new"
    sign_in(page, somebody, wanted)
    expect(page).to_have_url(f"{clinic.public.url}{wanted}")
    cookies = {each["name"]: each for each in page.context.cookies()}
    cookie = cookies["__Host-staff"]
    assert (cookie["httpOnly"], cookie["secure"], cookie["sameSite"]) == (True, True, "Lax")
    assert "staff" not in page.evaluate("document.cookie")
    page.locator("[data-menu] summary").last.click()
    page.get_by_role("button", name="Log out").click()
    page.wait_for_url("**/staff/-/sign-in*")
    page.goto(wanted)
    assert "/staff/-/sign-in" in page.url


def test_a_form_on_another_site_does_nothing_in_the_name_of_who_is_signed_in(
    visit: Visit, site: OpenSite, clinic: OwnClinic, somebody: str
) -> None:
    """CSRF: the other site is at another port of the same host, so that the browser sends the cookie along."""
    visitor = visit(locale="en-GB")
    sign_in(visitor.page, somebody, f"/staff/{clinic.key}/accounts")
    [account] = [each for each in clinic.desk("GET", "accounts")["accounts"] if each["email"] == somebody]
    action = f"{clinic.public.url}/staff/{clinic.key}/accounts/{account['id']}/remove"
    page, _frame = site(visitor, f'<form method="post" action="{action}"><button>Win a prize</button></form>')
    with page.expect_navigation() as navigation:
        page.get_by_role("button").click()
    assert navigation.value is not None
    assert navigation.value.status == 403
    assert account["id"] in {each["id"] for each in clinic.desk("GET", "accounts")["accounts"]}
    with_script = f"""async () => {{
      const answer = await fetch({action!r}, {{method: "POST", credentials: "include", mode: "no-cors"}});
      return answer.type;
    }}"""
    site(visitor, "")
    assert page.evaluate(with_script) == "opaque"
    assert account["id"] in {each["id"] for each in clinic.desk("GET", "accounts")["accounts"]}


def test_two_step_login_is_set_up_and_asked_for_c4(visit: Visit, clinic: OwnClinic, somebody: str) -> None:
    page = visit(locale="en-GB").page
    sign_in(page, somebody, f"/staff/{clinic.key}/account")
    page.locator("[name=password]").fill(PASSWORD)
    page.get_by_role("button", name="Set up now").click()
    expect(page.locator(".qr svg")).to_be_visible()
    secret = page.locator(".steps code").inner_text().replace(" ", "")
    page.locator("[name=code]").fill(code_for(secret))
    page.get_by_role("button", name="Switch on").click()
    expect(page.locator(".codes code")).to_have_count(10)
    codes = page.locator(".codes code").all_inner_texts()
    page.context.clear_cookies()
    sign_in(page, somebody, f"/staff/{clinic.key}/account")
    expect(page.get_by_role("heading", name="Enter the code")).to_be_visible()
    page.locator("[name=code]").fill(codes[0].lower())
    page.get_by_role("button", name="Log in").click()
    expect(page.get_by_role("heading", name="My account")).to_be_visible()
    expect(page.get_by_text("At each login you enter a code")).to_be_visible()


def test_a_panel_opens_beside_and_closes_by_keyboard_and_focus_goes_along(
    visit: Visit, clinic: OwnClinic, somebody: str
) -> None:
    page = visit(locale="en-GB").page
    address = f"/staff/{clinic.key}/accounts"
    sign_in(page, somebody, address)
    link = page.get_by_role("link", name="Add somebody")
    link.wait_for()
    page.wait_for_load_state()  # before its scripts have run a link leads to the whole page
    link.focus()
    page.keyboard.press("Enter")
    expect(page.locator("#panel-title")).to_be_focused()
    expect(page).to_have_url(f"{clinic.public.url}{address}/new")
    expect(page.get_by_role("heading", name="Accounts", exact=True)).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.locator("#panel")).to_be_empty()
    expect(link).to_be_focused()
    expect(page).to_have_url(f"{clinic.public.url}{address}")
    page.goto(f"{address}/new")
    expect(page.get_by_role("heading", name="Accounts", exact=True)).to_be_visible()
    page.go_back()
    expect(page).to_have_url(f"{clinic.public.url}{address}")
    stored = page.evaluate("[...Object.values(localStorage), ...Object.values(sessionStorage)].join()")
    assert stored.removeprefix(address).removeprefix("/new") == "", "no page lies in the browser's storage"


def test_what_opens_below_a_page_on_a_tablet_is_brought_into_view(
    visit: Visit, clinic: OwnClinic, somebody: str
) -> None:
    page = visit(locale="en-GB", viewport={"width": 820, "height": 600}).page
    sign_in(page, somebody, f"/staff/{clinic.key}/calendar?hours=all")
    page.wait_for_load_state("networkidle")
    page.get_by_role("link", name="New booking").click()
    expect(page.locator("#panel #q")).to_be_focused()
    page.wait_for_function("document.getElementById('panel').getBoundingClientRect().top < 300")


def test_a_panel_that_is_the_page_has_nothing_before_it_on_a_telephone(
    visit: Visit, clinic: OwnClinic, somebody: str
) -> None:
    page = visit(locale="en-GB", **WINDOWS["telephone"]).page
    sign_in(page, somebody, f"/staff/{clinic.key}/accounts/new")
    page.wait_for_load_state("networkidle")
    expect(page.locator("#main")).to_be_empty()
    box = page.locator("#panel").bounding_box()
    assert box is not None
    assert box["y"] < 300


def test_who_is_signed_out_elsewhere_leaves_nothing_on_the_screen(
    visit: Visit, clinic: OwnClinic, somebody: str
) -> None:
    """C1: what is taken away is taken away at once, also from who looks on."""
    page = visit(locale="en-GB").page
    wanted = f"/staff/{clinic.key}/accounts"
    sign_in(page, somebody, wanted)
    expect(page.locator("table.list")).to_be_visible()
    [account] = [each for each in clinic.desk("GET", "accounts")["accounts"] if each["email"] == somebody]
    assert clinic.desk("DELETE", f"accounts/{account['id']}").status == 204
    page.wait_for_url("**/staff/-/sign-in?*")
    expect(page.locator("[name=password]")).to_be_visible()


def test_who_works_without_scripts_gets_the_same_pages(visit: Visit, clinic: OwnClinic, somebody: str) -> None:
    page = visit(locale="en-GB", java_script_enabled=False).page
    sign_in(page, somebody, f"/staff/{clinic.key}/accounts")
    page.get_by_role("link", name="Add somebody").click()
    page.locator("[name=email]").fill(f"new-{somebody}")
    page.locator("[name=role][value=administrator]").check()
    page.get_by_role("button", name="Send the link").click()
    expect(page.get_by_text("An email with a link is on its way")).to_be_visible()


@pytest.mark.parametrize("window", ["desktop", "telephone"])
@pytest.mark.parametrize("locale", ["en-GB", "fa-IR"])
def test_everybody_can_use_the_frame(visit: Visit, clinic: OwnClinic, somebody: str, window: str, locale: str) -> None:
    page = visit(locale=locale, **WINDOWS[window]).page
    eyes = Eyes(page, f"console-{locale}-{window}")
    wanted = f"/staff/{clinic.key}/accounts"
    page.goto(f"/staff/-/sign-in?to={quote(wanted)}")
    eyes.look("sign-in")
    sign_in(page, somebody, wanted)
    expect(page.locator("table.list")).to_be_visible()
    eyes.look("accounts")
    page.locator("table.list a").first.click()
    expect(page.locator("#panel [name=role]").first).to_be_visible()
    eyes.look("panel")
    page.goto(f"/staff/{clinic.key}/account")
    eyes.look("account")
    page.locator("main [name=password]").fill(PASSWORD)
    page.locator("form[action$='/two-step'] button").click()
    expect(page.locator(".qr svg")).to_be_visible()
    eyes.look("two-step")
    page.locator("[name=code]").fill(code_for(page.locator(".steps code").inner_text().replace(" ", "")))
    page.locator("main form[action$='/confirm'] button").click()
    expect(page.locator(".codes")).to_be_visible()
    eyes.look("recovery-codes")
    page.goto("/staff/-/clinics")
    eyes.look("clinics")
    page.context.clear_cookies()
    sign_in(page, somebody, wanted)
    expect(page.locator("[name=code]")).to_be_visible()
    eyes.look("second-step")
    assert eyes.faults == {}
    width = page.viewport_size["width"] if page.viewport_size else 0
    assert page.evaluate("document.documentElement.scrollWidth") <= width
