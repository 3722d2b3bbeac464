"""frenda's manual: the webbtidbok set up click by click, and then seen from the patient's side."""

import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

from playwright.sync_api import Page, expect
from stdnum import luhn

from shared.clinic.times.weeks import WEEKDAYS
from tests.browser.console.manuals.conftest import Place
from tests.browser.console.manuals.setting_up import SettingUp
from tests.system.demo_bookings import in_a_week

OpenPlace = Callable[..., Place]
FUNCTIONS = ("Nybokningar", "Ombokningar", "Avbokningar")


def clocks(slots: list[dict[str, Any]]) -> set[str]:
    """Return the times of day that are offered."""
    return {slot["start"][11:16] for slot in slots}


def a_month() -> dict[str, str]:
    """Return the query of the month that begins in a week."""
    return {"from": in_a_week().isoformat(), "to": (in_a_week() + timedelta(days=30)).isoformat()}


def allow(set_up: SettingUp, *functions: str) -> None:
    """Choose which functions of the webbtidbok patients have."""
    set_up.open("Webbokning").inside("Webbokning").untick(*FUNCTIONS).tick(*functions)
    set_up.save()


def a_number_of(age: int) -> str:
    """Return the personnummer of somebody who is so old, or one year younger until their birthday."""
    year = str(datetime.now(UTC).year - age)
    digits = f"{year[2:]}0102200"
    return year[:2] + digits + luhn.calc_check_digit(digits)


def ways(page: Page) -> dict[str, int]:
    """Return how many ways there are on a booking's page to move and to cancel it."""
    page.locator("main dl.answers").wait_for()
    return {name: page.locator(f"main a[href*='go={name}']").count() for name in ("move", "cancel")}


def test_frenda_the_functions_are_chosen_one_by_one_and_late_patients_are_asked_to_call(place: OpenPlace) -> None:
    """B1, M6. ”… välja vilka delar (ombokningar, avbokningar, nybokningar eller alla) … hur tätt inpå en bokning …”"""
    frenda = place("frenda")
    answer, _ = frenda.book(frenda.slots()[0])
    link = f"/m/{answer['manage_token']}"
    set_up = SettingUp.of(frenda, "frenda-functions").look()
    patient = frenda.patient()
    expect(patient.page.locator("button[name=type]")).to_have_count(3)

    allow(set_up, "Ombokningar")
    patient.page.reload()
    expect(patient.page.locator("button[name=type]")).to_have_count(0)
    patient.page.goto(link)
    assert ways(patient.page) == {"move": 1, "cancel": 0}
    allow(set_up, "Avbokningar")
    patient.page.reload()
    assert ways(patient.page) == {"move": 0, "cancel": 1}
    allow(set_up, *FUNCTIONS)
    patient.page.reload()
    assert ways(patient.page) == {"move": 1, "cancel": 1}

    rules = set_up.open("Webbokning").inside("Webbokning")
    rules.last("Ombokning möjlig till … före tiden", "90", "dagar")
    rules.last("Avbokning möjlig till … före tiden", "2000", "timmar")
    set_up.save()
    patient.page.reload()
    assert ways(patient.page) == {"move": 0, "cancel": 0}
    told = patient.page.locator("main .notice").last
    expect(told).to_contain_text("Det är för sent")
    expect(told.locator("a[href^='tel:']")).to_have_count(1)


def test_frenda_a_schemablock_and_a_behandlingstyp_of_the_clinic_s_own_are_made_for_the_web(place: OpenPlace) -> None:
    """S2, S12, S14. ”Här ställs behandlingstypen, Pride och tidboksintervall in, vilka resurser & behandlare …”"""
    frenda = place("frenda")
    set_up = SettingUp.of(frenda, "frenda-types")
    set_up.open("Schemablock", "Lägg till").fill("Namn", "Webbtid").tick("Bokningsbar på webben").save().look()
    set_up.open("Schemamallar", "Lägg till").fill("Schemamallens namn", "webb")
    for day in WEEKDAYS:
        set_up.type_blocks(day, "Webbtid", ("10", "12.00"))
    set_up.save()
    for name in ("Anna Berg", "Erik Lund"):
        set_up.open("Scheman", name).choose("webb", of="Schemamall").save()

    form = set_up.open("Behandlingar", "Lägg till").fill("Behandlingstyp: namn inom kliniken", "Blekning")
    form.inside("Namn på webben").fill("Svenska", "Tandblekning")
    form.inside("Beskrivning").fill("Svenska", "v" * 501)
    form.fill("Pris", "1 250,50").last("Längd", "40", "minuter").tick("Bokningsbar på webben")
    form.inside("Behandlare").tick("Anna Berg", "Erik Lund")
    form.inside("Resurser som behövs 1").tick("Panoramaröntgen")
    times = form.inside("Vilka tider som erbjuds").choose(
        "Flexibla: med så många minuters mellanrum", of="Hur tiderna räknas"
    )
    times.last("Tidboksintervall: minsta tid mellan föreslagna tider", "20", "minuter")
    form.inside("Schemablocksfiltrering").tick("Webbtid")
    assert "Texten har 501 tecken. Korta till högst 500." in set_up.refused()
    set_up.look()
    words = "Vi bleker dina tänder med skenor som du bär hemma. "
    text = (words * 10)[:500].strip()
    form.inside("Beskrivning").fill("Svenska", text)
    set_up.save().look()

    patient = frenda.patient()
    offer = patient.page.locator("button[name=type]", has_text="Tandblekning")
    expect(offer).to_contain_text(text)
    expect(offer).to_contain_text(re.compile(r"1.250,50.kr"))
    expect(offer).to_contain_text(re.compile(r"40.min"))
    key = str(offer.get_attribute("value"))
    patient.choose_type(key).choose_day().choose_time()
    patient.fill_in().review().confirm()
    assert clocks(frenda.slots(key, practitioner="anna")) == {"10:00", "10:20", "10:40", "11:00", "11:20"}
    slot = next(
        each for each in frenda.slots(key) if each["start"][11:16] == "10:40" and len(each["practitioners"]) == 2
    )
    frenda.booked(slot, type=key, practitioner="anna")
    same_day = [each for each in frenda.slots(key, practitioner="erik") if each["start"][:10] == slot["start"][:10]]
    assert clocks(same_day) == {"10:00", "11:20"}, "there is one Panoramaröntgen, of which both need the whole time"


