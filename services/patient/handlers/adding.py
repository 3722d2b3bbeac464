"""Making the record of somebody whom the clinic does not know, by staff (PRODUCT C8)."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any
from zoneinfo import ZoneInfo

from services.patient.handlers import views
from services.patient.handlers.desk import Desk
from services.patient.handlers.following import same_person, telling_apart
from services.patient.handlers.openings import note
from services.patient.handlers.records import read_changes, refuse_number_of_another
from services.patient.handlers.telling import write_new
from services.patient.model.patients import Patient, Typed, new_patient
from services.patient.store import PatientStore
from shared.contracts.errors import Invalid
from shared.ids import new_id

_TYPED = ("first_name", "last_name", "birth_date", "mobile", "email", "sms_ok", "email_ok")
_COMPARED = ("first_name", "last_name", "birth_date", "mobile", "email")
"""What tells people without a number apart."""


def add(desk: Desk, clinic: str, fields: Mapping[str, Any]) -> views.View:
    """Make a record and return it; what staff type of somebody is confirmed by that.

    A therapist's own patient it is from then on. Raises NotFound for the clinic, InvalidNationalId, and Invalid with
    `errors` by field, also where the clinic knows this person already.
    """
    document = desk.document(clinic)
    given = read_changes(desk, clinic, fields, document["country"])
    patient = _made(desk, clinic, given)
    with desk.work() as store:
        if patient.number_hash:
            refuse_number_of_another(store, patient, desk.keys)
        else:
            _refuse_known(store, desk, patient)
        write_new(desk, store, patient)
        note(desk, store, clinic, patient.id, "changed")
    return views.of_patient(patient, ZoneInfo(document["time_zone"]), desk.keys, full_number=True)


def _made(desk: Desk, clinic: str, given: Mapping[str, Any]) -> Patient:
    typed = Typed(**{name: given[name] for name in _TYPED if name in given})
    patient = new_patient(
        typed,
        id=new_id(),
        clinic=clinic,
        number_hash=given.get("number_hash"),
        number_sealed=given.get("number_sealed"),
        origin="staff" if desk.actor.kind == "staff" else "api",
        now=desk.now,
        word=desk.word(),
    )
    return replace(
        patient,
        scheme=given.get("scheme"),
        sms_reminder=given.get("sms_reminder", True),
        note_sealed=given.get("note_sealed"),
        made_by=desk.actor.own_calendar or None,
    )


def _refuse_known(store: PatientStore, desk: Desk, patient: Patient) -> None:
    """Refuse a second record of somebody without a number, whom nobody else makes until the commit (CONTRACTS 1)."""
    compared: dict[str, Any] = {name: getattr(patient, name) for name in _COMPARED}
    typed = Typed(**compared)
    store.one_at_a_time(telling_apart(desk.keys, patient.clinic, typed))
    if same_person(store, patient.clinic, typed, desk.keys) is not None:
        known = "The clinic already has a patient of this name with this mobile number or email address."
        raise Invalid.because(known, errors={"last_name": [known]})
