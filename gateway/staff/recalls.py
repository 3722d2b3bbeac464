"""Recalls, for a clinic's staff: booked for a patient, and sent one by one or for a week (R1, R2)."""

from werkzeug.wrappers import Response

from gateway.api import schemas
from gateway.api.operation import Operation
from gateway.clients.services import Services
from gateway.http.answers import answer
from gateway.http.bounds import LONG_CALL_SECONDS
from gateway.http.request import Request

_RECALLS = "/v1/staff/clinics/<clinic>/recalls"


def recall(services: Services, request: Request, clinic: str) -> Response:
    """Book the recall; what does not reach the patient is told, and the booking stands."""
    return answer(services.booking.recall(clinic, **request.sent), 201)


def issue_recalls(services: Services, request: Request, clinic: str) -> Response:
    """Send one recall, again if it was sent before; or all of a week that have not been sent that way."""
    return answer(services.booking.with_timeout(LONG_CALL_SECONDS).issue_recalls(clinic, **request.sent))


ROUTES = (
    Operation(
        "POST", _RECALLS, recall, "Book a time and call the patient in", schemas.Recalled, 201,
        body=schemas.StaffRecallBody,
        refusals=("not_found", "invalid", "slot_not_offered", "slot_taken", "slot_held"), staff=True,
        in_doubt="It may be done all the same: look in `GET …/bookings` for the time before you call in again.",
    ),
    Operation(
        "POST", f"{_RECALLS}/issue", issue_recalls, "Send recalls", schemas.IssuedRecalls, body=schemas.IssueBody,
        refusals=("not_found", "invalid", "no_open_need", "need_expired", "already_cancelled"), staff=True,
    ),
)  # fmt: skip
