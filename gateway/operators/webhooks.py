"""Where Twilio and SendGrid tell what became of messages, and pass on what people answer (PRODUCT N5).

What they post is handed to notification as it came in: notification alone knows the providers and checks who signed it.
"""

from typing import Any

from werkzeug.wrappers import Response

from gateway.access.actors import Caller
from gateway.api import schemas
from gateway.api.operation import Operation
from gateway.api.routes import api
from gateway.http.answers import no_content
from gateway.http.bounds import DOCUMENT_LIMIT, LONG_CALL_SECONDS
from gateway.http.request import Request
from shared.actor import Actor
from shared.contracts.errors import Forbidden, Malformed, NotFound
from shared.settings import Settings

_TWILIO_SIGNATURE = "X-Twilio-Signature"
_SENDGRID_SIGNATURE = "X-Twilio-Email-Event-Webhook-Signature"
_SENDGRID_TIMESTAMP = "X-Twilio-Email-Event-Webhook-Timestamp"
_NO_REPLY = '<?xml version="1.0" encoding="UTF-8"?><Response/>'
"""TwiML that answers nothing; Twilio itself confirms a STOP."""

_REFUSALS = ("forbidden", "not_found")


class Webhooks:
    """The addresses that are entered at the providers."""

    notification: Any
    caller: Caller
    settings: Settings

    @api(
        Operation(
            "POST", "/v1/webhooks/twilio/status", "Take in what became of an SMS, from Twilio", status=204,
            query=schemas.StatusQuery, refusals=_REFUSALS, headers={_TWILIO_SIGNATURE: "Twilio's signature."},
        )
    )  # fmt: skip
    def twilio_status(self, request: Request) -> Response:
        """Note sent, delivered or failed."""
        posted = self._posted(request, _TWILIO_SIGNATURE, self.settings.twilio)
        self.notification.provider_status(provider="twilio", **posted)
        return no_content()

    @api(
        Operation(
            "POST", "/v1/webhooks/twilio/inbound", "Take in an SMS that somebody sent, from Twilio",
            refusals=_REFUSALS, media=("text/xml",), headers={_TWILIO_SIGNATURE: "Twilio's signature."},
        )
    )  # fmt: skip
    def twilio_inbound(self, request: Request) -> Response:
        """End SMS to a number that says STOP, open it again at START."""
        self.notification.provider_inbound(**self._posted(request, _TWILIO_SIGNATURE, self.settings.twilio))
        return Response(_NO_REPLY, mimetype="text/xml")

    @api(
        Operation(
            "POST", "/v1/webhooks/sendgrid", "Take in what became of emails, from SendGrid", status=204,
            refusals=_REFUSALS, body_limit=DOCUMENT_LIMIT, headers={
                _SENDGRID_SIGNATURE: "SendGrid's signature.", _SENDGRID_TIMESTAMP: "When it was signed.",
            },
        )
    )  # fmt: skip
    def sendgrid(self, request: Request) -> Response:
        """Note sent, delivered or failed, of up to a thousand emails."""
        key = self.settings.sendgrid.webhook_key if self.settings.sendgrid else None
        posted = self._posted(request, _SENDGRID_SIGNATURE, key)
        posted["timestamp"] = request.headers.get(_SENDGRID_TIMESTAMP, "")[:20]
        self.notification.with_timeout(LONG_CALL_SECONDS).provider_status(provider="sendgrid", **posted)
        return no_content()

    def _posted(self, request: Request, signature: str, known: object) -> dict[str, str]:
        """Return what came in; raise NotFound where there is no such provider, Forbidden where nobody signed it."""
        if not known:
            raise NotFound.because("There is nothing at this address.")
        signed = request.headers.get(signature, "")
        if not signed or len(signed) > 1000:
            raise Forbidden.because("This is not signed by the provider.")
        query = request.query_string.decode()
        self.caller.act_as(Actor(kind="service", id="gateway", source=f"webhook {request.address}"))
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
