"""What frenda's and aldente's manuals say to staff of watch list, recalls and needs, done in their own words."""

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from playwright.sync_api import expect

from tests.browser.called import CONTROLLED, known
from tests.browser.console.desk import Desk
from tests.browser.logins import log_in
from tests.browser.visitor import Visitor
from tests.system.api_client import Client, staff
from tests.system.clinics import OwnClinic, a_block, a_person, at, in_days, own_clinic
from tests.system.installation import ADMIN, Installation, wait_until

Visit = Callable[..., Visitor]


@pytest.fixture(scope="module")
def frenda(running: Installation) -> OwnClinic:
    """Return a Swedish dental clinic."""
    return own_clinic(
        Client(running.url), staff(running.url, *ADMIN), a_block("08:00", "16:00"),
        country="SE", languages=["sv"], name="Solna Tandvård",
        visit={"name": "US", "alias": "Undersökning"},
    )  # fmt: skip


@pytest.fixture(scope="module")
def aldente(running: Installation) -> OwnClinic:
    """Return a Danish dental clinic whose examinations are controlled by needs."""
    practitioners = [{"key": "anna", "name": "Anna Berg"}, {"key": "bo", "name": "Bo Ek"}]
    return own_clinic(
        Client(running.url), staff(running.url, *ADMIN), a_block("08:00", "18:00"),
        country="DK", time_zone="Europe/Copenhagen", languages=["da"], name="Aarhus Tandklinik",
        practitioners=practitioners,
        visit={"name": "SU", "alias": "Undersøgelse", "needs": {**CONTROLLED, "days_after_week": 100}},
    )  # fmt: skip


def test_frenda_the_patient_appears_on_the_bevakningslista_where_you_see_their_comment(
    visit: Visit, frenda: OwnClinic
) -> None:
    """M5. ”… patienten hamnar i din vanliga Bevakningslista där du ser patientens kommentar.”"""
    booked = frenda.book(at(in_days(5), "09:00"))
    cancelled = frenda.link(booked["manage_token"], "cancel", {"comment": "Jag är bortrest hela veckan."})
    assert cancelled.status == 200, cancelled
    page = visit(locale="sv-SE").page
    Desk(page, frenda).sign_in("/watch-list")
    expect(page.locator("h1")).to_have_text("Bevakningslista")
    row = page.locator(f"tr[data-reference='{booked['reference']}']")
    expect(row).to_contain_text("Jag är bortrest hela veckan.")
    expect(row.locator("a[href^='tel:']")).to_have_count(1)
    row.get_by_role("button", name="Bocka av").click()
    expect(page.locator(f"tr[data-reference='{booked['reference']}']")).to_have_count(0)
    page.get_by_role("link", name="Avbockade").click()
    expect(page.locator(f"tr[data-reference='{booked['reference']}']")).to_contain_text("Jag är bortrest hela veckan.")


def test_frenda_a_kallelse_goes_by_sms_and_email_with_a_link_and_by_card_with_a_code(
    visit: Visit, frenda: OwnClinic
) -> None:
    """R1, R2, M2. ”I SMS och e-mail kallelser finns en klickbar länk, på kallelsekort finns en kod.”"""
    patient = known(frenda, a_person())
    page = visit(locale="sv-SE").page
    Desk(page, frenda).sign_in(f"/recalls/booked?patient={patient}")
    page.locator("#panel select[name=type]").select_option("visit")
    page.locator("#panel select[name=practitioner]").select_option("anna")
    page.get_by_role("button", name="Visa tider").click()
    page.locator("#panel .chip").first.click()
    page.locator("#panel").get_by_label("Kallelsekort").check()
    page.get_by_role("button", name="Boka och kalla").click()
    expect(page.locator("h1")).to_have_text("Kallelser")
    row = page.locator("tr[data-reference]")
    expect(row).to_contain_text("Skickad")
    card = row.get_by_role("link", name="Skriv ut").get_attribute("href")
    printed = page.request.get(str(card))
    assert (printed.status, printed.headers["content-type"]) == (200, "application/pdf")
    reference = str(row.get_attribute("data-reference"))

    def with_link() -> set[str]:
        written = frenda.desk("GET", "messages", booking=reference)["messages"]
        return {each["channel"] for each in written if each["event"] == "recall" and "/m/" in each["text"]}

    wait_until(lambda: with_link() == {"sms", "email"}, "the recall by SMS and by email has its link")


def test_aldente_a_need_for_week_30_says_with_whom_and_for_how_long_the_patient_books(
    visit: Visit, running: Installation, aldente: OwnClinic
) -> None:
    """B9, R1. »… hvilken behandler vedkommende kan booke sig ind på og hvor mange minutter«, »et behov til uge 30«."""
    person = a_person(mobile="+4520111001")
    patient = known(aldente, person)
    page = visit(locale="da-DK").page
    Desk(page, aldente).sign_in(f"/recalls/need?patient={patient}")
    page.locator("#panel select[name=type]").select_option("visit")
    page.locator("#panel select[name=practitioner]").select_option("bo")
    page.locator("#panel input[name=minutes]").fill("50")
    week = page.locator("#panel select[name=week] option", has_text="uge 30,").first.get_attribute("value")
    page.locator("#panel select[name=week]").select_option(str(week))
    for box in page.locator("#panel input[name=confirm]").all():
        box.check()
    page.get_by_role("button", name="Opret behovet").click()
    row = page.locator("tr[data-need]")
    expect(row).to_contain_text("uge 30")
    expect(row).to_contain_text("Bo Ek")
    expect(row).to_contain_text("50 minutter")
    patients = visit(locale="da-DK")
    patients.page.goto(f"/{aldente.key}?lang=da&type=visit")
    log_in(patients.page, running.url, person)
    patients.wait_for("button[name=choose]")
    expect(patients.page.locator(".summary")).to_contain_text("Bo Ek")
    patients.page.locator("button[name=choose]:visible").last.click()
    person_of_login = patients.page.locator("button[name=person]")
    patients.page.locator("form.review").or_(person_of_login).first.wait_for()
    if person_of_login.count():
        person_of_login.first.click()
    patients.wait_for("form.review")
    patients.confirm_button.click()
    reference = "".join(patients.reference().split())
    booking = aldente.desk("GET", f"bookings/{reference}")
    lasts = datetime.fromisoformat(booking["end"]) - datetime.fromisoformat(booking["start"])
    assert (booking["practitioner"], lasts) == ("bo", timedelta(minutes=50))
