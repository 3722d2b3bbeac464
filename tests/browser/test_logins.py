"""Booking and looking after a login by one-time code, in a real browser (PRODUCT B14, M7)."""

from collections.abc import Callable
from itertools import count
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from playwright.sync_api import Page, expect

from tests.browser.clinic_site import OpenSite
from tests.browser.eyes import WINDOWS, Eyes
from tests.browser.logins import ask_for_code, codes_sent, give_code, log_in
from tests.browser.visitor import Visitor
from tests.system.api_client import Client, staff
from tests.system.clinics import OwnClinic, a_block, a_person, own_clinic
from tests.system.installation import ADMIN, Installation, wait_until
from tests.system.people import a_patient

Visit = Callable[..., Visitor]
SMALLEST = {"viewport": {"width": 320, "height": 640}, "has_touch": True, "is_mobile": True}
_seeds = count(5000)


@pytest.fixture(scope="module")
def clinic(running: Installation) -> OwnClinic:
    """Return a Swedish clinic that nobody books at without a login."""
    booking = {"without_login": False, "rebook_deadline": "0h", "cancel_deadline": "0h"}
    return own_clinic(
        Client(running.url), staff(running.url, *ADMIN), a_block("08:00", "18:00"), booking=booking, country="SE"
    )


def book(visitor: Visitor, person: dict[str, Any]) -> str:
    """Book the first time there is, logged in already, and return the reference."""
    visitor.choose_day(3).choose_time()
    visitor.as_somebody_else()
    for name in ("first_name", "last_name"):
        visitor.field(name).fill(person[name])
    year, month, day = person["birth_date"].split("-")
    for part, value in {"year": year, "month": month, "day": day}.items():
        visitor.field(f"birth_date.{part}").fill(value)
    return visitor.review().confirm()


def see_own(visitor: Visitor, clinic: OwnClinic, *references: str) -> None:
    """Go on to one's own page as soon as the bookings are known to be one's own: it is made once, and does not wait."""

    def are_linked() -> bool:
        return all(clinic.desk("GET", f"bookings/{each}")["patient"]["id"] for each in references)

    wait_until(are_linked, "B18: the patient is linked to the booking")
    visitor.page.locator("form[action$='/my'] button").click()


@pytest.mark.parametrize(
    "options",
    [WINDOWS["desktop"], WINDOWS["telephone"], {**SMALLEST, "java_script_enabled": False}],
    ids=["desktop", "telephone", "smallest telephone without script"],
)
def test_a_patient_proves_the_mobile_books_and_sees_the_booking_b14_m7(
    visit: Visit, running: Installation, clinic: OwnClinic, options: dict[str, Any]
) -> None:
    visitor, person = visit(**options, locale="en"), a_person()
    page = visitor.page
    page.goto(f"/{clinic.key}?lang=en")
    expect(page.locator("h1")).to_have_text("Log in with your mobile")
    wide = [visitor.overflow()]
    code = ask_for_code(page, running.url, person["mobile"])
    wide.append(visitor.overflow())
    give_code(page, code)
    page.locator("#when").wait_for()
    visitor.choose_day(3).choose_time()
    expect(visitor.field("mobile")).to_have_count(0)
    expect(page.locator(".known")).to_contain_text(person["mobile"])
    page.locator("button[value=when]").click()
    reference = book(visitor, person)
    assert [cookie["name"] for cookie in page.context.cookies()] == ["__Host-visit"]
    see_own(visitor, clinic, reference)
    expect(page.locator("h1")).to_have_text("Your appointments")
    expect(page.locator(".own-item")).to_have_count(1)
    expect(page.locator(".own-item")).to_contain_text(f"{person['first_name']} {person['last_name']}")
    wide.append(visitor.overflow())
    assert wide == [0, 0, 0]
    page.locator(".own-item a[href*='go=move']").click()
    visitor.choose_day(-1).choose_time(-1)
    page.locator("button[value=move]").click()
    expect(page.locator(".answers")).to_contain_text(reference)


def test_days_and_months_load_in_place_after_a_login_too(
    visit: Visit, running: Installation, clinic: OwnClinic
) -> None:
    visitor = visit()
    page = visitor.page
    page.goto(f"/{clinic.key}")
    log_in(page, running.url, a_person())
    visitor.wait_for("#when")
    page.evaluate("window.stillHere = true")
    visitor.choose_day()
    assert page.evaluate("window.stillHere") is True
    assert "session" not in page.url


def test_a_login_works_inside_a_clinics_site_b16(
    visit: Visit, running: Installation, clinic: OwnClinic, site: OpenSite
) -> None:
    person = a_person()
    page, frame = site(
        visit(), f'<iframe src="{running.url}/{clinic.key}?lang=en" width="100%" height="600px"></iframe>'
    )
    log_in(frame, running.url, person)
    frame.locator("button.time").last.click()
    expect(frame.locator(".known")).to_contain_text(person["mobile"])
    assert [cookie["name"] for cookie in page.context.cookies()] == ["__Host-visit"]


