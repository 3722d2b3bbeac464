"""Records of patients and needs of theirs, as the store keeps them."""

from dataclasses import replace
from typing import Any

from services.patient.model.needs import Need
from services.patient.model.patients import Patient
from tests.builders.patient.desks import NOW

MOBILE = "+46701740699"

_EVA = Patient(
    id="1",
    clinic="solna",
    scheme=None,
    number_hash=None,
    number_sealed=None,
    birth_date=None,
    first_name="Eva",
    last_name="Lind",
    mobile=MOBILE,
    email="eva@example.org",
    sms_ok=True,
    email_ok=True,
    sms_reminder=True,
    origin="staff",
    created_at=NOW,
    mobile_confirmed=True,
    email_confirmed=True,
)


def a_patient(id: str = "1", **changes: Any) -> Patient:
    """Return the record of Eva Lind at solna, who has no number; staff have written it down."""
    return replace(_EVA, id=id, **changes)


def a_need(id: str = "n1", **changes: Any) -> Need:
    """Return an open need of the patient `1` at solna, whoever it is with."""
    plain = Need(id, "solna", "1", "exam", None, 45, "2026-W48", closed=False, created_at=NOW)
    return replace(plain, **changes)
