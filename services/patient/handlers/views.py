"""Patients and needs as others see them: over RPC, and sealed in events."""

from dataclasses import replace
from typing import Any
from zoneinfo import ZoneInfo

from services.patient.handlers.desk import Keys
from services.patient.model.consent import Word
from services.patient.model.needs import ClinicNeeds, Need
from services.patient.model.patients import Patient, masked
from shared.contracts.patient import NeedState, PatientState
from shared.contracts.people import CONSENTS, Contact, Identity, Person
from shared.contracts.plain import plain

View = dict[str, Any]

_SHOWN = ("first_name", "last_name", "mobile", "email", "sms_ok", "email_ok")


def of_patient(patient: Patient, zone: ZoneInfo, keys: Keys, *, full_number: bool) -> View:
    """Return the patient as staff see them; the identity number in full or masked.

    `sms_ok` and `email_ok` are null where the patient was never asked. In lists there is neither the note nor whose
    word these are: `sms_ok_said`, `email_ok_said` `{at, actor}`, null where that is not noted (A3).
    """
    identity = _identity(patient, keys)
    if identity is not None and not full_number:
        identity = replace(identity, number=masked(identity.scheme, identity.number))
    return {
        "id": patient.id,
        **{name: getattr(patient, name) for name in _SHOWN},
        "sms_reminder": patient.sms_reminder,
        "mobile_confirmed": patient.mobile_confirmed,
        "email_confirmed": patient.email_confirmed,
        "mobile_unconfirmed": "mobile" in patient.unconfirmed,
        "birth_date": plain(patient.birth_date),
        "identity": plain(identity),
        "origin": patient.origin,
        "created_at": patient.created_at.astimezone(zone).isoformat(timespec="seconds"),
        "version": patient.version,
        **(_whole(patient, zone, keys) if full_number else {}),
    }


def _whole(patient: Patient, zone: ZoneInfo, keys: Keys) -> View:
    said = {f"{name}_said": getattr(patient, f"{name}_said") for name in CONSENTS.values()}
    return {"note": noted_of(patient, keys), **{name: word and _word(word, zone) for name, word in said.items()}}


def _word(word: Word, zone: ZoneInfo) -> View:
    at = word.at.astimezone(zone).isoformat(timespec="seconds")
    return {"at": at, "actor": {"kind": word.kind, "id": word.id}}


def noted_of(patient: Patient, keys: Keys) -> str | None:
    """Return what staff have noted of a patient for themselves, None for nothing (PRODUCT C9)."""
    noted: str | None = keys.people.open(patient.note_sealed) if patient.note_sealed else None
    return noted


def of_person(patient: Patient) -> View:
    """Return one of the people of a telephone, by whom that is proven."""
    return {"person": patient.id, "first_name": patient.first_name, "last_name": patient.last_name}


def for_booking(patient: Patient, keys: Keys) -> View:
    """Return what a booking takes from the record: number, names and birth date, and the confirmed addresses."""
    known = vars(_contact(patient))
    doubted = {*patient.unconfirmed, *(CONSENTS[name] for name in patient.unconfirmed)}
    shown = {name: None if name in doubted else known[name] for name in _SHOWN}
    return {**shown, "identity": plain(_identity(patient, keys)), "birth_date": plain(patient.birth_date)}


def patient_told(patient: Patient, booking: str | None, keys: Keys) -> PatientState:
    """Return what the patient's events hold; `booking` is the one that made or found the record."""
    return PatientState(
        patient=patient.id,
        booking=booking,
        sms_reminder=patient.sms_reminder,
        person=keys.people.seal(plain(_contact(patient))),
    )


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


def need_told(need: Need, patient: Patient, keys: Keys) -> NeedState:
    """Return what a need's events hold."""
    return NeedState(
        need=need.id,
        patient=need.patient,
        type=need.type,
        practitioner=need.practitioner,
        minutes=need.minutes,
        week=need.week,
        state="closed" if need.closed else "open",
        person=keys.people.seal(plain(person(patient, keys))),
    )


def person(patient: Patient, keys: Keys) -> Person:
    """Return who a patient is, and where messages reach them."""
    return Person(**vars(_contact(patient)), identity=_identity(patient, keys), birth_date=patient.birth_date)


def _identity(patient: Patient, keys: Keys) -> Identity | None:
    if not patient.scheme or not patient.number_sealed:
        return None
    return Identity(patient.scheme, keys.numbers.open(patient.number_sealed))


def _contact(patient: Patient) -> Contact:
    return Contact(
        first_name=patient.first_name,
        last_name=patient.last_name,
        mobile=patient.mobile,
        email=patient.email,
        unconfirmed=patient.unconfirmed,
        **patient.consent,
    )
