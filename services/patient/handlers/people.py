"""The people of a telephone, for whoever has proven it: who logs in types nothing twice (PRODUCT B22).

A login proves a telephone, never a person (ADR 15). So these are the records whose mobile the clinic has confirmed, and
all of them where a family shares one.
"""

from collections.abc import Mapping
from typing import Any

from services.patient.handlers import views
from services.patient.handlers.desk import Desk
from services.patient.handlers.numbers import number_found_by
from shared.contracts.errors import LoginRequired, NotFound

MOST = 50
"""More than any family."""


def people(desk: Desk, clinic: str) -> views.View:
    """Return `{people}`: of whom the proven mobile is, as the clinic has confirmed, by names alone.

    Raises LoginRequired, and NotFound where there is no such clinic.
    """
    proof = desk.proof(clinic)
    if proof.mobile is None:
        raise LoginRequired.because("Log in with a code.")
    desk.document(clinic)
    number = number_found_by(clinic, proof.identity, desk.keys)
    with desk.work.reading() as store:
        found = store.people_of_mobile(clinic, proof.mobile, number, MOST)
    return {"people": [views.of_person(patient) for patient in found]}


def person(desk: Desk, clinic: str, asked: Mapping[str, Any]) -> views.View:
    """Return what a booking takes from the record of one of them, without what nobody has confirmed.

    Raises NotFound where they are none of the proven mobile's.
    """
    number = number_found_by(clinic, asked["identity"], desk.keys)
    with desk.work.reading() as store:
        found = store.people_of_mobile(clinic, asked["mobile"], number, 1, asked["person"])
    if not found:
        raise NotFound.because("This is nobody of that telephone.")
    return views.for_booking(found[0], desk.keys)
