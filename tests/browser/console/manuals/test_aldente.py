"""aldente's manual: online booking set up click by click, and then seen from the patient's side."""

from collections.abc import Callable

from playwright.sync_api import expect

from tests.browser.console.manuals.conftest import Place
from tests.browser.console.manuals.setting_up import SettingUp

OpenPlace = Callable[..., Place]


def test_aldente_online_booking_is_started(place: OpenPlace) -> None:
    """Knappen til venstre skal stå som vist: ”Aktiv”. Er det ikke tilfældet, så klik på den og tryk ”Start” (B1)."""
    aldente = place("aldente", booking={"active": False})
    patient = aldente.visit(locale="da-DK").page
    patient.goto(f"/{aldente.clinic.key}")
    expect(patient.locator("button[name=type]")).to_have_count(0)
    set_up = SettingUp.of(aldente, "aldente-start")
    set_up.look().open("Onlinebooking")
    set_up.inside("Onlinebooking").tick("Aktiv: onlinebooking er startet")
    set_up.save()
    patient.reload()
    expect(patient.locator("button[name=type]")).to_have_count(3)
