"""SMS by Twilio's own library, over an HTTP client whose address and time limits can be set (PRODUCT N5)."""

import base64
import urllib.request
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlencode

from twilio.base.exceptions import TwilioException
from twilio.http import HttpClient
from twilio.http.response import Response
from twilio.rest import Client

from services.notification.channels.transport import ask
from services.notification.channels.way_out import NotSent, Outgoing, Unclear, wait_of
from services.notification.model.delivery import BROKEN, BUSY, REFUSED, STOPPED, WRONG_ADDRESS
from shared.environment.provider_accounts import TWILIO_URL, Twilio

STATUS_PATH = "/v1/webhooks/twilio/status"
"""Where Twilio tells what becomes of a message, with our id of it in the query."""

_MEANINGS = {
    21211: WRONG_ADDRESS, 21214: WRONG_ADDRESS, 21217: WRONG_ADDRESS, 21408: WRONG_ADDRESS, 21612: WRONG_ADDRESS,
    21614: WRONG_ADDRESS, 21610: STOPPED,
}  # fmt: skip
"""Twilio's error codes that say more than that the message was refused."""

_NOT_AN_ANSWER = (TwilioException, ValueError, KeyError, TypeError, AttributeError)
"""What the library raises where an answer is none of Twilio's."""

_CLOCKS_DIFFER = timedelta(minutes=2)
_LOOKED_THROUGH = 50


class TwilioSms:
    """Sends SMS from one account."""

    leaves_house = True

    def __init__(self, account: Twilio, public_url: str) -> None:
        """Send by `account`. Twilio calls `public_url` back where that is an https address, as it demands."""
        self._sender = {"messaging_service_sid" if account.is_messaging_service else "from_": account.sender}
        self._callback = f"{public_url}{STATUS_PATH}" if public_url.startswith("https:") else None
        self._client = Client(account.account_sid, account.auth_token, http_client=_Http(account.url))

    def send(self, message: Outgoing) -> str | None:
        """Hand the SMS over and return Twilio's id of it."""
        fields: dict[str, Any] = {**self._sender, "to": message.content.to, "body": message.content.text}
        if self._callback:
            fields["status_callback"] = f"{self._callback}?{urlencode({'message': message.id})}"
        try:
            sid = self._client.messages.create(**fields).sid
        except _NOT_AN_ANSWER as refused:
            raise _meaning(refused) from None  # its text holds the number
        if not isinstance(sid, str):
            raise Unclear(BROKEN)
        return sid

    def taken(self, message: Outgoing, since: datetime) -> Iterator[str]:
        """Return the ids of SMS of this text to this number since then: Twilio's list knows no ids of ours."""
        earliest = since - _CLOCKS_DIFFER
        listed = self._client.messages.list
        try:
            found = listed(to=message.content.to, limit=_LOOKED_THROUGH, page_size=_LOOKED_THROUGH)
            alike = [each.sid for each in found if each.date_created >= earliest and _same_text(each.body, message)]
        except _NOT_AN_ANSWER as refused:
            raise _meaning(refused) from None
        return iter(alike)


class _Http(HttpClient):  # type: ignore[misc]  # the library's types are not read
    """The library's way to the network."""

    def __init__(self, url: str) -> None:
        self._url = url

    def request(
        self,
        method: str,
        uri: str,
        params: Any = None,
        data: Any = None,
        headers: Any = None,
        auth: Any = None,
        timeout: float | None = None,
        allow_redirects: bool = False,
    ) -> Response:
        """Return the answer; raise NotSent where no request left the house or Twilio wants to be left alone."""
        query = f"?{urlencode(params)}" if params else ""
        body = urlencode(data).encode() if data else None
        login = base64.b64encode(":".join(auth).encode()).decode()
        request = urllib.request.Request(
            self._url + uri.removeprefix(TWILIO_URL) + query,
            data=body,
            headers={**headers, "Authorization": f"Basic {login}"},
            method=method.upper(),
        )
        answered = ask(request)
        if answered.status == 429:
            raise NotSent(f"{BUSY} twilio 429", wait=wait_of(answered.headers.get("Retry-After")))
        return Response(answered.status, answered.body.decode(errors="replace"), answered.headers)


def _meaning(refused: Exception) -> NotSent | Unclear:
    status, code = getattr(refused, "status", None), getattr(refused, "code", 0)
    if not isinstance(status, int) or status < 400:
        return Unclear(BROKEN)
    detail = f"twilio {code or status}"
    if status >= 500:  # it may have been taken all the same; asking tells
        return Unclear(f"{BROKEN} {detail}")
    return NotSent(f"{_MEANINGS.get(code, REFUSED)} {detail}", final=True)


def _same_text(body: str | None, message: Outgoing) -> bool:
    return (body or "").split() == message.content.text.split()
