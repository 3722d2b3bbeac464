"""Patients of a clinic, for its staff."""

from typing import Any

from werkzeug.wrappers import Response

from gateway.api import schemas
from gateway.api.operation import Operation
from gateway.api.routes import api
from gateway.http.answers import answer
from gateway.http.request import Request

_CLINIC = "/v1/staff/clinics/<clinic>"
_FOUND = ("not_found", "invalid")


class StaffPatients:
    """Patients."""

    patient: Any

    @api(
        Operation(
            "GET", f"{_CLINIC}/patients", "Find patients", schemas.Patients,
            query=schemas.PatientsQuery, refusals=_FOUND, staff=True,
        )
    )  # fmt: skip
    def patients(self, request: Request, clinic: str) -> Response:
        """Return a page of the patients that `q` finds."""
        return answer(self.patient.find(clinic, **{"q": "", **request.asked}))

    @api(
        Operation(
            "GET", f"{_CLINIC}/patients/<id>", "Show a patient", schemas.Patient,
            refusals=("not_found",), staff=True,
        )
    )  # fmt: skip
    def get_patient(self, request: Request, clinic: str, id: str) -> Response:
        """Return one patient."""
        return answer(self.patient.get(clinic, id))

    @api(
        Operation(
            "PATCH", f"{_CLINIC}/patients/<id>", "Change a patient", schemas.Patient,
            body=schemas.PatientBody, refusals=(*_FOUND, "changed_meanwhile"), staff=True,
        )
    )  # fmt: skip
    def update_patient(self, request: Request, clinic: str, id: str) -> Response:
        """Change what is given, and return the patient."""
        return answer(self.patient.update(clinic, id, **request.sent))
