"""aldente's manual: online booking set up click by click, and then seen from the patient's side."""

import re
from collections.abc import Callable
from typing import Any

from playwright.sync_api import expect

from shared.clinic.times.weeks import week_of
from tests.browser.called import called, known
from tests.browser.console.manuals.conftest import Place
from tests.browser.console.manuals.seen import (
    a_patient_of,
    every_day,
    in_days,
    offered,
    own_page,
    times_on,
    zone_of_the_run,
)
from tests.browser.console.manuals.setting_up import SettingUp
from tests.browser.logins import log_in
from tests.browser.visitor import Visitor
from tests.system.clinics import a_block

OpenPlace = Callable[..., Place]
_EVERY_DAY = every_day(a_block("08:00", "16:00", "treatment"), a_block("16:00", "24:00", "treatment"))


def before_the_manual(place: OpenPlace, *types: dict[str, Any], **changes: Any) -> Place:
    """Return the clinic as it is before online booking is set up: people, working hours, a type for the telephone.

    It is mid-morning there, and it works every day until midnight, so that every test has a today and a tomorrow.
    """
    telephone = {"key": "telephone", "name": "Telefonsamtale", "length": "10m"}
    given = {
        "time_zone": zone_of_the_run().key, "types": [telephone, *types], "days": [], "absences": [],
        "booking": {"active": True, "holidays": {"closed": False}},
        "templates": [{"key": "weekdays", "week": _EVERY_DAY}],
    }  # fmt: skip
    return place("aldente", **given | changes)


def a_type(**changes: Any) -> dict[str, Any]:
    """Return a type of appointment as somebody has entered it."""
    alias = {"da": "Undersøgelse", "en": "Examination"}
    return {"key": "su", "name": "SU", "alias": alias, "length": "30m", **changes}


def test_aldente_1_to_3_online_booking_is_started(place: OpenPlace) -> None:
    """Knappen til venstre skal stå som vist: ”Aktiv”. Er det ikke tilfældet, så klik på den og tryk ”Start” (B1)."""
    aldente = place("aldente", booking={"active": False})
    patient = a_patient_of(aldente).page
    expect(patient.locator("button[name=type]")).to_have_count(0)
    page = aldente.desk("/calendar")
    page.get_by_role("link", name="Indstillinger").click()
    set_up = SettingUp(page.locator("main"), aldente, "aldente-start").look().enter("Onlinebooking")
    set_up.inside("Onlinebooking").tick("Aktiv: onlinebooking er startet")
    set_up.save()
    patient.reload()
    expect(patient.locator("button[name=type]")).to_have_count(3)


def test_aldente_1_to_4_a_type_its_online_alias_and_the_minimum_time_between_offered_times(place: OpenPlace) -> None:
    """Fx SU – Online alias = Undersøgelse … 08:00 / 08:30 / 09:00 etc. Står der 0, alle ledige tider (S6, S12)."""
    aldente = before_the_manual(place)
    set_up = SettingUp.of(aldente, "aldente-type").open("Aftaletyper").look().enter("Tilføj")
    set_up.fill("Navn i klinikken", "SU").inside("Online alias").fill("Dansk", "Undersøgelse")
    set_up.last("Varighed", "20", "minutter")
    times = set_up.inside("Hvilke tider der tilbydes")
    expect(times.field("Minimum tid mellem foreslåede tider")).to_be_hidden()  # fixed times know none
    times.choose("Med minimum tid mellem foreslåede tider", of="Hvordan tiderne beregnes")
    times.last("Minimum tid mellem foreslåede tider", "30", "minutter")
    set_up.save()
    patient = a_patient_of(aldente)
    expect(patient.page.locator("button[name=type]").last).to_have_text(re.compile("Undersøgelse"))
    patient.choose_type("su")
    assert times_on(patient, in_days(1))[:3] == ["08.00", "08.30", "09.00"]
    set_up.open("Aftaletyper", "SU").inside("Hvilke tider der tilbydes").last(
        "Minimum tid mellem foreslåede tider", "0"
    )
    set_up.save()
    patient.page.reload()
    assert times_on(patient, in_days(1))[:3] == ["08.00", "08.05", "08.10"]


