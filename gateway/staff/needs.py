"""Needs of a clinic's patients, for its staff (R1, R3)."""

from werkzeug.wrappers import Response

from gateway.api import schemas
from gateway.api.operation import Operation
from gateway.clients.services import Services
from gateway.http.answers import answer, no_content
from gateway.http.request import Request

_NEEDS = "/v1/staff/clinics/<clinic>/needs"
_FOUND = ("not_found", "invalid")


def needs(services: Services, request: Request, clinic: str) -> Response:
    """Return a page of needs."""
    return answer(services.patient.needs(clinic, **request.asked))


def add_need(services: Services, request: Request, clinic: str) -> Response:
    """Give a patient a need and return it."""
    return answer(services.patient.add_need(clinic, **request.sent), 201)


def close_need(services: Services, request: Request, clinic: str, id: str) -> Response:
    """Take a need back; while a booking uses it, that must be cancelled first."""
    services.patient.close_need(clinic, id)
    return no_content()


ROUTES = (
    Operation("GET", _NEEDS, needs, "List needs", schemas.Needs, query=schemas.NeedsQuery, refusals=_FOUND, staff=True),
    Operation(
        "POST", _NEEDS, add_need, "Give a patient a need", schemas.GivenNeed, 201,
        body=schemas.NeedBody, refusals=_FOUND, staff=True,
    ),
    Operation("DELETE", f"{_NEEDS}/<id>", close_need, "Take a need back", status=204, refusals=_FOUND, staff=True),
)  # fmt: skip
