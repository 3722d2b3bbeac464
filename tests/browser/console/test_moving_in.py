"""A clinic moves in by its console: files mapped by sight, looked through, taken over; nobody books over them (C14)."""

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.browser.console.desk import Desk
from tests.browser.eyes import WINDOWS, Eyes
from tests.system.clinics import in_days

MOVING_IN = "/set-up/moving-in"
DAY = in_days(9)
PATIENTS = (
    "Pasientnr;Fornavn;Etternavn;Født;Mobil\r\n"
    "1;Kari;Nordmann;24.12.1985;+46701740605\r\n2;Ola;Nordmann;12.3.1980;+46701740606\r\n3;;;12.3.1980;\r\n"
)
APPOINTMENTS = (
    "Timenr;Pasientnr;Dato;Klokkeslett;Timetype;Behandler\r\n"
    f"71;1;{DAY:%d.%m.%Y};09:00;Kontroll;Anna Berg\r\n72;2;{DAY:%d.%m.%Y};09:15;Kontroll;Anna Berg\r\n"
    f"73;2;{DAY:%d.%m.%Y};10:00;Lunsj;Anna Berg\r\n"
)


def send(page: Page, kind: str, file: Path, text: str) -> None:
    """Choose a file and have it read."""
    file.write_bytes(text.encode("windows-1252"))
    page.locator(f"#file-{kind}").set_input_files(file)
    page.locator(f"form:has(#file-{kind}) button").click()
    page.locator("#columns").wait_for()


def took(page: Page, expected: dict[str, str]) -> None:
    """Wait for the counts of what came of it: numbers by their place in the list."""
    page.locator("form[action$='/discard']").wait_for()
    numbers = page.locator("dl.counts dd")
    expect(numbers).to_have_text(list(expected.values()))


@pytest.mark.parametrize(("window", "scheme", "language"), [("desktop", "light", "nb"), ("telephone", "dark", "fa")])
def test_c14_files_are_mapped_looked_through_and_taken_over_and_nobody_books_over_them(
    desk: Callable[..., Desk], tmp_path: Path, window: str, scheme: str, language: str
) -> None:
    at_desk = desk("/set-up", **WINDOWS[window], color_scheme=scheme, locale=language)
    page, eyes = at_desk.page, Eyes(at_desk.page, f"moving-in-{window}-{language}")
    digits = str.maketrans("0123456789", "۰۱۲۳۴۵۶۷۸۹") if language == "fa" else {}

    page.locator(f"main a[href$='{MOVING_IN}']").click()
    page.locator("#file-patients").wait_for()
    eyes.look("overview")
    send(page, "patients", tmp_path / "pasienter.csv", PATIENTS)
    expect(page.locator("#column-3")).to_have_value("birth_date")
    eyes.look("columns")
    page.locator("button[value=check]").click()
    took(page, {"new": "2".translate(digits), "wrong": "1".translate(digits)})
    expect(page.locator("#line-4 .badge.bad")).to_be_visible()
    eyes.look("looked through")
    page.locator("form[action$='/take'] button").click()
    page.locator("a[href$='/patients/left.csv']").wait_for()
    page.wait_for_function("() => !document.querySelector('form[action$=\"/change\"]')")
    eyes.look("taken over")
    with page.expect_download() as download:
        page.locator("a[href$='/left.csv']").click()
    assert "12.3.1980" in Path(download.value.path()).read_text(encoding="utf-8-sig")
    page.locator("form[action$='/discard'] button").click()
    page.locator("#file-patients").wait_for()

    send(page, "appointments", tmp_path / "timer.csv", APPOINTMENTS)
    page.locator("button[value=check]").click()
    page.locator("main .error-summary").wait_for()
    eyes.look("names to be chosen")
    page.locator("#name-type-0").select_option("visit")
    page.locator("#name-type-1").select_option("-")
    page.locator("button[value=check]").click()
    page.locator("form[action$='/take'] button").click()
    page.locator("a[href$='/appointments/left.csv']").wait_for()
    page.wait_for_function("() => !document.querySelector('form[action$=\"/change\"]')")
    page.locator("form[action$='/take'] button").click()  # what is left, once more: now it meets what stands there
    page.locator("main a[href*='/bookings/']").first.wait_for()
    eyes.look("collision")
    reference = page.locator("main a[href*='/bookings/']").first.inner_text()
    assert re.fullmatch(r"[A-Z0-9]{10}", reference)
    page.locator("main a[href*='/bookings/']").first.click()
    page.get_by_text("Nordmann").first.wait_for()

    assert eyes.faults == {}
    free = {each["start"][11:16] for each in at_desk.clinic.slots(DAY, practitioner="anna")}
    assert "10:30" in free
    assert not {"09:00", "09:15"} & free
