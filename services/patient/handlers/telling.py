"""What others are told when a record was made or has changed."""

from typing import TYPE_CHECKING

from services.patient.handlers import views
from services.patient.handlers.desk import Desk
from services.patient.model.patients import Patient
from shared.contracts.envelope import Event
from shared.contracts.patient import NEED_ADDED, PATIENT_CREATED, PATIENT_UPDATED

if TYPE_CHECKING:
    from services.patient.store import PatientStore


def tell_of_new(desk: Desk, store: "PatientStore", patient: Patient, cause: Event) -> None:
    """Tell of a record that a booking made."""
    told = views.patient_told(patient, cause.subject, desk.keys)
    store.publish(desk.event(PATIENT_CREATED, patient.clinic, patient.id, patient.version, told, cause=cause))


def tell_of_known(
    desk: Desk, store: "PatientStore", patient: Patient, before: Patient, cause: Event | None = None
) -> None:
    """Tell of a record as it is now, and, where it was another `before`, anew of its needs: whom they call in.

    `cause` is the booking that found the patient, whom it is then linked with; None where staff changed the record.
    """
    told = views.patient_told(patient, cause.subject if cause else None, desk.keys)
    store.publish(desk.event(PATIENT_UPDATED, patient.clinic, patient.id, patient.version, told, cause=cause))
    if patient == before:
        return
    for known in store.needs_not_closed(patient.clinic, patient.id):
        need = known.told_anew()
        store.replace_need(need)
        state = views.need_told(need, patient, desk.keys)
        store.publish(desk.event(NEED_ADDED, need.clinic, need.id, need.version, state, cause=cause))
