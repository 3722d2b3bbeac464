"""One patient's data over running services: handed out whole, and erased everywhere (PRODUCT A3, ADR 53)."""

import pytest
from sqlalchemy import MetaData, select

from shared.sealed import Sealer
from tests.builders.lying_open import opened
from tests.system.api_client import Client, staff
from tests.system.clinics import OwnClinic, a_person, at, in_days, own_clinic
from tests.system.databases import open_database
from tests.system.installation import ADMIN, Installation, wait_until

VISIT = {"key": "visit", "name": "Visit", "length": "30m"}
DATABASES = ("AVAILABILITY", "BOOKING", "PATIENT", "NOTIFICATION", "STAFF")
LAST_NAME = "Vrålåkersson"
COMMENT = "Vaknade med feber i natt"
NOTE = "Ringer alltid före besöket"
TEXTS = (LAST_NAME, COMMENT, NOTE)


@pytest.fixture(scope="module")
def clinic(deployed_installation: Installation) -> OwnClinic:
    """Return a clinic."""
    return own_clinic(Client(deployed_installation.url), staff(deployed_installation.url, *ADMIN), types=[VISIT])


def found(installation: Installation) -> dict[str, list[str]]:
    """Return which of the person's texts stand in which database, every sealed value opened."""
    sealers = [Sealer(installation.environment[name]) for name in ("EVENT_KEYS", "IDENTITY_KEYS")]
    where: dict[str, list[str]] = {}
    for name in DATABASES:
        with open_database(installation.environment[f"{name}_DATABASE_URL"]) as connection:
            tables = MetaData()
            tables.reflect(connection)
            rows = [[*map(tuple, connection.execute(select(each)))] for each in tables.sorted_tables]
        text = opened(rows, *sealers)
        where[name] = [each for each in TEXTS if each in text]
    return {name: texts for name, texts in where.items() if texts}


def test_a3_a_patient_is_handed_out_whole_and_erased_everywhere(
    deployed_installation: Installation, clinic: OwnClinic
) -> None:
    booked = clinic.book(at(in_days(20), "08:00"), a_person(last_name=LAST_NAME))
    reference, token = booked["reference"], booked["manage_token"]

    def patient() -> str:
        return str(clinic.desk("GET", f"bookings/{reference}")["patient"]["id"] or "")

    wait_until(patient, "the booking to be linked")
    record = f"patients/{patient()}"
    name = f"{clinic.desk('GET', record)['first_name']} {LAST_NAME}"
    assert clinic.desk("PATCH", record, {"note": NOTE}).status == 200
    coming = clinic.desk("POST", f"{record}/erase", {"confirm": name})
    assert (coming.status, "Cancel it first" in str(coming["errors"])) == (422, True)
    assert clinic.link(token, "cancel", {"comment": COMMENT}).status == 200
    wait_until(lambda: len(clinic.desk("GET", f"{record}/export")["messages"]) > 1, "the messages")
    held = clinic.desk("GET", f"{record}/export")
    assert (held["patient"]["note"], held["bookings"][0]["comment"]) == (NOTE, COMMENT)
    assert found(deployed_installation).keys() == {"BOOKING", "PATIENT", "NOTIFICATION"}
    assert clinic.desk("POST", f"{record}/erase", {"confirm": "Somebody Else"}).status == 422
    assert clinic.desk("POST", f"{record}/erase", {"confirm": name}).status == 200
    wait_until(lambda: clinic.desk("GET", f"{record}/erasure")["everywhere_at"], "the others to erase their part")
    assert found(deployed_installation) == {}
    assert clinic.desk("GET", record).status == 404
    left = clinic.desk("GET", f"bookings/{reference}")
    assert (left["type"], left["status"], left["patient"]["last_name"]) == ("visit", "cancelled", None)
    assert clinic.desk("GET", "history/verify")["broken"] == []
