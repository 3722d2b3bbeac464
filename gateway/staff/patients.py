"""Patients of a clinic, for its staff."""

from werkzeug.wrappers import Response

from gateway.api import schemas
from gateway.api.operation import Operation
from gateway.clients.held import counted_of, held_of
from gateway.clients.references import found_patients
from gateway.clients.rights.retention import retention_of, would_delete
from gateway.clients.services import Services
from gateway.http.answers import answer
from gateway.http.request import Request

_CLINIC = "/v1/staff/clinics/<clinic>"
_FOUND = ("not_found", "invalid")


def patients(services: Services, request: Request, clinic: str) -> Response:
    """Return a page of the patients that `q` finds."""
    return answer(found_patients(services, clinic, **request.asked))


def get_patient(services: Services, request: Request, clinic: str, id: str) -> Response:
    """Return one patient."""
    return answer(services.patient.get(clinic, id))


def export_patient(services: Services, request: Request, clinic: str, id: str) -> Response:
    """Return all that is held of a patient, notes included, once it is written down that it is handed out (A3)."""
    return answer(held_of(services, clinic, id))


def would_erase(services: Services, request: Request, clinic: str, id: str) -> Response:
    """Return how much of each kind erasing a patient would take away (A3)."""
    return answer(counted_of(services, clinic, services.patient.get(clinic, id)))


def erase_patient(services: Services, request: Request, clinic: str, id: str) -> Response:
    """Erase a patient, here and everywhere; the answer says how far that is (A3)."""
    return answer(services.patient.erase(clinic, id, **request.sent))


def erasure(services: Services, request: Request, clinic: str, id: str) -> Response:
    """Return how far the erasure of a patient is."""
    return answer(services.patient.erasure(clinic, id))


def add_patient(services: Services, request: Request, clinic: str) -> Response:
    """Make the record of somebody whom the clinic does not know."""
    return answer(services.patient.add(clinic, **request.sent), 201)


def update_patient(services: Services, request: Request, clinic: str, id: str) -> Response:
    """Change what is given, and return the patient."""
    return answer(services.patient.update(clinic, id, **request.sent))


def access_log(services: Services, request: Request, clinic: str) -> Response:
    """Return a page of who has opened whose record when."""
    return answer(services.patient.access_log(clinic, **request.asked))


def retention(services: Services, request: Request, clinic: str) -> Response:
    """Return what periods would delete, and what those in force have deleted (A3, ADR 58)."""
    asked = request.asked
    found = would_delete(services, clinic, asked) if asked else retention_of(services, clinic, count=True)
    return answer({"retention": found})


ROUTES = (
    Operation(
        "GET", f"{_CLINIC}/access-log", access_log, "List who has opened whose record", schemas.AccessLog,
        query=schemas.AccessLogQuery, refusals=_FOUND, staff=True,
    ),
    Operation(
        "GET", f"{_CLINIC}/retention", retention, "Show what is older than the clinic keeps it", schemas.Retention,
        query=schemas.RetentionQuery, refusals=_FOUND, staff=True,
    ),
    Operation(
        "GET", f"{_CLINIC}/patients", patients, "Find patients", schemas.Patients,
        query=schemas.PatientsQuery, refusals=_FOUND, staff=True,
    ),
    Operation(
        "POST", f"{_CLINIC}/patients", add_patient, "Make a patient", schemas.Patient, 201,
        body=schemas.NewPatientBody, refusals=(*_FOUND, "invalid_national_id"), staff=True,
        in_doubt="The record may be made all the same: look for it by `GET …/patients` before you make another.",
    ),
    Operation(
        "GET", f"{_CLINIC}/patients/<id>", get_patient, "Show a patient", schemas.Patient,
        refusals=("not_found",), staff=True,
    ),
    Operation(
        "GET", f"{_CLINIC}/patients/<id>/export", export_patient, "Hand out all that is held of a patient",
        schemas.Held, refusals=("not_found",), staff=True,
    ),
    Operation(
        "POST", f"{_CLINIC}/patients/<id>/erase", erase_patient, "Erase a patient", schemas.Erasure,
        body=schemas.EraseBody, refusals=_FOUND, staff=True,
        in_doubt="The patient may be erased all the same: ask by `GET …/patients/{id}/erasure`.",
    ),
    Operation(
        "GET", f"{_CLINIC}/patients/<id>/erasure/preview", would_erase, "Show what erasing a patient would take away",
        schemas.WouldErase, refusals=("not_found",), staff=True,
    ),
    Operation(
        "GET", f"{_CLINIC}/patients/<id>/erasure", erasure, "Show how far a patient's erasure is", schemas.Erasure,
        refusals=("not_found",), staff=True,
    ),
    Operation(
        "PATCH", f"{_CLINIC}/patients/<id>", update_patient, "Change a patient", schemas.Patient,
        body=schemas.PatientBody, refusals=(*_FOUND, "invalid_national_id", "changed_meanwhile"),
        staff=True,
    ),
)  # fmt: skip
