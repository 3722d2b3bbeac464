"""Nothing of who is asked for at the desk stands in a log or an address (CONSOLE; A3)."""

import logging

import pytest

from shared.contracts.errors import WrongLogin
from tests.builders.gateway.console import Browser
from tests.builders.gateway.patients import EVA, RECORD, with_eva
from tests.builders.gateway.world import World

PASSWORD = "not quite the password"
SECRETS = (PASSWORD, "ann@solna.example", "203.0.113.7", RECORD["mobile"], RECORD["email"], "Lind", "198504121230")


def test_a3_signing_in_searching_and_correcting_name_nobody(clinic: World, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    browser = with_eva(Browser(clinic))
    clinic.staff.answers |= {"log_in": WrongLogin.because("Wrong."), "ask_reset": None}
    clinic.booking.answers["find"] = {"bookings": [], "next": None}
    at = "/staff/solna/patients"
    answers = [
        browser.post("/staff/-/sign-in", {"email": "ann@solna.example", "password": PASSWORD, "to": at}),
        browser.post("/staff/-/reset", {"email": "ann@solna.example"}),
        browser.post(at, {"search": RECORD["mobile"]}),
        browser.post(at, {"search": "Eva Lind"}),
        browser.get(f"{at}/{EVA}"),
        browser.post(f"{at}/{EVA}/edit", {"first_name": "Eva", "last_name": "Lind", "email": RECORD["email"]}),
        browser.get(f"{at}?q=Lind"),
    ]

    assert [each.status_code for each in answers] == [401, 200, 303, 303, 200, 303, 200]
    assert "POST /staff/<place:clinic>/patients 303" in caplog.text
    addresses = [each.location or "" for each in answers]
    for secret in (*SECRETS, browser.token):
        assert secret not in caplog.text
        assert not any(secret in address for address in addresses)