def test_frenda_schemablocksfiltrering_keeps_akut_in_its_block_and_binds_new_bookings_alone(place: OpenPlace) -> None:
    """S3. ”Slå på schemablocksfiltrering … OBS! … används endast för Nybokningar, ej ombokningar!”"""
    frenda = place("frenda")
    set_up = SettingUp.of(frenda, "frenda-filter")
    acute = set_up.open("Behandlingar", "Akut").inside("Schemablocksfiltrering")
    acute.untick("Akut")
    set_up.save()
    anywhere = clocks(frenda.slots("acute", practitioner="anna"))
    assert {"08:00", "10:00", "16:30"} <= anywhere
    set_up.open("Behandlingar", "Akut").inside("Schemablocksfiltrering").tick("Akut")
    set_up.save()
    assert clocks(frenda.slots("acute", practitioner="anna")) == {"08:00", "08:30", "16:00", "16:30"}
    assert "08:00" in clocks(frenda.slots("exam", practitioner="anna")), "one way only: others may still use the block"

    answer, _ = frenda.book(frenda.slots("acute", practitioner="anna")[0], type="acute")
    others = frenda.clinic.public.get(f"/manage/{answer['manage_token']}/slots", **a_month())
    assert {"08:00", "10:00"} <= clocks(others["slots"]), "who moves is not kept in the block"


def test_frenda_aldersfiltrering_is_a_switch_at_24_and_binds_new_bookings_alone(place: OpenPlace) -> None:
    """B8. ”… ett barn är under 24 år. Från 24 år och uppåt är man vuxen. OBS! Filtreringen avser Nybokningar”"""
    frenda = place("frenda")
    young = {"national_id": a_number_of(20), "first_name": "Ung", "last_name": "Person", "mobile": "+46701740001"}
    slots = frenda.slots("acute", practitioner="anna")
    answer, _ = frenda.book(slots[0], type="acute", patient=young)
    assert answer.status == 201, answer

    set_up = SettingUp.of(frenda, "frenda-age")
    form = set_up.open("Behandlingar", "Akut")
    expect(set_up.field("På webben från åldern")).to_be_hidden()
    form.tick("Åldersfiltrering")
    expect(set_up.field("På webben från åldern")).to_have_value("24")
    set_up.save()
    for age, is_adult in ((20, False), (26, True)):
        patient = frenda.patient()
        expect(patient.page.locator("button[name=type][value=acute]")).to_contain_text("Från 24 år")
        patient.choose_type("acute").choose_day().choose_time()
        patient.person |= {"national_id": a_number_of(age)}
        patient.fill_in().page.locator("form.details button[value=review]").click()
        patient.wait_for("form.review" if is_adult else ".alert a[href^='tel:']")
    patient.page.goto(f"/m/{answer['manage_token']}")
    assert ways(patient.page) == {"move": 1, "cancel": 1}


def test_frenda_the_webbtidbok_comes_onto_the_clinic_s_own_site_by_link_and_code(place: OpenPlace) -> None:
    """B16, M2. ”… länken till webbtidbok … <iframe … width="100%" height="600px"> … där patienter får ange … kod”"""
    frenda = place("frenda")
    set_up = SettingUp.of(frenda, "frenda-links").open("Länkar till webbokningen").look()
    link = set_up.field("Webbtidboken").input_value()
    code = set_up.field("Kod").input_value()
    assert re.search(rf'<iframe[^>]* src="{re.escape(link)}[^"]*"[^>]* width="100%" height="600px"', code), code
    page = frenda.patient().page
    page.goto(link)
    expect(page.locator("button[name=type]")).to_have_count(3)
    page.goto(set_up.field("För patienter med kallelsekort").input_value())
    expect(page.get_by_label("Personnummer")).to_be_visible()
    expect(page.get_by_label("Kod")).to_be_visible()
