"""Messages to a clinic's patients and practitioners, for its staff (PRODUCT N4, N6)."""

from werkzeug.wrappers import Response

from gateway.api import schemas
from gateway.api.operation import Operation
from gateway.clients.services import Services
from gateway.http.answers import answer
from gateway.http.request import Request

_CLINIC = "/v1/staff/clinics/<clinic>"
_FOUND = ("not_found", "invalid")


def messages(services: Services, request: Request, clinic: str) -> Response:
    """Return a page of messages."""
    return answer(services.notification.messages(clinic, **request.asked))


def message(services: Services, request: Request, clinic: str, id: str) -> Response:
    """Return one message with its attachments."""
    return answer(services.notification.message(clinic, id))


def resend_message(services: Services, request: Request, clinic: str, id: str) -> Response:
    """Send the same once more to the same address, and return the new message."""
    return answer(services.notification.resend(clinic, id), 201)


def preview_message(services: Services, request: Request, clinic: str) -> Response:
    """Return a made-up appointment's message by the clinic's templates, or by those that are sent."""
    return answer(services.notification.preview(clinic, **request.sent))


ROUTES = (
    Operation(
        "GET", f"{_CLINIC}/messages", messages, "List messages, those that failed for good first", schemas.Messages,
        query=schemas.MessagesQuery, refusals=_FOUND, staff=True,
    ),
    Operation(
        "GET", f"{_CLINIC}/messages/<id>", message, "Show a message", schemas.WholeMessage,
        refusals=("not_found",), staff=True,
    ),
    Operation(
        "POST", f"{_CLINIC}/messages/<id>/resend", resend_message, "Send a message again", schemas.Message, status=201,
        refusals=_FOUND, staff=True,
    ),
    Operation(
        "POST", f"{_CLINIC}/messages/preview", preview_message, "Show a message before its template is saved",
        schemas.Preview, body=schemas.PreviewBody, refusals=_FOUND, staff=True,
    ),
)  # fmt: skip
