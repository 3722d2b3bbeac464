"""Patients and needs as others see them: over RPC, and sealed in events."""

from typing import Any
from zoneinfo import ZoneInfo

from services.patient.model.needs import CLOSED, OPEN, ClinicNeeds, Need
from services.patient.model.patients import Patient, masked
from services.patient.secrets import Secrets

View = dict[str, Any]


def of_patient(patient: Patient, zone: ZoneInfo, secrets: Secrets, *, full_number: bool) -> View:
    """Return the patient as staff see them; the identity number in full or masked.

    `sms_ok` and `email_ok` are null where the patient was never asked.
    """
    identity = _identity(patient, secrets)
    if identity is not None and not full_number:
        identity["number"] = masked(identity["scheme"], identity["number"])
    return {
        "id": patient.id,
        **_contact(patient),
        "sms_reminder": patient.sms_reminder,
        "mobile_unconfirmed": patient.mobile_unconfirmed,
        "birth_date": _day(patient),
        "identity": identity,
        "origin": patient.origin,
        "created_at": patient.created_at.astimezone(zone).isoformat(timespec="seconds"),
        "version": patient.version,
    }


def patient_told(patient: Patient, booking: str | None, secrets: Secrets) -> View:
    """Return the `data` of the patient's events (`shared.contracts.patient`)."""
    return {
        "patient": patient.id,
        "booking": booking,
        "sms_reminder": patient.sms_reminder,
        "person": secrets.people.seal(_contact(patient)),
    }


def of_need(need: Need, booking: str | None, clinic: ClinicNeeds, *, for_patient: bool = False) -> View:
    """Return a need on the clinic's today; whose it is, is not shown to patients."""
    last_day = clinic.last_day(need)
    return {
        "id": need.id,
        "patient": None if for_patient else need.patient,
        "type": need.type,
        "practitioner": need.practitioner,
        "minutes": need.minutes,
        "week": need.week,
        "state": clinic.state(need, booking),
        "usable_until": last_day.isoformat() if last_day else None,
        "booking": booking,
    }


def need_told(need: Need, patient: Patient, secrets: Secrets) -> View:
    """Return the `data` of a need's events."""
    person = {"identity": _identity(patient, secrets), "birth_date": _day(patient), **_contact(patient)}
    return {
        "need": need.id,
        "patient": need.patient,
        "type": need.type,
        "practitioner": need.practitioner,
        "minutes": need.minutes,
        "week": need.week,
        "state": CLOSED if need.closed else OPEN,
        "person": secrets.people.seal(person),
    }


def _identity(patient: Patient, secrets: Secrets) -> dict[str, str] | None:
    if not patient.scheme or not patient.number_sealed:
        return None
    number: str = secrets.numbers.open(patient.number_sealed)
    return {"scheme": patient.scheme, "number": number}


def _day(patient: Patient) -> str | None:
    return patient.birth_date.isoformat() if patient.birth_date else None


def _contact(patient: Patient) -> View:
    return {
        "first_name": patient.first_name,
        "last_name": patient.last_name,
        "mobile": patient.mobile,
        "email": patient.email,
        "sms_ok": patient.sms_ok,
        "email_ok": patient.email_ok,
    }