def test_aldente_5_to_7_needs_dictate_whom_and_how_long(place: OpenPlace) -> None:
    """Oprettelse/behandlere styres af behov … Max dage EFTER indkaldeuge (B9, B10)."""
    aldente = before_the_manual(place, a_type())
    set_up = SettingUp.of(aldente, "aldente-needs").open("Aftaletyper", "SU")
    needs = set_up.inside("Behov").tick("Oprettelse/behandlere styres af behov")
    needs.fill("Max dage EFTER indkaldeuge", "100")
    set_up.save()
    patient = a_patient_of(aldente)
    log_in_for_the_examination(patient, aldente)
    expect(patient.page.locator("main")).to_contain_text("86 12 34 56")

    invited = a_patient_of(aldente)
    id = known(aldente.clinic, invited.person, "su")
    called(aldente.clinic, id, type="su", practitioner="mads", minutes=45, week=week_of(in_days(-98)))
    page = invited.page
    log_in_for_the_examination(invited, aldente)
    page.locator("#when").wait_for()
    expect(page.locator(".summary")).to_contain_text("Mads Krogh")
    expect(page.locator(".summary")).to_contain_text("45 min.")
    expect(page.locator("button[name=practitioner]")).to_have_count(0)

    set_up.open("Aftaletyper", "SU").inside("Behov").tick("Vælg behandler – selvom type styres af behov")
    set_up.save()
    log_in_for_the_examination(invited, aldente)
    expect(page.locator("button[name=practitioner][value=sofie]")).to_be_visible()

    set_up.open("Aftaletyper", "SU").inside("Behov").fill("Max dage EFTER indkaldeuge", "30")
    set_up.save()
    log_in_for_the_examination(invited, aldente)
    expect(page.locator("main")).to_contain_text("86 12 34 56")


def test_aldente_6_a_type_without_needs_is_taken_by_those_who_are_ticked(place: OpenPlace) -> None:
    """Kan oprettes uden behov på følgende behandlere … Det kan fx være: Tandpine, knækket tand etc. (B9)"""
    aldente = before_the_manual(place)
    set_up = SettingUp.of(aldente, "aldente-toothache").open("Aftaletyper", "Tilføj")
    set_up.fill("Navn i klinikken", "Tandpine").last("Varighed", "20", "minutter")
    set_up.inside("Behandlere").tick("Sofie Holm", "Ida Bruun")
    set_up.save().open("Hvem udfører hvad").look()
    patient = a_patient_of(aldente).page
    patient.locator("button[name=type]", has_text="Tandpine").click()
    patient.locator("button[name=practitioner]").first.wait_for()
    assert offered(patient) == ["any", "sofie", "ida"]

    needs = set_up.open("Aftaletyper", "Tandpine").inside("Behov").tick("Oprettelse/behandlere styres af behov")
    needs.inside("Kan oprettes uden behov på følgende behandlere").tick("Ida Bruun")
    set_up.save()
    patient.goto(f"/{aldente.clinic.key}")
    patient.locator("button[name=type]", has_text="Tandpine").click()
    patient.locator("#when").wait_for()
    expect(patient.locator(".summary")).to_contain_text("Ida Bruun")


def test_aldente_8_booking_is_possible_so_many_days_after_today(place: OpenPlace) -> None:
    """Står der ”0”, kan de booke dagen efter, står der ingenting, samme dag, står der ”1”, i overmorgen osv. (S11)"""
    aldente = before_the_manual(place, a_type())
    set_up = SettingUp.of(aldente, "aldente-earliest")
    patient = a_patient_of(aldente)
    patient.choose_type("su")
    expect(patient.days.first).to_have_attribute("value", str(in_days(0)))
    for days, first in (("0", in_days(1)), ("1", in_days(2)), ("", in_days(0))):
        set_up.open("Aftaletyper", "SU").fill("Booking muligt … dag(e) efter dags dato", days)
        set_up.save()
        later = a_patient_of(aldente)
        later.choose_type("su")
        expect(later.days.first).to_have_attribute("value", str(first))


def test_aldente_9_and_10_until_when_an_appointment_may_be_cancelled_and_moved(place: OpenPlace) -> None:
    """Afbud muligt 2 dag(e) før aftalen … Flytning muligt indtil 2 dag(e) før aftalen (M6)."""
    aldente = before_the_manual(place, a_type())
    set_up = SettingUp.of(aldente, "aldente-deadlines").open("Aftaletyper", "SU")
    set_up.last("Afbud muligt … før aftalen", "2", "dage").last("Flytning muligt indtil … før aftalen", "2", "dage")
    set_up.save()
    in_time, too_late = (own_page(aldente, "su", days) for days in (2, 1))
    for may in ("Flyt", "Meld afbud"):
        expect(in_time.get_by_role("link", name=may).or_(in_time.get_by_role("button", name=may)).first).to_be_visible()
    expect(too_late.locator("main")).to_contain_text("86 12 34 56")
    expect(too_late.locator("main")).to_contain_text("for sent")


