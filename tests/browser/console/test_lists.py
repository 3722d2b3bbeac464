"""Absences, watch list and recalls as they are worked with: in both directions, on a desk and on a telephone."""

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import expect

from shared.clinic.times.weeks import week_of
from tests.browser.called import called, known
from tests.browser.console.desk import Desk
from tests.browser.eyes import WINDOWS, Eyes
from tests.browser.visitor import Visitor
from tests.system.api_client import Client, staff
from tests.system.clinics import OwnClinic, a_block, a_person, at, in_days, own_clinic
from tests.system.installation import ADMIN, Installation

Visit = Callable[..., Visitor]
LOCALES = {"en": "en-GB", "fa": "fa-IR"}


@pytest.fixture(scope="module")
def lived_in(running: Installation) -> dict[str, Any]:
    """Return a clinic with an absence in the way of bookings, somebody to call back, needs and a booked recall."""
    practitioners = [{"key": "anna", "name": "Anna Berg"}, {"key": "bo", "name": "Bo Ek"}]
    clinic = own_clinic(
        Client(running.url), staff(running.url, *ADMIN), a_block("08:00", "16:00"),
        country="SE", practitioners=practitioners, languages=["en", "fa"], name="The clinic by the lake",
    )  # fmt: skip
    cancelled = clinic.book(at(in_days(6), "09:00"))
    clinic.link(cancelled["manage_token"], "cancel", {"comment": "I have to travel & cannot come <that week>."})
    patient = known(clinic, a_person())
    called(clinic, patient, "sms", week=week_of(in_days(14)), practitioner="bo", minutes=50)
    late = known(clinic, a_person(email=None))
    called(clinic, late, "card", week=week_of(in_days(-14)))
    recall = {"patient": patient, "type": "visit", "practitioner": "anna", "start": at(in_days(7), "10:00")}
    assert clinic.desk("POST", "recalls", {**recall, "send": ["email", "card"]}).status == 201
    for hour in ("08:00", "08:30", "11:00"):
        booked = clinic.desk("POST", "bookings", {**recall, "start": at(in_days(8), hour), "patient": a_person()})
        assert booked.status == 201, booked
    away = {"practitioner": "anna", "from": in_days(8).isoformat(), "to": in_days(9).isoformat(), "reason": "Ill"}
    return {"clinic": clinic, "patient": patient, "absence": clinic.desk("POST", "absences", away)["id"]}


def steps(lived_in: dict[str, Any]) -> dict[str, str]:
    """Return the pages, by what they are."""
    absence, patient = lived_in["absence"], lived_in["patient"]
    return {
        "absences": "/absences",
        "new-absence": f"/absences/new?practitioner=anna&from={in_days(8)}T08:00&to={in_days(8)}T09:00",
        "absence": f"/absences/{absence}",
        "in-the-way": f"/absences/{absence}/collisions",
        "watch-list": "/watch-list",
        "due": "/recalls",
        "overdue": "/recalls?list=overdue",
        "booked": "/recalls?list=booked",
        "expired": "/recalls?list=expired",
        "who": "/recalls/need",
        "need": f"/recalls/need?patient={patient}",
        "time": f"/recalls/booked?patient={patient}&type=visit&practitioner=anna",
    }


@pytest.mark.parametrize(
    ("window", "language"), [("desktop", "en"), ("telephone", "en"), ("desktop", "fa"), ("telephone", "fa")]
)
def test_the_lists_are_fit_for_everybody_and_fit_the_window(
    visit: Visit, lived_in: dict[str, Any], window: str, language: str
) -> None:
    visitor = visit(**WINDOWS[window], locale=LOCALES[language])
    page, eyes = visitor.page, Eyes(visitor.page, f"lists-{language}-{window}")
    clinic: OwnClinic = lived_in["clinic"]
    desk = Desk(page, clinic).sign_in("/absences")
    wide = {}
    for name, path in steps(lived_in).items():
        desk.page.goto(f"/staff/{clinic.key}{path}")
        desk.page.wait_for_load_state("networkidle")
        eyes.look(name)
        if visitor.overflow():
            wide[name] = visitor.overflow()
    assert (eyes.faults, wide) == ({}, {})
    expect(page.locator("#panel-title")).to_be_visible()
