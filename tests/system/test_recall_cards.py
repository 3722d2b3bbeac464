"""A week's recall cards, printed by the whole system (PRODUCT M2, R2)."""

import io
import re
from typing import Any

import pytest
import requests
from pypdf import PdfReader

from shared.clinic.times.weeks import week_of
from tests.system.api_client import Client, staff
from tests.system.clinics import OwnClinic, a_person, at, in_days, own_clinic
from tests.system.installation import ADMIN, Installation, wait_until

DAY = in_days(15)
SLOW_MACHINE = 60.0  # seconds


@pytest.fixture
def clinic(installation: Installation) -> OwnClinic:
    """Return a clinic that nobody else knows."""
    return own_clinic(Client(installation.url), staff(installation.url, *ADMIN), languages=["sv"])


def recalled(clinic: OwnClinic, time: str) -> dict[str, Any]:
    """Call somebody new in for a visit of that day, by card; return who and the code."""
    person = a_person()
    known = clinic.desk("POST", "bookings", {"type": "visit", "start": at(in_days(-9), time), "patient": person})
    assert known.status == 201, known

    def patient() -> Any:
        return clinic.desk("GET", f"bookings/{known['reference']}")["patient"]["id"]

    wait_until(patient, "the patient's record", SLOW_MACHINE)
    body = {"type": "visit", "practitioner": "anna", "start": at(DAY, time), "send": ["card"], "patient": patient()}
    made = clinic.desk("POST", "recalls", body)
    assert made.status == 201, made
    return {**person, **made.body}


def printed(clinic: OwnClinic, path: str) -> requests.Response:
    """Ask for cards as staff."""
    return requests.get(
        f"{clinic.administrator.url}/v1/staff/clinics/{clinic.key}/recalls/{path}",
        headers={"Authorization": f"Bearer {clinic.administrator.token}"},
        timeout=SLOW_MACHINE,
    )


def words_of(answer: requests.Response) -> list[str]:
    """Return the text of each page."""
    assert (answer.status_code, answer.headers["Content-Type"]) == (200, "application/pdf"), answer.text
    return [re.sub(r"\s+", " ", page.extract_text()) for page in PdfReader(io.BytesIO(answer.content)).pages]


def test_a_weeks_cards_are_printed_four_to_a_sheet_and_each_alone_m2_r2(clinic: OwnClinic) -> None:
    called = [recalled(clinic, time) for time in ("08:00", "08:30", "09:00", "09:30", "10:00")]
    sheets = words_of(printed(clinic, f"cards.pdf?week={week_of(DAY)}"))
    assert len(sheets) == 2
    for person in called:
        assert [sum(person[name] in sheet for sheet in sheets) for name in ("code", "last_name")] == [1, 1]
    assert len(words_of(printed(clinic, f"cards.pdf?week={week_of(DAY)}&layout=a6"))) == 5

    (alone,) = words_of(printed(clinic, f"{called[2]['reference']}/card.pdf"))
    assert called[2]["code"] in alone
    assert "Vi har bokat en tid åt dig." in alone
    assert f"{clinic.public.url.removeprefix('http://')}/recall" in alone
    opened = clinic.public.post("/recalls/open", {"birth_date": called[2]["birth_date"], "code": called[2]["code"]})
    assert clinic.link(opened["manage_token"])["reference"] == called[2]["reference"]


def test_cards_that_there_are_not_are_refused(clinic: OwnClinic) -> None:
    wrong = {
        f"cards.pdf?week={week_of(DAY)}": (404, "not_found"),
        "cards.pdf": (422, "invalid"),
        "cards.pdf?week=2026-W54": (422, "invalid"),
        "NOBODYS000/card.pdf": (404, "not_found"),
    }
    answers = {path: printed(clinic, path) for path in wrong}
    assert {path: (each.status_code, each.json()["code"]) for path, each in answers.items()} == wrong
    assert clinic.public.get(f"/staff/clinics/{clinic.key}/recalls/cards.pdf").status == 401
