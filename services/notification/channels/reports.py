"""What providers tell by their webhooks, read and checked: who signed it, and what it says (PRODUCT N5)."""

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from sendgrid.helpers.eventwebhook import EventWebhook
from twilio.request_validator import RequestValidator

from services.notification.channels.sendgrid_email import MESSAGE_ARGUMENT
from services.notification.model.delivery import BOUNCED, REFUSED, STOPPED, UNDELIVERED, WRONG_ADDRESS
from services.notification.model.messages import DELIVERED, FAILED, SENT
from shared.contracts.errors import Forbidden, Malformed, NotFound
from shared.contracts.notification import MessageStatus
from shared.environment.provider_accounts import SendGrid, Twilio
from shared.ids import is_id
from shared.settings import Settings

OLDEST = timedelta(minutes=5)
"""How old a signed event may be, so that an old one cannot be played again later."""

_TWILIO_STATES: dict[str, MessageStatus] = {
    **dict.fromkeys(("accepted", "scheduled", "queued", "sending", "sent"), SENT),
    **dict.fromkeys(("delivered", "read"), DELIVERED),
    **dict.fromkeys(("undelivered", "failed", "canceled"), FAILED),
}
_TWILIO_REASONS = {"21610": STOPPED, "30005": WRONG_ADDRESS, "30006": WRONG_ADDRESS}
_SENDGRID_STATES: dict[str, MessageStatus] = {
    "processed": SENT,
    "deferred": SENT,
    "delivered": DELIVERED,
    "bounce": FAILED,
    "dropped": FAILED,
}
_A_NUMBER = re.compile(r"[0-9]{1,6}")
_MAIL_STATUS = re.compile(r"[245]\.[0-9]{1,3}\.[0-9]{1,3}")


@dataclass(frozen=True)
class Report:
    """What became of a message of ours: SENT, DELIVERED or FAILED with a reason of `delivery`."""

    message: str
    state: MessageStatus
    provider_id: str | None = None
    reason: str | None = None


@dataclass(frozen=True)
class Answer:
    """An SMS that somebody sent to us. `opt_out` is Twilio's own reading of it: STOP, START, HELP or nothing."""

    id: str
    sender: str
    text: str
    opt_out: str


@dataclass(frozen=True)
class Posted:
    """What a provider posted, as it came in: path and query, body, and what signs them."""

    address: str
    body: str
    signature: str
    timestamp: str


class Webhooks:
    """Reads what the installation's providers post; raises NotFound for one that it does not have."""

    def __init__(self, settings: Settings) -> None:
        """Accept what the accounts in the settings sign."""
        sendgrid = settings.sendgrid if settings.sendgrid and settings.sendgrid.webhook_key else None
        self._twilio = TwilioWebhooks(settings.twilio, settings.public_url) if settings.twilio else None
        self._sendgrid = SendGridWebhooks(sendgrid) if sendgrid else None

    def reports(self, provider: str, posted: Posted, now: datetime) -> list[Report]:
        """Return what `twilio` or `sendgrid` tells of messages of ours. Raises NotFound, Forbidden, Malformed."""
        if provider == "twilio" and self._twilio:
            return self._twilio.reports(posted)
        if provider == "sendgrid" and self._sendgrid:
            return self._sendgrid.reports(posted, now)
        raise NotFound.because("This installation has no such provider.")

    def answer(self, posted: Posted) -> Answer:
        """Return an SMS that came in by Twilio. Raises NotFound, Forbidden, Malformed."""
        if self._twilio is None:
            raise NotFound.because("This installation has no such provider.")
        return self._twilio.answer(posted)


class TwilioWebhooks:
    """Reads what Twilio posts, signed by the account's token."""

    def __init__(self, account: Twilio, public_url: str) -> None:
        """Accept what was posted to `public_url`: the signature covers the whole address."""
        self._validator = RequestValidator(account.auth_token)
        self._public_url = public_url

    def reports(self, callback: Posted) -> list[Report]:
        """Return what a status callback says, of one message or none. Raises Forbidden, Malformed."""
        posted = self._form(callback)
        message = dict(parse_qsl(urlsplit(callback.address).query)).get("message", "")
        state = _TWILIO_STATES.get(posted.get("MessageStatus", ""))
        if state is None or not is_id(message):
            return []
        return [Report(message, state, posted.get("MessageSid") or None, _why(posted) if state == FAILED else None)]

    def answer(self, callback: Posted) -> Answer:
        """Return an SMS that came in. Raises Forbidden, Malformed."""
        posted = self._form(callback)
        names = ("MessageSid", "From", "Body", "OptOutType")
        return Answer(*(posted.get(name, "") for name in names))

    def _form(self, callback: Posted) -> Mapping[str, str]:
        try:
            posted = dict(parse_qsl(callback.body, keep_blank_values=True, errors="strict", max_num_fields=200))
        except ValueError as broken:
            raise Malformed.because("The body is not a form.") from broken
        if not self._validator.validate(self._public_url + callback.address, posted, callback.signature):
            raise _not_signed("Twilio")
        return posted


class SendGridWebhooks:
    """Reads the events that SendGrid posts, signed by the key whose public half is in the settings."""

    def __init__(self, account: SendGrid) -> None:
        self._signed = EventWebhook(account.webhook_key)

    def reports(self, posted: Posted, now: datetime) -> list[Report]:
        """Return what the events say of messages of ours, in their order. Raises Forbidden, Malformed."""
        if not _is_recent(posted.timestamp, now) or not self._is_signed(posted):
            raise _not_signed("SendGrid")
        try:
            events = json.loads(posted.body)
        except ValueError as broken:
            raise Malformed.because("The body is not JSON.") from broken
        if not isinstance(events, list):
            raise Malformed.because("The body is not a list of events.")
        return list(_reports(events))

    def _is_signed(self, posted: Posted) -> bool:
        try:
            return bool(self._signed.verify_signature(posted.body, posted.signature, posted.timestamp))
        except ValueError:  # what is no base64 signs nothing
            return False


def _reports(events: list[Any]) -> Iterator[Report]:
    for event in events:
        if not isinstance(event, dict):
            continue
        message, state = str(event.get(MESSAGE_ARGUMENT)), _SENDGRID_STATES.get(str(event.get("event")))
        if state is not None and is_id(message):
            id = str(event.get("sg_message_id") or "").partition(".")[0][:64]
            yield Report(message, state, id or None, _why_not_mailed(event) if state == FAILED else None)


def _why(posted: Mapping[str, str]) -> str:
    """Return the reason of a failed SMS, with Twilio's number for it; its texts may name the receiver."""
    code = posted.get("ErrorCode", "")
    detail = f" twilio {code}" if _A_NUMBER.fullmatch(code) else ""
    return _TWILIO_REASONS.get(code, UNDELIVERED) + detail


def _why_not_mailed(event: Mapping[str, Any]) -> str:
    if event["event"] == "dropped":
        return f"{REFUSED} sendgrid dropped"
    status = str(event.get("status") or "")
    return BOUNCED + (f" smtp {status}" if _MAIL_STATUS.fullmatch(status) else "")


def _is_recent(timestamp: str, now: datetime) -> bool:
    if not timestamp.isascii() or not timestamp.isdigit() or len(timestamp) > 11:
        return False
    return abs(now - datetime.fromtimestamp(int(timestamp), UTC)) <= OLDEST


def _not_signed(provider: str) -> Exception:
    return Forbidden.because(f"This is not signed by the {provider} account of this installation.")
