"""A practitioner is ill: a day of fourteen patients is dealt with in the console in under two minutes (PRODUCT C12).

The seconds of a person's time are reckoned, not measured: by the keystroke-level model (Card, Moran, Newell) a press
with the mouse takes 1.1 s to point and 0.2 s to press, and 1.35 s of thought; to read what is suggested for one patient
and agree takes 3 s. A machine's speed plays no part in it.
"""

import re
from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import expect

from tests.browser.console.desk import Desk
from tests.browser.console.presses import count_presses, presses
from tests.browser.eyes import WINDOWS, Eyes
from tests.browser.visitor import Visitor
from tests.system.api_client import Client, staff
from tests.system.clinics import OwnClinic, a_block, a_person, at, in_days, own_clinic
from tests.system.installation import ADMIN, Installation, wait_until

Visit = Callable[..., Visitor]

PATIENTS = 14
TWO_MINUTES = 120.0
PRESS, THOUGHT, READING = 1.1 + 0.2, 1.35, 3.0
"""Seconds: to point and press, to decide on it, and to read one patient's suggestion."""


@pytest.fixture(scope="module")
def clinic(running: Installation) -> OwnClinic:
    """Return a clinic of three practitioners, of whom one is going to be ill."""
    practitioners = [
        {"key": key, "name": name} for key, name in (("anna", "Anna Berg"), ("bo", "Bo Ek"), ("cia", "Cia Ö"))
    ]
    return own_clinic(
        Client(running.url), staff(running.url, *ADMIN), a_block("08:00", "16:00"),
        country="SE", practitioners=practitioners, languages=["en", "fa"], name="The clinic by the lake",
    )  # fmt: skip


def a_full_day(clinic: OwnClinic, day: Any, count: int = PATIENTS, *, reached: bool = False) -> list[str]:
    """Book a day of Anna's; the last of its patients is `reached` by no message unless said. Return the references."""
    made = []
    for number in range(count):
        person = a_person() if reached or number < count - 1 else a_person(email=None, sms_ok=False)
        start = at(day, f"{8 + number // 2:02d}:{30 * (number % 2):02d}")
        booked = clinic.desk(
            "POST", "bookings", {"type": "visit", "practitioner": "anna", "start": start, "patient": person}
        )
        assert booked.status == 201, booked
        made.append(str(booked["reference"]))
    return made


def test_c12_a_sick_practitioner_s_day_of_fourteen_patients_takes_under_two_minutes(
    visit: Visit, clinic: OwnClinic
) -> None:
    visitor, day = visit(**WINDOWS["desktop"], locale="en-GB"), in_days(9)
    made = a_full_day(clinic, day)
    page, eyes = visitor.page, Eyes(visitor.page, "sick-day")
    count_presses(page)
    Desk(page, clinic).sign_in("/absences")
    eyes.look("absences")
    before = presses(page)
    page.get_by_role("link", name="Enter an absence").click()
    page.locator("#panel select[name=whose]").select_option("practitioner:anna")
    for name in ("from", "to"):
        page.locator(f"#panel input[name={name}]").fill(day.isoformat())
    expect(page.locator("#collisions li")).to_have_count(PATIENTS)
    eyes.look("in-the-way")
    page.get_by_role("button", name="Save").click()
    page.locator(".dealing").wait_for()
    expect(page.locator(".dealt")).to_have_count(PATIENTS)
    eyes.look("suggested")
    first = page.locator(f".dealt[data-reference='{made[0]}']")
    first.get_by_text("Send a link").click()
    page.locator("textarea[name=text]").fill("Anna is ill today. We are sorry.")
    page.get_by_role("button", name="Do what is chosen").click()
    page.locator("#results").wait_for()
    done = presses(page) - before
    expect(page.locator(".results .moved")).to_have_count(PATIENTS - 1)
    expect(page.locator(".results .invited")).to_have_count(1)
    eyes.look("done")
    assert done <= 6, "who is away, save, one other choice, do it"
    assert done * (PRESS + THOUGHT) + PATIENTS * READING < TWO_MINUTES
    assert eyes.faults == {}
    assert visitor.overflow() == 0
    told = {clinic.desk("GET", f"bookings/{reference}")["start"][:10] for reference in made[1:]}
    assert day.isoformat() not in told or all(
        clinic.desk("GET", f"bookings/{reference}")["practitioner"] != "anna"
        for reference in made[1:]
        if clinic.desk("GET", f"bookings/{reference}")["start"][:10] == day.isoformat()
    )
    watched = clinic.desk("GET", "watch-list")["watch_list"]
    assert [(each["booking"]["reference"], each["reason"]) for each in watched] == [(made[0], "absence")]


def test_c12_by_the_link_the_patient_chooses_another_time_with_whoever_takes_it(
    visit: Visit, clinic: OwnClinic
) -> None:
    day = in_days(12)
    (reference,) = a_full_day(clinic, day, count=1, reached=True)
    away = {"practitioner": "anna", "from": day.isoformat(), "to": day.isoformat(), "reason": "Ill"}
    absence = clinic.desk("POST", "absences", away)["id"]
    sent = {"invite": [reference], "text": "Anna is ill. We are sorry."}
    assert clinic.desk("POST", f"absences/{absence}/collisions", sent)["results"][0]["done"] == "invited"

    def link() -> str | None:
        told = clinic.desk("GET", "messages", booking=reference)["messages"]
        texts = [each["text"] for each in told if each["event"] == "choose_again" and each["channel"] == "sms"]
        return next((found[0] for text in texts if (found := re.search(r"/m/\S+", text))), None)

    wait_until(link, "the patient is asked to choose")
    patient = visit(**WINDOWS["telephone"], locale="en-GB")
    page, eyes = patient.page, Eyes(patient.page, "chooses-again")
    page.goto(f"{link()}?lang=en")
    expect(page.locator("main")).to_contain_text("Anna is ill. We are sorry.")
    eyes.look("asked")
    page.get_by_role("link", name="Choose a new time").click()
    patient.choose_day(1).choose_time()
    eyes.look("with-whom")
    page.locator("input[name=practitioner][value=bo]").check()
    page.get_by_role("button", name="Confirm the new time").click()
    expect(page.locator(".success")).to_contain_text("Your appointment has been moved.")
    assert eyes.faults == {}
    assert patient.overflow() == 0
    moved = clinic.desk("GET", f"bookings/{reference}")
    assert (moved["practitioner"], moved["invited"]) == ("bo", False)
    watched = clinic.desk("GET", "watch-list")["watch_list"]
    assert reference not in {each["booking"]["reference"] for each in watched}
