"""optamed's manual: two levels of access, and what a therapist does from a mail."""

import re
from collections.abc import Callable
from itertools import pairwise
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import expect

from tests.browser.console.manuals.conftest import Place
from tests.system.installation import wait_until

OpenPlace = Callable[..., Place]


def mail_to_therapist(place: Place, reference: str) -> str:
    """Return the text of the email by which the therapist hears of a booking."""
    found: list[str] = []

    def has_come() -> bool:
        rows = place.clinic.desk("GET", "messages", booking=reference)["messages"]
        found[:] = [
            each["id"] for each in rows if each["event"] == "practitioner_booked" and each["channel"] == "email"
        ]
        return bool(found)

    wait_until(has_come, "the therapist's mail")
    return str(place.clinic.desk("GET", f"messages/{found[0]}")["text"])


def test_optamed_a_therapist_manages_appointments_and_patients_and_an_administrator_all(place: OpenPlace) -> None:
    """Le premier niveau d'accès est celui des "thérapeutes" … Le second niveau est l'accès "administrateur"."""
    optamed = place("optamed")
    slot = optamed.slots()[0]
    therapist = optamed.account("therapist", slot["practitioners"][0])
    page = optamed.desk("/calendar", therapist)
    expect(page.locator(".nav")).to_contain_text("Agenda")
    expect(page.locator(f".nav a[href='{optamed.url}/accounts'], .nav a[href='{optamed.url}/set-up']")).to_have_count(0)
    assert page.goto(f"{optamed.url}/set-up").status == 403  # type: ignore[union-attr]
    page.goto(f"{optamed.url}/patients/new")
    page.locator("[name=first_name]").fill("Amélie")
    page.locator("[name=last_name]").fill("Rochat")
    page.locator("[name=mobile]").fill("078 700 00 77")
    page.locator("form.patient-form button").last.click()
    page.wait_for_url(re.compile(r"/patients/\w{20,}"))
    expect(page.locator("main, #panel").get_by_text("Amélie Rochat").first).to_be_visible()
    administrator = optamed.desk("/accounts")
    expect(administrator.locator(f".nav a[href='{optamed.url}/set-up']")).to_have_count(1)
    expect(administrator.locator("table.list")).to_contain_text(therapist)


def test_optamed_the_administrator_changes_a_therapist_s_access_at_any_time(place: OpenPlace) -> None:
    """Les accès des "thérapeutes" peuvent être modifiés en tout temps depuis le compte administrateur."""
    optamed = place("optamed")
    therapist = optamed.account("therapist", "claire")
    at_work = optamed.desk("/calendar", therapist)
    at_work.goto("about:blank")  # the calendar would leave for the login by itself, at a moment of its own
    administrator = optamed.desk("/accounts")
    administrator.locator("tr", has_text=therapist).get_by_role("link").click()
    administrator.locator("#panel [name=practitioner]").select_option("luc")
    administrator.locator("#panel form button").first.click()
    administrator.locator("table.list").wait_for()
    expect(administrator.locator("tr", has_text=therapist)).to_contain_text("Luc")
    at_work.goto(f"{optamed.url}/calendar")
    expect(at_work.locator("main [name=password]")).to_be_visible()


@pytest.mark.parametrize("what", ["moves", "cancels"])
def test_optamed_the_link_in_the_therapist_s_mail_opens_the_booking_to_be_changed(place: OpenPlace, what: str) -> None:
    """… ou le thérapeute (lien de l'email de confirmation ou espace de gestion des rendez-vous)."""
    optamed = place("optamed")
    slots = optamed.slots(practitioner="claire")
    slot = next(each for each, later in pairwise(slots) if each["start"][:10] == later["start"][:10])
    key = slot["practitioners"][0]
    reference, _ = optamed.booked(slot)
    therapist = optamed.account("therapist", key)
    text = mail_to_therapist(optamed, reference)
    link = next(each for each in re.findall(r"https?://\S+", text) if "/staff/" in each)
    assert urlsplit(link).path == f"{optamed.url}/bookings/{reference}"
    assert not urlsplit(link).query
    page = optamed.visit(locale="fr-CH", viewport={"width": 1280, "height": 900}).page
    page.goto(link)
    optamed.log_in(page, therapist)
    page.wait_for_url(f"**/bookings/{reference}*")
    if what == "moves":
        page.get_by_role("link", name="Déplacer").first.click()
        page.locator("button[name=start]").last.click()
    else:
        page.get_by_role("link", name="Annuler le rendez-vous").first.click()
        page.locator("form[action$='/cancel'] button").first.click()
    page.wait_for_url(f"**/bookings/{reference}*")
    page.locator(".notice").wait_for()
    now = optamed.clinic.desk("GET", f"bookings/{reference}")
    if what == "moves":
        assert now["start"] != slot["start"]
    assert now["status"] == ("booked" if what == "moves" else "cancelled")


def test_optamed_the_text_message_reminder_is_switched_off_for_one_booking_and_for_a_patient(place: OpenPlace) -> None:
    """En cas de besoins, il est possible de désactiver l'envoi du SMS pour un patient ou un rendez-vous spécifique."""
    optamed = place("optamed")
    reference, _ = optamed.booked(optamed.slots()[0])
    page = optamed.desk(f"/bookings/{reference}")
    page.get_by_text("Messages", exact=True).last.click()
    page.locator("form[action$='/sms-reminder'] button").click()
    page.locator(".notice").wait_for()
    assert optamed.clinic.desk("GET", f"bookings/{reference}")["sms_reminder"] is False
    wait_until(lambda: optamed.clinic.desk("GET", f"bookings/{reference}")["patient"]["id"], "the patient's record")
    patient = optamed.clinic.desk("GET", f"bookings/{reference}")["patient"]["id"]
    page.goto(f"{optamed.url}/patients/{patient}/edit")
    page.locator("[name=sms_reminder]").uncheck()
    page.locator("form.patient-form button").last.click()
    page.wait_for_url(f"**/patients/{patient}*")
    wait_until(
        lambda: optamed.clinic.desk("GET", f"patients/{patient}")["sms_reminder"] is False, "what the page has saved"
    )
