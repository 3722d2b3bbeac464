"""optamed's manual: the calendar set up click by click, and then seen from the patient's side."""

import re
from collections.abc import Callable

from playwright.sync_api import expect

from shared.clinic.times.weeks import WEEKDAYS
from tests.browser.console.manuals.conftest import Place
from tests.browser.console.manuals.setting_up import SettingUp
from tests.system.installation import wait_until

OpenPlace = Callable[..., Place]
FIXED = ["14:00", "15:15", "16:30", "17:45"]
FLEXIBLE = [f"{14 + minutes // 60}:{minutes % 60:02}" for minutes in range(0, 166, 15)]
"""The manual's own table, before and after."""


def seen_by_a_patient(place: Place, key: str) -> list[str]:
    """Return the times of the first free day of the next month, as the page has them, from the first on."""
    visitor = place.patient().choose_type(key).choose_day(0)
    for hour in visitor.page.locator(".times details:not([open]) > summary").all():
        hour.click()
    return [str(each.get_attribute("value"))[11:16] for each in visitor.times.all()]


def mails_of(place: Place, reference: str) -> dict[str, str]:
    """Return the texts of a booking's emails by their addresses, once patient and therapist have theirs."""
    found: dict[str, str] = {}

    def have_come() -> bool:
        rows = place.clinic.desk("GET", "messages", booking=reference)["messages"]
        found.update({str(each["to"]): str(each["id"]) for each in rows if each["channel"] == "email"})
        return len(found) > 2  # the cabinet itself has one, too

    wait_until(have_come, "the emails")
    return {to: str(place.clinic.desk("GET", f"messages/{id}")["text"]) for to, id in found.items()}


def test_optamed_hours_and_prestations_are_managed_fixed_and_flexible(place: OpenPlace) -> None:
    """S1, S4, S5. « … modifier le « Type de disponibilité » … en le passant de « Fixe » à « Flexible » »"""
    optamed = place("optamed")
    set_up = SettingUp.of(optamed, "optamed-hours").look()
    set_up.open("Semaines types", "Ajouter").fill("Nom de la semaine type", "apres-midi")
    for day in WEEKDAYS:
        set_up.type_blocks(day, "Consultation", ("14h00", "18h00"))
    set_up.save()
    set_up.open("Horaires du cabinet", "Claire Monnier").choose("apres-midi", of="Semaine type").save()

    form = set_up.open("Prestations", "Ajouter").fill("Nom au sein du cabinet", "Massage")
    form.inside("Nom en ligne").fill("Français", "Massage thérapeutique")
    form.last("Durée", "1h15").tick("Rendez-vous possible en ligne").inside("Thérapeutes").tick("Claire Monnier")
    set_up.save().look()
    offer = optamed.patient().page.locator("button[name=type]", has_text="Massage thérapeutique")
    expect(offer).to_contain_text(re.compile(r"1.h.15.min"))
    key = str(offer.get_attribute("value"))
    assert seen_by_a_patient(optamed, key) == FIXED

    form = set_up.open("Prestations", "Massage").inside("Quels horaires sont proposés")
    form.choose("Flexible : toutes les tant de minutes", of="Type de disponibilité")
    set_up.save()
    assert seen_by_a_patient(optamed, key) == FLEXIBLE


def test_optamed_reminders_go_out_24_48_and_72_hours_before_in_the_clinic_s_words(place: OpenPlace) -> None:
    """N3, N4. « … un rappel (qu'il est possible de personnaliser) … par SMS 24, 48 ou 72 heures avant … »"""
    optamed = place("optamed", reminders=[])
    set_up = SettingUp.of(optamed, "optamed-reminders").open("Messages et rappels")
    for row, hours in enumerate(("72", "48", "24")):
        reminder = set_up.inside(f"Rappels {row + 1}").last("Combien de temps avant", hours)
        reminder.choose("SMS", of="Envoyé par")
        if row < 2:
            set_up.scope.locator("button[value='more:reminders']").click()
            set_up.page.wait_for_load_state()
    own = set_up.inside("Textes des messages du cabinet").inside("Rappel").inside("SMS")
    own.fill("Français", "{{ prénom }}, à bientôt !")
    assert "Les doubles accolades" in set_up.refused() or "complété" in set_up.refused()
    set_up.look()
    own = set_up.inside("Textes des messages du cabinet").inside("Rappel").inside("SMS")
    own.fill("Français", "{{ patient.first_name }}, à {{ booking.time }} au cabinet. Annuler : {{ link }}")
    set_up.save().look()
    reminders = optamed.clinic.desk("GET", "document")["reminders"]
    assert reminders == [{"before": hours, "channel": "sms"} for hours in ("72h", "48h", "24h")]
    answer, _ = optamed.book(optamed.slots(practitioner="claire")[-1])
    page = optamed.patient().page
    page.goto(f"/m/{answer['manage_token']}")
    expect(page.get_by_text("SMS").filter(has_text=re.compile("rappel", re.IGNORECASE))).to_have_count(3)


def test_optamed_both_are_told_of_a_booking_which_is_changed_by_its_link_until_a_deadline_of_choice(
    place: OpenPlace,
) -> None:
    """N1, M6. « … contient toutes les informations utiles … plus de 24 heures (option personnalisable) à l'avance »"""
    optamed = place("optamed")
    slot = optamed.slots(practitioner="claire")[-1]
    answer, patient = optamed.book(slot)
    mails = mails_of(optamed, answer["reference"])
    for address in (patient["email"], "claire@tilleuls.example"):
        for said in ("Rue des Tilleuls 4", "1 h 15 min", "ostéopathie", "Claire Monnier"):
            assert said in " ".join(mails[address].split()).lower() or said in mails[address], (address, said)
        assert re.search(r"\b1[4-7]h\d\d\b", mails[address])
    assert "/m/" in mails[patient["email"]]
    assert f"/bookings/{answer['reference']}" in mails["claire@tilleuls.example"]
    page = optamed.patient().page
    page.goto(f"/m/{answer['manage_token']}")
    expect(page.locator("main a[href*='go=cancel']")).to_have_count(1)

    set_up = SettingUp.of(optamed, "optamed-deadline")
    rules = set_up.open("Prise de rendez-vous en ligne").inside("Prise de rendez-vous en ligne")
    rules.last("Annulation possible jusqu’à … avant le rendez-vous", "2160", "heures")
    rules.last("Déplacement possible jusqu’à … avant le rendez-vous", "2160", "heures")
    set_up.save()
    page.reload()
    expect(page.locator("main a[href*='go=']")).to_have_count(0)
    expect(page.locator("main .notice").last.locator("a[href^='tel:']")).to_have_count(1)


def test_optamed_an_administrator_gives_a_therapist_access(place: OpenPlace) -> None:
    """C1. « Il y a un accès différent pour chacun des thérapeutes configurés … accès "administrateur" »"""
    optamed = place("optamed")
    set_up = SettingUp.of(optamed, "optamed-access")
    page = set_up.page
    page.locator(".nav").get_by_role("link", name="Accès").click()
    page.locator("table.list, .empty").first.wait_for()
    set_up.enter("Ajouter une personne")
    email = f"luc-{optamed.clinic.key}@tilleuls.example"
    panel = page.locator("#panel")
    panel.locator("[name=email]").fill(email)
    panel.get_by_label("Thérapeute").check()
    panel.locator("[name=practitioner]").select_option(label="Luc Favre")
    set_up.look()
    panel.get_by_role("button", name="Envoyer le lien").click()
    row = page.locator("table.list tr", has_text=email)
    expect(row).to_contain_text("Thérapeute")
    expect(row).to_contain_text("Luc Favre")
