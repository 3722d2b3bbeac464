"""The people whom whoever calls has proven: who logs in, or comes by a recall, types nothing twice (PRODUCT B22).

A login proves a telephone, never a person (ADR 15). So these are the records whose mobile the clinic has confirmed, and
all of them where a family shares one. By a recall's link or card it is the one whose need it is, while that is open.
"""

from collections.abc import Mapping
from typing import Any

from services.patient.handlers import views
from services.patient.handlers.desk import Desk
from services.patient.handlers.numbers import number_found_by
from services.patient.model.needs import OPEN, ClinicNeeds
from services.patient.model.patients import Patient
from services.patient.store import PatientStore
from shared.contracts.errors import LoginRequired, NotFound

MOST = 50
"""More than any family."""


def people(desk: Desk, clinic: str) -> views.View:
    """Return `{people}`: of whom the proven mobile or the recall is, by names alone.

    Raises LoginRequired, and NotFound where there is no such clinic.
    """
    proof = desk.proof(clinic)
    if not proof.opens_needs:
        raise LoginRequired.because("Log in with a code, or open the link of your recall.")
    desk.document(clinic)
    with desk.work.reading() as store:
        if proof.mobile is None:
            found = _whose_need(desk, store, clinic, proof.need)
        else:
            number = number_found_by(clinic, proof.identity, desk.keys)
            found = store.people_of_mobile(clinic, proof.mobile, number, MOST)
    return {"people": [views.of_person(patient) for patient in found]}


def person(desk: Desk, clinic: str, asked: Mapping[str, Any]) -> views.View:
    """Return what a booking takes from the record of one of them, without what nobody has confirmed.

    Raises NotFound where they are none of the proven mobile's, or not whose need it is.
    """
    with desk.work.reading() as store:
        if asked["mobile"] is None:
            found = [each for each in _whose_need(desk, store, clinic, asked["need"]) if each.id == asked["person"]]
        else:
            number = number_found_by(clinic, asked["identity"], desk.keys)
            found = store.people_of_mobile(clinic, asked["mobile"], number, 1, asked["person"])
    if not found:
        raise NotFound.because("This is nobody of whom that is proven.")
    return views.for_booking(found[0], desk.keys)


def _whose_need(desk: Desk, store: PatientStore, clinic: str, id: str | None) -> list[Patient]:
    """Return whose need it is, nobody for one that is not there, used, closed or expired."""
    known = store.need(clinic, id) if id else None
    if known is None or ClinicNeeds.at(desk.document(clinic), desk.now).state(*known) != OPEN:
        return []
    patient = store.get(clinic, known[0].patient)
    return [patient] if patient else []
