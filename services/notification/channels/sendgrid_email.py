"""Email by SendGrid's own library, over a transport of ours (PRODUCT N5)."""

import base64
import re
import urllib.request
from collections.abc import Iterable
from datetime import datetime
from typing import Any

import python_http_client
from python_http_client.exceptions import HTTPError
from sendgrid import SendGridAPIClient
from sendgrid.helpers.mail import (
    Attachment,
    ClickTracking,
    CustomArg,
    Disposition,
    Email,
    FileContent,
    FileName,
    FileType,
    Mail,
    OpenTracking,
    ReplyTo,
    SubscriptionTracking,
    To,
    TrackingSettings,
)

from services.notification.channels.transport import Answered, ask
from services.notification.channels.way_out import CannotTell, NotSent, Outgoing, wait_of
from services.notification.model.delivery import BROKEN, BUSY, REFUSED
from shared.environment.provider_accounts import SendGrid

MESSAGE_ARGUMENT = "frontdesk_message"
"""The custom argument that brings our id back with each of SendGrid's events."""

_METHOD = re.compile(r"\s*method=[A-Za-z]+")


class SendGridEmail:
    """Sends email from one account."""

    leaves_house = True

    def __init__(self, account: SendGrid) -> None:
        """Send by `account`."""
        self._sender = account.sender
        library = SendGridAPIClient(account.api_key, host=account.url)
        self._post = _Client(host=account.url, request_headers=library.client.request_headers, version=3)

    def send(self, message: Outgoing) -> str | None:
        """Hand the email over and return SendGrid's id of it."""
        try:
            answer = self._post.mail.send.post(request_body=_mail(message, self._sender).get())
        except HTTPError as refused:
            raise _meaning(refused) from None
        id: str | None = answer.headers.get("X-Message-Id")
        return id

    def taken(self, message: Outgoing, since: datetime) -> Iterable[str]:
        """Raise CannotTell: SendGrid keeps no list that every account may ask."""
        raise CannotTell


def _mail(message: Outgoing, sender: str) -> Mail:
    content = message.content
    mail = Mail(
        from_email=Email(sender, content.sender),
        to_emails=To(content.to),
        subject=content.subject,
        plain_text_content=content.text,
        html_content=content.html,
    )
    if content.reply_to:
        mail.reply_to = ReplyTo(content.reply_to, content.sender)
    mail.add_custom_arg(CustomArg(MESSAGE_ARGUMENT, message.id))
    mail.tracking_settings = _no_tracking()
    for attachment in reversed(content.attachments):  # the library puts each in front
        mail.add_attachment(
            Attachment(
                FileContent(base64.b64encode(attachment["content"].encode()).decode()),
                FileName(attachment["name"]),
                FileType(_plain_type(attachment["type"])),
                Disposition("attachment"),
            )
        )
    return mail


def _no_tracking() -> TrackingSettings:
    """Return settings that leave personal links as they are and put no picture of SendGrid's into the email."""
    settings = TrackingSettings()
    settings.click_tracking = ClickTracking(enable=False, enable_text=False)
    settings.open_tracking = OpenTracking(enable=False)
    settings.subscription_tracking = SubscriptionTracking(enable=False)
    return settings


def _plain_type(type: str) -> str:
    """Return a media type as SendGrid takes it: with no parameter but a calendar's `method` (UTF-8 is meant then)."""
    name, *parameters = type.split(";")
    return ";".join([name.strip(), *(f" {each.strip()}" for each in parameters if _METHOD.fullmatch(each))])


def _meaning(refused: HTTPError) -> NotSent:
    detail = f"sendgrid {refused.status_code}"
    if refused.status_code == 429:
        return NotSent(f"{BUSY} {detail}", wait=wait_of(refused.headers.get("Retry-After")))
    if refused.status_code >= 500:
        return NotSent(f"{BROKEN} {detail}")
    return NotSent(f"{REFUSED} {detail}", final=True)


class _Client(python_http_client.Client):  # type: ignore[misc]  # the library's types are not read
    """The library's way to the network."""

    def _build_client(self, name: str | None = None) -> "_Client":
        path = [*self._url_path, name] if name else self._url_path
        return _Client(self.host, self.request_headers, self._version, path)

    def _make_request(self, opener: Any, request: urllib.request.Request, timeout: float | None = None) -> "_Reply":
        answered = ask(request)
        if answered.status >= 300:
            raise HTTPError(answered.status, "", answered.body, answered.headers)
        return _Reply(answered)


class _Reply:
    """An answer in the shape that the library reads."""

    def __init__(self, answered: Answered) -> None:
        self._answered = answered

    def getcode(self) -> int:
        return self._answered.status

    def read(self) -> bytes:
        return self._answered.body

    def info(self) -> Any:
        return self._answered.headers
