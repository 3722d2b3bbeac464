"""What others are told when a record was made or has changed."""

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from services.patient.handlers import views
from services.patient.handlers.desk import Desk
from services.patient.model.patients import Patient
from shared.contracts.envelope import Event
from shared.contracts.patient import NEED_ADDED, PATIENT_CREATED, PATIENT_UPDATED

if TYPE_CHECKING:
    from services.patient.store import PatientStore


def tell_of_new(desk: Desk, store: "PatientStore", patient: Patient, cause: Event | None = None) -> None:
    """Tell of a new record; `cause` is the booking that made it, None where staff did."""
    told = views.patient_told(patient, cause.subject if cause else None, desk.keys)
    store.publish(desk.event(PATIENT_CREATED, patient.clinic, patient.id, patient.version, told, cause=cause))


def tell_of_known(desk: Desk, store: "PatientStore", patient: Patient, cause: Event | None = None) -> None:
    """Tell of a record as it is now.

    `cause` is the booking that found the patient, whom it is then linked with; None where staff changed the record.
    """
    told = views.patient_told(patient, cause.subject if cause else None, desk.keys)
    store.publish(desk.event(PATIENT_UPDATED, patient.clinic, patient.id, patient.version, told, cause=cause))


def tell_of_needs(desk: Desk, store: "PatientStore", changed: Iterable[tuple[Patient, Event | None]]) -> None:
    """Tell anew of the needs of patients whose records have changed, by what: of whom they call in."""
    owners = {(patient.clinic, patient.id): (patient, cause) for patient, cause in changed}
    for need in store.needs_told_anew(owners):
        patient, cause = owners[need.clinic, need.patient]
        state = views.need_told(need, patient, desk.keys)
        store.publish(desk.event(NEED_ADDED, need.clinic, need.id, need.version, state, cause=cause))


def write_new(desk: Desk, store: "PatientStore", patient: Patient) -> None:
    """Write a record that staff have made, and tell everybody."""
    store.keep([patient])
    tell_of_new(desk, store, patient)


def write_changed(desk: Desk, store: "PatientStore", changed: Sequence[Patient]) -> None:
    """Write records that staff have changed, or that are to be told of once more, and tell everybody."""
    store.keep(changed)
    for patient in changed:
        tell_of_known(desk, store, patient)
    tell_of_needs(desk, store, [(patient, None) for patient in changed])
