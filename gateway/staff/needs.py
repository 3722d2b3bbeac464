"""Needs of a clinic's patients, for its staff (R1, R3)."""

from typing import Any

from werkzeug.wrappers import Response

from gateway.api import schemas
from gateway.api.operation import Operation
from gateway.api.routes import api
from gateway.http.answers import answer, no_content
from gateway.http.request import Request

_NEEDS = "/v1/staff/clinics/<clinic>/needs"
_FOUND = ("not_found", "invalid")


class StaffNeeds:
    """What staff do with needs."""

    patient: Any

    @api(Operation("GET", _NEEDS, "List needs", schemas.Needs, query=schemas.NeedsQuery, refusals=_FOUND, staff=True))
    def needs(self, request: Request, clinic: str) -> Response:
        """Return a page of needs."""
        return answer(self.patient.needs(clinic, **request.asked))

    @api(
        Operation(
            "POST", _NEEDS, "Give a patient a need", schemas.Need, 201,
            body=schemas.NeedBody, refusals=_FOUND, staff=True,
        )
    )  # fmt: skip
    def add_need(self, request: Request, clinic: str) -> Response:
        """Give a patient a need and return it."""
        return answer(self.patient.add_need(clinic, **request.sent), 201)

    @api(Operation("DELETE", f"{_NEEDS}/<id>", "Take a need back", status=204, refusals=_FOUND, staff=True))
    def close_need(self, request: Request, clinic: str, id: str) -> Response:
        """Take a need back; while a booking uses it, that must be cancelled first."""
        self.patient.close_need(clinic, id)
        return no_content()