def test_aldente_new_patients_register_themselves(place: OpenPlace) -> None:
    """Ønskes det at nye patienter selv kan oprette sig … kryds feltet ”Tillad selvoprettelse” af (B7)."""
    refused = {"active": True, "new_patients": False, "holidays": {"closed": False}}
    aldente = before_the_manual(place, a_type(), booking=refused)
    set_up = SettingUp.of(aldente, "aldente-new-patients")
    patient = a_patient_of(aldente).page
    patient.locator("button[name=type][value=su]").click()
    patient.locator("button[name=been][value=no]").click()
    expect(patient.locator(".alert")).to_contain_text("86 12 34 56")
    set_up.find("Server indstillinger", "Tillad selvoprettelse")
    expect(set_up.field("Tillad selvoprettelse")).to_be_in_viewport()
    set_up.tick("Tillad selvoprettelse")
    set_up.save()
    newcomer = a_patient_of(aldente)
    newcomer.choose_type("su")
    newcomer.choose_day().choose_time()
    newcomer.fill_in().review().confirm()


def test_aldente_who_is_signed_up_who_takes_new_patients_and_in_which_order(place: OpenPlace) -> None:
    """Kryds de behandlere af, som skal være tilmeldt under ”Tilmeldt” … nye patienter, under ”Aktiv” (S13)."""
    people = [
        {"key": "sofie", "name": "Sofie Holm", "online": False, "new_patients": False},
        {"key": "mads", "name": "Mads Krogh"},
        {"key": "ida", "name": "Ida Bruun", "online": False, "new_patients": False},
    ]
    aldente = before_the_manual(place, a_type(), practitioners=people)
    set_up = SettingUp.of(aldente, "aldente-people")
    signed_up, takes_new = "Tilmeldt onlinebooking", "Aktiv: tager imod nye patienter"
    set_up.find("Klinik indstillinger", "Behandlere").enter("Sofie Holm").tick(signed_up).save()
    set_up.open("Behandlere", "Ida Bruun").tick(signed_up, takes_new).save()
    set_up.open("Behandlere", "Mads Krogh").untick(signed_up, takes_new).save()
    set_up.open("Behandlere").press("Skift rækkefølge").press("Ida Bruun: Op").press("Ida Bruun: Op").save()
    rows = set_up.open("Behandlere").look().scope.locator("ul.items > li")
    for row, is_signed_up, is_new in ((0, True, True), (1, True, False), (2, False, False)):
        for said, holds in ((signed_up, is_signed_up), (takes_new, is_new)):
            expect(rows.nth(row).get_by_text(said, exact=True)).to_have_count(int(holds))
    old = a_patient_of(aldente).page
    old.locator("button[name=type][value=su]").click()
    old.locator("button[name=been][value=yes]").click()
    old.locator("button[name=practitioner]").first.wait_for()
    assert offered(old) == ["any", "ida", "sofie"]
    new = a_patient_of(aldente)
    new.choose_type("su")
    expect(new.page.locator(".summary")).to_contain_text("Ida Bruun")


def test_aldente_what_it_calls_analytics_is_found_by_that_name(place: OpenPlace) -> None:
    """Du finder 4 knapper; Aktiv – Klinik indstillinger – Analytics indstillinger – Server indstillinger (B17)."""
    aldente = place("aldente")
    set_up = SettingUp.of(aldente, "aldente-analytics").find("Analytics indstillinger", "Sporingslinks")
    set_up.inside("Sporingslinks").fill("Sporingslink for gennemførte bookinger", "https://spor.example/booket.gif")
    set_up.save()
    tracking = aldente.clinic.desk("GET", "document")["booking"]["tracking"]
    assert tracking["completed"] == "https://spor.example/booket.gif"


def log_in_for_the_examination(visitor: Visitor, place: Place) -> None:
    """Choose the examination, and log in with a code by text message."""
    visitor.page.goto(f"/{place.clinic.key}?type=su")
    log_in(visitor.page, place.clinic.public.url, visitor.person)
