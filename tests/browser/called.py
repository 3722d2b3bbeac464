"""Patients whom a test's own clinic has called in."""

from itertools import count
from typing import Any

from tests.system.clinics import OwnClinic, at, in_days
from tests.system.installation import wait_until

SLOW_MACHINE = 60.0  # seconds
CONTROLLED = {"controlled": True, "days_after_week": None}
_past = count(30)


def known(clinic: OwnClinic, person: dict[str, Any], type_key: str = "visit") -> str:
    """Return the id of a patient whom the clinic knows from an earlier visit."""
    start = at(in_days(-next(_past)), "09:00")
    visit = {"type": type_key, "start": start, "patient": person, "outside_plan": True}
    booked = clinic.desk("POST", "bookings", visit)
    assert booked.status == 201, booked
    reference = booked["reference"]

    def id_of() -> Any:
        return clinic.desk("GET", f"bookings/{reference}")["patient"]["id"]

    wait_until(id_of, "the patient is made", SLOW_MACHINE)
    return str(id_of())


def called(clinic: OwnClinic, patient: str, send: str = "card", **need: Any) -> tuple[str, str]:
    """Give a patient a need and call them in; return the need's id and the code of their card."""
    wish = {"patient": patient, "type": "visit", "minutes": 30, "week": "2026-W01", **need}
    given = clinic.desk("POST", "needs", wish)
    assert given.status == 201, given
    id = str(given["id"])

    def issued() -> Any:
        answer = clinic.desk("POST", "recalls/issue", {"need": id, "send": [send]})
        return answer["issued"][0]["code"] if answer.status == 200 else None

    wait_until(issued, "booking has heard of the need", SLOW_MACHINE)
    return id, str(issued())