def test_a_wrong_code_is_said_and_the_right_one_still_works(
    visit: Visit, running: Installation, clinic: OwnClinic
) -> None:
    visitor = visit()
    page = visitor.page
    page.goto(f"/{clinic.key}?lang=en")
    code = ask_for_code(page, running.url, a_person()["mobile"])
    give_code(page, "000000" if code != "000000" else "111111")
    expect(page.locator(".error-summary")).to_be_focused()
    expect(page).to_have_title("Error: Enter the code from the text message – A clinic of tests")
    page.locator(".error-summary a").click()
    expect(page.locator("[name='login.code']")).to_be_focused()
    give_code(page, code)
    page.locator("#when").wait_for()


def test_the_keyboard_alone_is_enough_for_a_login(visit: Visit, running: Installation, clinic: OwnClinic) -> None:
    visitor, person = visit(), a_person()
    page = visitor.page
    page.goto(f"/{clinic.key}?lang=en")
    page.locator("main [name='login.mobile']").focus()
    page.keyboard.type(person["mobile"])
    page.keyboard.press("Enter")
    visitor.wait_for("[name='login.code']")
    for _ in range(30):
        if page.evaluate("document.activeElement.name === 'login.code'"):
            break
        page.keyboard.press("Tab")
    page.keyboard.type(codes_sent(running.url, person["mobile"])[0])
    page.keyboard.press("Enter")
    page.locator("#when").wait_for()


def session_of(page: Page, clinic: str) -> str:
    """Return the session of a visit: the own page hands it on to a booking."""
    (visit,) = parse_qs(urlsplit(page.url).query)["visit"]
    own = page.context.new_page()
    own.goto(f"/{clinic}/my?visit={visit}")
    return own.locator("[name=session]").first.input_value()


def test_a_login_that_ends_meanwhile_loses_nothing(visit: Visit, running: Installation, clinic: OwnClinic) -> None:
    visitor, person = visit(), a_person()
    page = visitor.page
    page.goto(f"/{clinic.key}?lang=en")
    log_in(page, running.url, person)
    visitor.choose_day(4).choose_time()
    for name in ("first_name", "last_name"):
        visitor.field(name).fill(person[name])
    visitor.field("birth_date.year").fill("1980")
    session = session_of(page, clinic.key)
    ended = clinic.public.call(
        "DELETE", f"/clinics/{clinic.key}/logins", headers={"Authorization": f"Bearer {session}"}
    )
    assert ended.status == 204, ended
    page.locator("form.details button[value=review]").click()
    expect(page.locator("h1")).to_have_text("Log in with your mobile")
    expect(page.locator(".notice")).to_contain_text("nothing you have typed is lost")
    expect(page.locator("main [name='login.mobile']")).to_have_value(person["mobile"])
    log_in(page, running.url, person)
    page.locator(".error-summary").wait_for()
    expect(visitor.field("last_name")).to_have_value(person["last_name"])
    expect(visitor.field("birth_date.year")).to_have_value("1980")


def test_two_people_on_one_telephone_see_whose_each_booking_is_m7(
    visit: Visit, running: Installation, clinic: OwnClinic
) -> None:
    visitor, parent = visit(), a_person(first_name="Åsa", last_name="O’Brien")
    child = {**parent, "first_name": "يوسف", "last_name": "الأحمد", "birth_date": "2018-03-04"}
    page = visitor.page
    references = []
    for person in (parent, child):
        page.goto(f"/{clinic.key}?lang=en")
        log_in(page, running.url, person)
        references.append(book(visitor, person))
    see_own(visitor, clinic, *references)
    expect(page.locator(".own-item")).to_have_count(2)
    shown = page.locator(".own").inner_text()
    assert "Åsa O’Brien" in shown
    assert "يوسف الأحمد" in shown


@pytest.mark.parametrize("window", WINDOWS)
@pytest.mark.parametrize("language", ["fr", "fa"])
def test_the_login_of_two_steps_in_other_languages(
    visit: Visit, running: Installation, language: str, window: str
) -> None:
    scheme, country = {"fr": ("ch.ssn", "CH"), "fa": ("ir.melli", "IR")}[language]
    clinic = own_clinic(
        Client(running.url), staff(running.url, *ADMIN), a_block("08:00", "18:00"),
        booking={"without_login": False}, two_step={"patients": True}, identity=scheme, country=country,
        languages=[language], name={"fr": "Cabinet du Lac", "fa": "درمانگاه مهر"}[language],
    )  # fmt: skip
    visitor, person = visit(**WINDOWS[window]), a_patient(scheme, country, next(_seeds))
    page = visitor.page
    eyes = Eyes(page, f"login-{language}-{window}")
    page.goto(f"/{clinic.key}?lang={language}")
    page.locator("button[value=send_code]").click()
    page.locator(".error-summary").wait_for()
    expect(page.locator(".error-summary a")).to_have_count(2)
    eyes.look("mistakes")
    code = ask_for_code(page, running.url, person["mobile"], national_id=person["national_id"])
    eyes.look("code")
    give_code(page, code)
    page.locator("#when").wait_for()
    visitor.choose_day(2).choose_time()
    expect(visitor.field("national_id")).to_have_value(person["national_id"])
    eyes.look("details")
    for name in ("first_name", "last_name"):
        visitor.field(name).fill(person[name])
    visitor.review()
    eyes.look("review")
    see_own(visitor, clinic, visitor.confirm())
    page.locator(".own-item").wait_for()
    eyes.look("my")
    page.locator("button[value=log_out]").click()
    page.locator("h1[data-focus]").wait_for()
    eyes.look("out")
    assert eyes.faults == {}
    assert visitor.overflow() == 0
