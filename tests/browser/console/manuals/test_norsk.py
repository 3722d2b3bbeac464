"""norsk's manual: booking without logging in, tracking links, links to a type and to a week template, day colours."""

import re
from collections.abc import Callable
from typing import Any

from playwright.sync_api import Page, Route, expect

from tests.browser.console.manuals.conftest import LANGUAGES, Place, in_calendar
from tests.browser.console.manuals.seen import (
    a_patient_of,
    every_day,
    in_days,
    times_on,
    zone_of_the_run,
)
from tests.browser.console.manuals.setting_up import SettingUp
from tests.system.clinics import a_block

OpenPlace = Callable[..., Place]
VISIT, COMPLETED = "https://spor.example/besok.gif", "https://spor.example/bestilt.gif"


def before_the_manual(place: OpenPlace, **changes: Any) -> Place:
    """Return the clinic with the week template of a doctor, who works from 8 to 10 every day but the fourth from now.

    The types are still called as within the clinic, and all that the manual is about stands as it stands by itself.
    """
    days = [{"practitioner": None, "date": str(in_days(4)), "blocks": []}]
    consultation = {"key": "kons", "name": "KONS", "length": "30m", "practitioners": ["kari"], "price": "179.00"}
    call = {"key": "telefon", "name": "Telefon", "length": "10m", "practitioners": ["kari"]}
    given = {
        "time_zone": zone_of_the_run().key, "types": [consultation, call], "days": days, "absences": [],
        "booking": {"active": True, "calendar": "month", "holidays": {"closed": False}},
        "templates": [{"key": "dagtid", "week": every_day(a_block("08:00", "10:00", "open"))}],
        "plans": [{"practitioner": "kari", "template": "dagtid"}],
    }  # fmt: skip
    return place("norsk", **given | changes)


def test_norsk_each_type_has_a_title_of_its_own_and_its_information_stands_in_the_blue_box(place: OpenPlace) -> None:
    """Dersom det er tilleggsinformasjon vil dette komme opp i den blå boksen … info, pris, adresse (S12, B2)."""
    norsk = before_the_manual(place)
    set_up = SettingUp.of(norsk, "norsk-type").look().open("Timetyper").look().enter("KONS")
    set_up.inside("Navn på nett").fill("Norsk", "Konsultasjon hos lege")
    set_up.inside("Tilleggsinformasjon").fill("Norsk", "Inngang fra Strandgaten.")
    set_up.save()
    page = a_patient_of(norsk).page
    types = page.locator("button[name=type]")
    expect(types.first).to_contain_text("Konsultasjon hos lege")
    expect(page.locator("main")).not_to_contain_text("KONS")
    types.first.click()
    page.locator("#when").wait_for()
    for said in ("Inngang fra Strandgaten.", "179", "Strandgaten 7"):
        expect(page.locator(".info-box").first).to_contain_text(said)


def test_norsk_booking_without_logging_in_is_a_switch(place: OpenPlace) -> None:
    """Du kan velge å aktivere bestilling fra pasienter online, uten at de må logge inn (B14)."""
    norsk = before_the_manual(place, booking={"active": True, "without_login": False, "holidays": {"closed": False}})
    assert asks_for_a_code(a_patient_of(norsk).page)
    set_up = SettingUp.of(norsk, "norsk-login").open("Nettbestilling")
    set_up.inside("Nettbestilling").tick("Bestilling uten å logge inn")
    set_up.save()
    assert not asks_for_a_code(a_patient_of(norsk).page)


def asks_for_a_code(page: Page) -> bool:
    """Tell whether a patient first has to log in."""
    login, types = page.locator("main [name='login.mobile']"), page.locator("button[name=type]")
    login.or_(types).first.wait_for()
    return bool(login.count())


def test_norsk_two_tracking_links_are_called_for_visits_and_for_bookings(place: OpenPlace) -> None:
    """Sporingslenke for brukersøk på bestillingssiden … Sporingslenke for gjennomførte bestillinger (B17)."""
    norsk = before_the_manual(place)
    set_up = SettingUp.of(norsk, "norsk-tracking").open("Nettbestilling")
    tracking = set_up.inside("Sporingslenker").fill("Sporingslenke for brukersøk på bestillingssiden", "spor.example")
    assert "https://" in set_up.refused()
    tracking.fill("Sporingslenke for brukersøk på bestillingssiden", VISIT)
    tracking.fill("Sporingslenke for gjennomførte bestillinger", COMPLETED)
    set_up.save()
    called: list[str] = []

    def note(route: Route) -> None:
        called.append(route.request.url)
        route.fulfill(status=204)

    patient = a_patient_of(norsk)
    patient.page.route("https://spor.example/**", note)
    times_on(patient.choose_type("kons"), in_days(1))
    patient.choose_time()
    patient.fill_in().review().confirm()
    patient.page.reload()  # all that a page loads is waited for
    patient.page.locator(".done").wait_for()
    assert called == [VISIT, COMPLETED]


