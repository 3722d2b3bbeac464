"""Messages to a clinic's patients and practitioners, for its staff (PRODUCT N4, N6)."""

from typing import Any

from werkzeug.wrappers import Response

from gateway.api import schemas
from gateway.api.operation import Operation
from gateway.clients.services import Services
from gateway.http.answers import answer, language_of
from gateway.http.request import Request
from gateway.http.wording import rule_in

_CLINIC = "/v1/staff/clinics/<clinic>"
_FOUND = ("not_found", "invalid")


def messages(services: Services, request: Request, clinic: str) -> Response:
    """Return a page of messages."""
    found = services.notification.messages(clinic, **request.asked)
    return answer({**found, "messages": [_explained(each, request) for each in found["messages"]]})


def message(services: Services, request: Request, clinic: str, id: str) -> Response:
    """Return one message with its attachments."""
    return answer(_explained(services.notification.message(clinic, id), request))


def addressees(services: Services, request: Request, clinic: str, reference: str) -> Response:
    """Return who would be told if the booking were moved or cancelled (C10)."""
    return answer(services.notification.addressees(clinic, reference, **request.asked))


def confirm_again(services: Services, request: Request, clinic: str, reference: str) -> Response:
    """Write the booking's patient what it is now."""
    written = services.notification.confirm_again(clinic, reference)
    return answer({"messages": [_explained(each, request) for each in written["messages"]]}, 201)


def resend_message(services: Services, request: Request, clinic: str, id: str) -> Response:
    """Send the same once more to the same address, and return the new message."""
    return answer(_explained(services.notification.resend(clinic, id), request), 201)


def preview_message(services: Services, request: Request, clinic: str) -> Response:
    """Return a made-up appointment's message by the clinic's templates, or by those that are sent."""
    return answer(services.notification.preview(clinic, **request.sent))


def _explained(message: dict[str, Any], request: Request) -> dict[str, Any]:
    """Return the message with the reason why it was not sent, if any, in the reader's language.

    Notification of version 0.1.0, which may serve beside this gateway, gives none.
    """
    if (reason := message.get("reason")) is None:
        return message
    return {**message, "reason": {**reason, "text": rule_in(reason["text"], language_of(request))}}


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
        "GET", f"{_CLINIC}/bookings/<reference>/addressees", addressees,
        "Show who would be told if a booking were moved or cancelled", schemas.Addressees,
        query=schemas.AddresseesQuery, refusals=_FOUND, staff=True,
    ),
    Operation(
        "POST", f"{_CLINIC}/bookings/<reference>/confirmation", confirm_again,
        "Send a booking's patient its confirmation again", schemas.Written, status=201, refusals=_FOUND, staff=True,
    ),
    Operation(
        "POST", f"{_CLINIC}/messages/preview", preview_message, "Show a message before its template is saved",
        schemas.Preview, body=schemas.PreviewBody, refusals=_FOUND, staff=True,
    ),
)  # fmt: skip
