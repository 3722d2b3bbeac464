"""An administrator erases a patient from their record, and sees it done everywhere (A3, ADR 53)."""

from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from tests.browser.console.desk import Desk
from tests.browser.eyes import WINDOWS, Eyes
from tests.browser.visitor import Visitor
from tests.system.clinics import OwnClinic, a_person, at, in_days
from tests.system.installation import wait_until

LOOKS = [("desktop", "light", "en"), ("telephone", "dark", "fa")]
NAME = "Vrålåkersson"


def a_patient(clinic: OwnClinic) -> tuple[str, str, str]:
    """Let somebody book on the web, and return their name, where their record is, and the booking's token."""
    person = a_person(last_name=NAME)
    booked = clinic.book(at(in_days(20), "08:00"), person)

    def linked() -> str:
        return str(clinic.desk("GET", f"bookings/{booked['reference']}")["patient"]["id"] or "")

    wait_until(linked, "the booking to be linked")
    return f"{person['first_name']} {NAME}", f"/patients/{linked()}", booked["manage_token"]


@pytest.mark.parametrize(("window", "scheme", "language"), LOOKS)
def test_a3_somebody_is_erased_by_their_name_and_seen_to_be_so_everywhere(
    visit: Callable[..., Visitor], clinic: OwnClinic, window: str, scheme: str, language: str
) -> None:
    name, record, token = a_patient(clinic)
    page = visit(**WINDOWS[window], color_scheme=scheme, locale=language).page
    eyes = Eyes(page, f"erasing-{window}-{scheme}-{language}")
    Desk(page, clinic).sign_in(record)
    page.locator(f"main a[href$='{record}/erase']").click()
    expect(page.locator("[aria-labelledby=first]")).to_be_visible()
    expect(page.locator("[name=confirm]")).to_have_count(0)
    eyes.look("somebody-is-to-come")
    assert clinic.link(token, "cancel", {"comment": "Feber"}).status == 200
    page.reload()
    page.locator("[name=confirm]").fill("Somebody Else")
    page.locator("main form [class*=danger]").click()
    expect(page.locator("#error-confirm")).to_be_visible()
    eyes.look("another-name")
    page.locator("[name=confirm]").fill(f" {name.lower()} ")
    page.locator("main form [class*=danger]").click()
    page.wait_for_url(f"**{record}/erasure")
    expect(page.locator("#erasure .badge.good")).to_have_count(3)
    expect(page.locator("#erasure[hx-get]")).to_have_count(0)
    eyes.look("erased")
    expect(page.locator("body")).not_to_contain_text(NAME)
    page.goto(f"/staff/{clinic.key}{record}/erasure")
    expect(page.locator("#erasure .badge.good")).to_have_count(3)
    assert eyes.faults == {}
