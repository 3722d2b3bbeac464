"""By what a patient is told is said before they are booked (PRODUCT C10)."""

from typing import Any

import pytest

from gateway.console.patients.reaching import said_to_reach
from tests.builders.gateway.patients import RECORD

BOTH, NOTHING = "by text message and email", "No message reaches this patient: call them."
CONFIRMED = {"email_confirmed": True}


@pytest.mark.parametrize(
    ("changes", "channels", "said"),
    [
        (CONFIRMED, ["sms", "email"], BOTH),
        (CONFIRMED, ["email"], "by email"),
        ({}, ["sms", "email"], "by text message"),
        ({**CONFIRMED, "sms_ok": False}, ["sms", "email"], "by email"),
        ({**CONFIRMED, "mobile": "+12025550123"}, ["sms", "email"], "by email"),
        ({"mobile": None}, ["sms", "email"], NOTHING),
        (CONFIRMED, [], NOTHING),
    ],
)
def test_c10_what_is_confirmed_consented_to_and_sent_by_the_clinic_reaches_a_patient(
    changes: dict[str, Any], channels: list[str], said: str
) -> None:
    document = {"channels": {"booked": channels}, "country": "SE", "time_zone": "Europe/Stockholm"}
    assert said_to_reach(document, {**RECORD, **changes}) == said
