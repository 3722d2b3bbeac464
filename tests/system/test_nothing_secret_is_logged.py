"""No log line holds a code, a token or a mobile, however much is logged (DESIGN rule 9, PRODUCT A3, B14)."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
import requests

from tests.system.api_client import Client, staff
from tests.system.clinics import OwnClinic, a_person, at, in_days, own_clinic
from tests.system.installation import ADMIN, Installation, embedded, wait_until
from tests.system.logins import ask, book, known, somebody, wrong
from tests.system.people import a_patient

DAY = in_days(8)


@pytest.fixture
def talkative(tmp_path: Path) -> Iterator[Installation]:
    """Return an installation that logs all it can."""
    installation = embedded(tmp_path, LOG_LEVEL="DEBUG")
    try:
        installation.wait_ready()
        yield installation
    finally:
        installation.stop()


def spellings(mobile: str) -> list[str]:
    """Return a mobile's digits as they could stand in a log."""
    digits = mobile.lstrip("+")
    return [digits, f"0{digits[2:]}"]


def test_no_log_line_holds_a_code_a_token_a_number_or_a_mobile(talkative: Installation) -> None:
    clinic: OwnClinic = own_clinic(
        Client(talkative.url), staff(talkative.url, *ADMIN), identity="se.personnummer", two_step={"patients": True}
    )
    person = a_patient("se.personnummer", "SE", 900)
    stranger = a_person()["mobile"]
    booked = book(clinic.public, clinic, at(DAY, "08:00"), person)
    patient_id = known(clinic, person["last_name"])
    who = {"mobile": person["mobile"], "national_id": person["national_id"]}

    codes = [ask(somebody(clinic), clinic, **who), ask(somebody(clinic), clinic, **who)]
    login = f"/clinics/{clinic.key}/logins"
    wrongs = [somebody(clinic).post(login, {**who, "code": wrong(codes[-1])}).status for _ in range(2)]
    patient = somebody(clinic)
    session = patient.post(login, {**who, "code": codes[-1]})
    assert (wrongs, session.status) == ([401, 401], 201)
    patient.token = session["token"]
    assert patient.get(f"/clinics/{clinic.key}/my/bookings").status == 200
    for number in range(6):
        somebody(clinic).post(
            login, {"mobile": stranger, "national_id": person["national_id"], "code": f"77777{number}"}
        )
    somebody(clinic).post(f"/clinics/{clinic.key}/login-codes", {"mobile": stranger, "national_id": "nonsense"})
    start = at(DAY, "09:00")
    recalled = clinic.desk(
        "POST", "recalls",
        {"patient": patient_id, "type": "visit", "practitioner": "anna", "start": start, "send": ["card"]},
    )  # fmt: skip
    assert recalled.status == 201, recalled
    opened = somebody(clinic).post("/recalls/open", {"national_id": person["national_id"], "code": recalled["code"]})
    assert opened.status == 200, opened
    somebody(clinic).post("/recalls/open", {"national_id": person["national_id"], "code": "7K3M-9QX2"})
    patient.call("DELETE", login)
    calendar = fetched_calendar(clinic)
    wait_until(lambda: "/v1/recalls/open" in logged(talkative), "the log is written")

    secrets = [
        *spellings(person["mobile"]), *spellings(stranger), person["national_id"], person["national_id"][2:],
        session["token"], booked["manage_token"], opened["manage_token"], recalled["code"],
        calendar, recalled["code"].replace("-", ""), "7K3M-9QX2", person["email"],
    ]  # fmt: skip
    found = {secret: line for secret in secrets for line in logged(talkative).splitlines() if secret in line}
    assert not found
    typed = "|".join({*codes, wrong(codes[-1]), "777770"})
    alone = re.compile(rf"(?<![0-9a-f.])({typed})(?![0-9a-f.])")  # no part of an id or a moment
    assert [line for line in logged(talkative).splitlines() if alone.search(line)] == []


def fetched_calendar(clinic: OwnClinic) -> str:
    """Return the token of a secret address by which Anna's calendar was fetched (C16)."""
    account = {"email": f"anna.{clinic.key}@people.example", "role": "therapist", "practitioner": "anna"}
    password = "a password of theirs"
    assert clinic.desk("POST", "accounts", {**account, "password": password}).status == 201
    anna = staff(clinic.public.url, account["email"], password)
    made = anna.post(f"/staff/clinics/{clinic.key}/calendar-feeds", {"practitioner": "anna"})
    assert made.status == 201, made
    token = str(made["url"]).rpartition("/")[2].removesuffix(".ics")
    assert requests.get(f"{clinic.public.url}/calendar/{token}.ics", timeout=60).status_code == 200
    return token


def logged(installation: Installation) -> str:
    """Return all that the installation has written."""
    return "".join(log.read_text() for log in installation.folder.glob("*.log"))
