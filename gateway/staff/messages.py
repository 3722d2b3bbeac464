"""Messages to a clinic's patients and practitioners, for its staff (PRODUCT N4, N6)."""

from typing import Any

from werkzeug.wrappers import Response

from gateway.api import schemas
from gateway.api.operation import Operation
from gateway.api.routes import api
from gateway.http.answers import answer
from gateway.http.request import Request

_CLINIC = "/v1/staff/clinics/<clinic>"
_FOUND = ("not_found", "invalid")


class StaffMessages:
    """What went out, what failed, and what would go out."""

    notification: Any

    @api(
        Operation(
            "GET", f"{_CLINIC}/messages", "List messages, those that failed for good first", schemas.Messages,
            query=schemas.MessagesQuery, refusals=_FOUND, staff=True,
        )
    )  # fmt: skip
    def messages(self, request: Request, clinic: str) -> Response:
        """Return a page of messages."""
        return answer(self.notification.messages(clinic, **request.asked))

    @api(
        Operation(
            "GET", f"{_CLINIC}/messages/<id>", "Show a message", schemas.WholeMessage,
            refusals=("not_found",), staff=True,
        )
    )  # fmt: skip
    def message(self, request: Request, clinic: str, id: str) -> Response:
        """Return one message with its attachments."""
        return answer(self.notification.message(clinic, id))

    @api(
        Operation(
            "POST", f"{_CLINIC}/messages/<id>/resend", "Send a message again", schemas.Message, status=201,
            refusals=_FOUND, staff=True,
        )
    )  # fmt: skip
    def resend_message(self, request: Request, clinic: str, id: str) -> Response:
        """Send the same once more to the same address, and return the new message."""
        return answer(self.notification.resend(clinic, id), 201)

    @api(
        Operation(
            "POST", f"{_CLINIC}/messages/preview", "Show a message before its template is saved", schemas.Preview,
            body=schemas.PreviewBody, refusals=_FOUND, staff=True,
        )
    )  # fmt: skip
    def preview_message(self, request: Request, clinic: str) -> Response:
        """Return a made-up appointment's message by the clinic's templates, or by those that are sent."""
        return answer(self.notification.preview(clinic, **request.sent))
