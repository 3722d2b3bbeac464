"""Where Twilio and SendGrid tell what became of messages, and pass on what people answer (PRODUCT N5).

What they post is handed to notification as it came in: notification alone knows the providers and checks who signed it.
"""

from werkzeug.wrappers import Response

from gateway.api import schemas
from gateway.api.operation import Operation
from gateway.clients.services import Services
from gateway.http.answers import no_content
from gateway.http.bounds import DOCUMENT_LIMIT, LONG_CALL_SECONDS
from gateway.http.request import Request
from shared.actor import Actor
from shared.contracts.errors import Forbidden, Malformed, NotFound

_TWILIO_SIGNATURE = "X-Twilio-Signature"
_SENDGRID_SIGNATURE = "X-Twilio-Email-Event-Webhook-Signature"
_SENDGRID_TIMESTAMP = "X-Twilio-Email-Event-Webhook-Timestamp"
_NO_REPLY = '<?xml version="1.0" encoding="UTF-8"?><Response/>'
"""TwiML that answers nothing; Twilio itself confirms a STOP."""

_REFUSALS = ("forbidden", "not_found")


def twilio_status(services: Services, request: Request) -> Response:
    """Note sent, delivered or failed."""
    posted = _posted(services, request, _TWILIO_SIGNATURE, services.settings.twilio)
    services.notification.provider_status(provider="twilio", **posted)
    return no_content()


def twilio_inbound(services: Services, request: Request) -> Response:
    """End SMS to a number that says STOP, open it again at START."""
    services.notification.provider_inbound(**_posted(services, request, _TWILIO_SIGNATURE, services.settings.twilio))
    return Response(_NO_REPLY, mimetype="text/xml")


def sendgrid(services: Services, request: Request) -> Response:
    """Note sent, delivered or failed, of up to a thousand emails."""
    key = services.settings.sendgrid.webhook_key if services.settings.sendgrid else None
    posted = _posted(services, request, _SENDGRID_SIGNATURE, key)
    posted["timestamp"] = request.headers.get(_SENDGRID_TIMESTAMP, "")[:20]
    services.notification.with_timeout(LONG_CALL_SECONDS).provider_status(provider="sendgrid", **posted)
    return no_content()


def _posted(services: Services, request: Request, signature: str, known: object) -> dict[str, str]:
    """Return what came in; raise NotFound where there is no such provider, Forbidden where nobody signed it."""
    if not known:
        raise NotFound.because("There is nothing at this address.")
    signed = request.headers.get(signature, "")
    if not signed or len(signed) > 1000:
        raise Forbidden.because("This is not signed by the provider.")
    query = request.query_string.decode()
    services.caller.act_as(Actor(kind="service", id="gateway", source=f"webhook {request.address}"))
    return {
        "address": request.path + (f"?{query}" if query else ""),
        "body": _text(request.get_data()),
        "signature": signed,
    }


def _text(body: bytes) -> str:
    try:
        return body.decode()
    except UnicodeDecodeError as broken:
        raise Malformed.because("The body is not UTF-8.") from broken


ROUTES = (
    Operation(
        "POST", "/v1/webhooks/twilio/status", twilio_status, "Take in what became of an SMS, from Twilio", status=204,
        query=schemas.StatusQuery, refusals=_REFUSALS, headers={_TWILIO_SIGNATURE: "Twilio's signature."},
    ),
    Operation(
        "POST", "/v1/webhooks/twilio/inbound", twilio_inbound, "Take in an SMS that somebody sent, from Twilio",
        refusals=_REFUSALS, media=("text/xml",), headers={_TWILIO_SIGNATURE: "Twilio's signature."},
    ),
    Operation(
        "POST", "/v1/webhooks/sendgrid", sendgrid, "Take in what became of emails, from SendGrid", status=204,
        refusals=_REFUSALS, body_limit=DOCUMENT_LIMIT, headers={
            _SENDGRID_SIGNATURE: "SendGrid's signature.", _SENDGRID_TIMESTAMP: "When it was signed.",
        },
    ),
)  # fmt: skip