def test_norsk_days_with_many_times_are_green_with_few_red_and_without_any_white(place: OpenPlace) -> None:
    """Du ser hvor stor tilgjengelighet det er ved farge grønn og rød. Hvit kan ikke velges (S15)."""
    norsk = before_the_manual(place)
    set_up = SettingUp.of(norsk, "norsk-colours")
    for few, level in (("3", "many"), ("4", "few")):
        set_up.open("Nettbestilling").fill("Antall timer som regnes som få", few)
        if few != "3":
            set_up.save()
        patient = a_patient_of(norsk)
        patient.choose_type("kons")
        assert times_on(patient, in_days(3)) == ["08:00", "08:30", "09:00", "09:30"]
        expect(patient.page.locator(f"button.day[value='{in_days(3)}']")).to_have_class(re.compile(level))
    expect(patient.page.locator(f"button.day[value='{in_days(4)}']")).to_have_count(0)


def test_norsk_what_is_chosen_is_reviewed_and_approved_or_edited(place: OpenPlace) -> None:
    """Når alt er fylt inn trykker du på Neste … Godkjenn og gjennomfør … Rediger booking (B2, B3)."""
    norsk = before_the_manual(place)
    patient = a_patient_of(norsk)
    times_on(patient.choose_type("kons"), in_days(1))
    patient.choose_time()
    page = patient.page
    page.get_by_label("Kommentar").fill("Jeg kommer med krykker.")
    patient.fill_in()
    page.get_by_role("button", name="Neste").click()
    page.locator("form.review").wait_for()
    expect(page.locator("main")).to_contain_text("Jeg kommer med krykker.")
    page.get_by_role("button", name=re.compile("Endre.*Kommentar")).click()
    patient.field("mobile").wait_for()
    page.get_by_role("button", name="Neste").click()
    page.get_by_role("button", name="Godkjenn og gjennomfør").first.click()
    patient.reference()


def test_norsk_a_link_to_a_type_is_made_and_opens_with_it_chosen(place: OpenPlace) -> None:
    """Velger du en timetype vil alle timene av denne timetypen være forhåndsvalgt mot pasienten …"""
    norsk = place("norsk")
    set_up = SettingUp.of(norsk, "norsk-links").find("Generer bestillingslenker", "Bestillingslenker").look()
    page = set_up.page
    first = norsk.clinic.desk("GET", "links")["links"]
    wanted = next(each for each in first if each["kind"] == "type")
    assert wanted["url"] in [each.input_value() for each in page.locator("input[readonly]").all()]
    opener = page.locator(f"a[href='{wanted['url']}']")
    expect(opener).to_contain_text("Klikk for å åpne lenken")
    expect(opener).to_have_attribute("target", "_blank")
    visitor = norsk.visit(locale=LANGUAGES["norsk"])
    visitor.page.goto(wanted["url"])
    expect(visitor.page.locator("button[name=type]")).to_have_count(0)
    visitor.page.locator("button[name=choose], button.day, button[name=been]").first.wait_for()


def test_norsk_a_link_to_a_week_template_offers_its_types_alone(place: OpenPlace) -> None:
    """Velger du en ukemal vil alle timetypene i denne ukemalen være forhåndsvalgt mot pasienten …"""
    norsk = place("norsk")
    page = norsk.desk("/links")
    links = norsk.clinic.desk("GET", "links")["links"]
    wanted = next(each for each in links if each["kind"] == "template")
    assert wanted["url"] in [each.input_value() for each in page.locator("input[readonly]").all()]
    visitor = norsk.visit(locale=LANGUAGES["norsk"])
    visitor.page.goto(wanted["url"])
    types = visitor.page.locator("button[name=type]")
    types.first.wait_for()
    told = norsk.clinic.public.get(f"/clinics/{norsk.clinic.key}", template=wanted["key"])["types"]
    theirs = [each["key"] for each in told if wanted["practitioner"] in each["practitioners"]]
    assert theirs
    assert [each.get_attribute("value") for each in types.all()] == theirs


def test_norsk_beside_each_link_stands_that_it_does_not_work_now(place: OpenPlace) -> None:
    """Du kan velge å aktivere bestilling fra pasienter online"""
    norsk = place("norsk")
    document = norsk.clinic.desk("GET", "document").body
    document["booking"]["active"] = False
    assert norsk.clinic.desk("PUT", "document", document).status == 200
    page = norsk.desk("/links")
    links = page.locator("ul.links > li")
    assert links.count() > 1
    expect(links.filter(has=page.locator(".link-note"))).to_have_count(links.count())
    assert any(each.input_value().endswith("/recall") for each in page.locator("input[readonly]").all())
    assert "<iframe" in "".join(each.input_value() for each in page.locator("textarea[readonly]").all())


def test_norsk_the_practitioner_sees_the_comment(place: OpenPlace) -> None:
    """Kommentar: Her kan pasienten skrive inn en kommentar som behandleren vil se."""
    norsk = place("norsk")
    slot = norsk.slots()[0]
    reference, _ = norsk.booked(slot, message="Jeg kommer med krykker.")
    therapist = norsk.account("therapist", slot["practitioners"][0])
    page = norsk.desk(f"/calendar?date={slot['start'][:10]}", therapist)
    booking = in_calendar(page, reference)
    expect(booking).to_contain_text("Jeg kommer med krykker.")
    booking.click()
    expect(page.locator("#panel dd", has_text="Jeg kommer med krykker.")).to_be_visible()
