"""Recalls, for a clinic's staff: booked for a patient, and sent one by one or for a week (R1, R2)."""

from typing import Any

from werkzeug.wrappers import Response

from gateway.api import schemas
from gateway.api.operation import Operation
from gateway.api.routes import api
from gateway.http.answers import answer
from gateway.http.bounds import LONG_CALL_SECONDS
from gateway.http.request import Request

_RECALLS = "/v1/staff/clinics/<clinic>/recalls"


class StaffRecalls:
    """What staff do with recalls."""

    booking: Any

    @api(
        Operation(
            "POST", _RECALLS, "Book a time and call the patient in", schemas.Recalled, 201,
            body=schemas.StaffRecallBody,
            refusals=("not_found", "invalid", "slot_not_offered", "slot_taken", "slot_held"), staff=True,
        )
    )  # fmt: skip
    def recall(self, request: Request, clinic: str) -> Response:
        """Book the recall; what does not reach the patient is told, and the booking stands."""
        return answer(self.booking.recall(clinic, **request.sent), 201)

    @api(
        Operation(
            "POST", f"{_RECALLS}/issue", "Send recalls", schemas.IssuedRecalls, body=schemas.IssueBody,
            refusals=("not_found", "invalid", "no_open_need", "need_expired", "already_cancelled"), staff=True,
        )
    )  # fmt: skip
    def issue_recalls(self, request: Request, clinic: str) -> Response:
        """Send one recall, again if it was sent before; or all of a week that have not been sent that way."""
        return answer(self.booking.with_timeout(LONG_CALL_SECONDS).issue_recalls(clinic, **request.sent))
