"""`frontdesk audit verify`: what is done to a history by hand is found, beside running services (PRODUCT A1)."""

import json
from typing import Any

import pytest
from click.testing import CliRunner, Result
from sqlalchemy import text

from cli.main import main
from tests.system.api_client import Client, staff
from tests.system.clinics import OwnClinic, at, in_days, own_clinic
from tests.system.databases import open_database
from tests.system.installation import ADMIN, Installation

VISIT = {"key": "visit", "name": "Visit", "length": "30m"}


@pytest.fixture(scope="module")
def clinic(deployed_installation: Installation) -> OwnClinic:
    """Return a clinic."""
    return own_clinic(Client(deployed_installation.url), staff(deployed_installation.url, *ADMIN), types=[VISIT])


def verify(installation: Installation, *options: str) -> Result:
    """Run the command."""
    environment: dict[str, Any] = installation.environment
    return CliRunner().invoke(main, ["audit", "verify", *options], env=environment)


def test_a1_a_changed_history_is_found_by_the_command_and_over_http(
    deployed_installation: Installation, clinic: OwnClinic
) -> None:
    kept, changed = (clinic.book(at(in_days(day), "08:00"))["reference"] for day in (20, 21))
    whole = verify(deployed_installation, clinic.key)
    assert (whole.exit_code, "2 booking(s)" in whole.output, "all is as it was written" in whole.output) == (
        0, True, True,
    )  # fmt: skip
    with open_database(deployed_installation.environment["BOOKING_DATABASE_URL"]) as connection:
        connection.execute(text("ALTER TABLE history DISABLE TRIGGER USER"))
        connection.execute(text("UPDATE history SET type = 'BookingMoved' WHERE booking = :it"), {"it": changed})
        connection.execute(text("ALTER TABLE history ENABLE TRIGGER USER"))
    found = verify(deployed_installation, "--json", clinic.key)
    told = json.loads(found.output)
    assert (found.exit_code, told["checked"]) == (1, 2)
    broken = {"reference": changed, "position": 1, "checkpoint": None, "reason": "the entry was changed"}
    assert broken in told["broken"]
    assert kept not in {each["reference"] for each in told["broken"]}
    assert changed in verify(deployed_installation, clinic.key).output
    assert broken in clinic.desk("GET", "history/verify")["broken"]


def test_a_clinic_that_there_is_not_is_said(deployed_installation: Installation) -> None:
    refused = verify(deployed_installation, "nowhere")
    assert (refused.exit_code, "There is no clinic nowhere." in refused.output) == (1, True)
